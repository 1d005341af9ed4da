import { browser, type Storage } from '../api/browser.ts';

/** A storage area. Each method rejects with the browser's error. */
export interface StorageArea {
  /** The whole area. */
  all(): Promise<Readonly<Record<string, unknown>>>;
  /** The value of a key; undefined when there is none. */
  read(key: string): Promise<unknown>;
  /** Writes all entries or none: both browsers write one `set` in one transaction. */
  write(entries: Readonly<Record<string, unknown>>): Promise<void>;
  remove(keys: readonly string[]): Promise<void>;
}

/** A storage area that can be erased, also when some of its entries cannot be read. */
export interface ErasableArea extends StorageArea {
  erase(): Promise<void>;
}

/** `storage.local`, which is stored on disk. */
export const localArea: ErasableArea = areaOf(browser.storage.local);
/** `storage.session`, which is kept in memory until the browser closes. */
export const sessionArea: ErasableArea = areaOf(browser.storage.session);

/**
 * What the organization's policy sets. Undefined when there is none for certain, which Firefox says; Chromium says the same of no
 * policy and of one that it has not read yet, an empty object.
 */
export async function readManaged(): Promise<Readonly<Record<string, unknown>> | undefined> {
  return browser.storage.managed.get(null).catch(() => undefined);
}

/**
 * Calls the listener when the policy has changed. Firefox reads it only when it starts. The event of this area alone: that of all
 * areas would be sent to the worker for each of its own writes.
 */
export function onManagedChanged(listener: () => void): void {
  browser.storage.managed.onChanged.addListener(() => {
    listener();
  });
}

function areaOf(area: Storage.StorageArea): ErasableArea {
  return {
    all: () => area.get(null),
    read: async (key) => (await area.get(key))[key],
    write: (entries) => area.set({ ...entries }),
    remove: (keys) => area.remove([...keys]),
    erase: () => area.clear(),
  };
}
