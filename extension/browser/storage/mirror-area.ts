import { completed, databaseOpener, done } from './database.ts';
import type { ErasableArea } from './storage-area.ts';

/**
 * The second copy of `storage.local`, in an IndexedDB of the extension's origin. Content scripts cannot open it, its
 * writes are on disk before they resolve, and it fails independently of `storage.local` and of the key store.
 */
export function createMirrorArea(factory: () => Promise<IDBFactory>): ErasableArea {
  const entries = 'entries';
  const open = databaseOpener(factory, 'threelo-mirror', [entries]);
  const change = async (act: (store: IDBObjectStore) => void): Promise<void> => {
    const transaction = (await open()).transaction(entries, 'readwrite', { durability: 'strict' });
    const end = completed(transaction);
    try {
      act(transaction.objectStore(entries));
    } catch (thrown) {
      // Without this, the requests before the error would be committed.
      end.catch(() => undefined);
      transaction.abort();
      throw thrown;
    }
    await end;
  };
  return {
    all: async () => {
      const store = (await open()).transaction(entries).objectStore(entries);
      const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
      const named = keys.map((key, at) => [key, values[at]] as [unknown, unknown]);
      return Object.fromEntries(
        named.filter((entry): entry is [string, unknown] => typeof entry[0] === 'string'),
      );
    },
    read: async (key) => {
      const store = (await open()).transaction(entries).objectStore(entries);
      const found: unknown = await done(store.get(key));
      return found;
    },
    write: (items) =>
      change((store) => {
        for (const [key, value] of Object.entries(items)) store.put(value, key);
      }),
    remove: (keys) =>
      change((store) => {
        for (const key of keys) store.delete(key);
      }),
    erase: () =>
      change((store) => {
        store.clear();
      }),
  };
}
