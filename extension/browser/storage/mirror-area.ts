import { change, databaseOpener, done, entriesOf } from './database.ts';
import type { ErasableArea } from './storage-area.ts';

/**
 * The second copy of `storage.local`, in an IndexedDB of the extension's origin. Content scripts cannot open it, its
 * writes are on disk before they resolve, and it fails independently of `storage.local`.
 */
export function createMirrorArea(factory: IDBFactory): ErasableArea {
  const entries = 'entries';
  const open = databaseOpener(() => Promise.resolve(factory), 'threelo-mirror', [entries]);
  const changeEntries = async (act: (store: IDBObjectStore) => void): Promise<void> =>
    change(await open(), [entries], (transaction) => {
      act(transaction.objectStore(entries));
    });
  return {
    all: async () => {
      const found = await entriesOf((await open()).transaction(entries).objectStore(entries));
      return Object.fromEntries(
        found.filter((entry): entry is [string, unknown] => typeof entry[0] === 'string'),
      );
    },
    read: async (key) => {
      const store = (await open()).transaction(entries).objectStore(entries);
      const found: unknown = await done(store.get(key));
      return found;
    },
    write: (items) =>
      changeEntries((store) => {
        for (const [key, value] of Object.entries(items)) store.put(value, key);
      }),
    remove: (keys) =>
      changeEntries((store) => {
        for (const key of keys) store.delete(key);
      }),
    erase: () =>
      changeEntries((store) => {
        store.clear();
      }),
  };
}
