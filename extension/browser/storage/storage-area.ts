import browser, { type Storage } from 'webextension-polyfill';

/** One storage area as the background sees it; tests put a map in its place. */
export interface StorageArea {
  /** The whole area. */
  all(): Promise<Readonly<Record<string, unknown>>>;
  /** One entry, undefined when there is none. */
  read(key: string): Promise<unknown>;
  /** All entries or none: both browsers write one `set` in one transaction. */
  write(entries: Readonly<Record<string, unknown>>): Promise<void>;
  remove(keys: readonly string[]): Promise<void>;
}

/** The area on disk. */
export const localArea: StorageArea = areaOf(browser.storage.local);
/** The area that ends with the browser and never reaches a disk. */
export const sessionArea: StorageArea = areaOf(browser.storage.session);

function areaOf(area: Storage.StorageArea): StorageArea {
  return {
    all: () => area.get(null),
    read: async (key) => (await area.get(key))[key],
    write: (entries) => area.set({ ...entries }),
    remove: (keys) => area.remove([...keys]),
  };
}
