import { done, openDatabase } from './database.ts';

/** The IndexedDB of the extension's own origin, which no content script can open. */
export interface KeyStore {
  /** The sealing key, made at first use; its bytes cannot be exported by script. */
  sealingKey(): Promise<CryptoKey>;
  /** The lowest revision of a sealed record that is still to be believed; 0 when none was noted. */
  lowestRevision(name: string): Promise<number>;
  /** Notes that records of this name below a revision are outdated. */
  raiseRevision(name: string, revision: number): Promise<void>;
}

const database = { name: 'threelo', keys: 'keys', revisions: 'revisions' } as const;
const sealingKeyId = 'sealing-1';

/** Opens the key store over a factory, `indexedDB` in the browsers. */
export function createKeyStore(factory: IDBFactory, crypto: Crypto): KeyStore {
  let opened: Promise<IDBDatabase> | undefined;
  const open = (): Promise<IDBDatabase> =>
    (opened ??= openDatabase(factory, database.name, [database.keys, database.revisions]).catch(
      (thrown: unknown) => {
        opened = undefined;
        throw thrown;
      },
    ));
  let key: Promise<CryptoKey> | undefined;
  return {
    sealingKey: () =>
      (key ??= open()
        .then((db) => keyOf(db, crypto))
        .catch((thrown: unknown) => {
          key = undefined;
          throw thrown;
        })),
    lowestRevision: async (name) => {
      const db = await open();
      const found: unknown = await done(
        db.transaction(database.revisions).objectStore(database.revisions).get(name),
      );
      return typeof found === 'number' ? found : 0;
    },
    raiseRevision: async (name, revision) => {
      const store = writable(await open(), database.revisions);
      await done(store.put(revision, name));
    },
  };
}

async function keyOf(db: IDBDatabase, crypto: Crypto): Promise<CryptoKey> {
  const stored: unknown = await done(
    db.transaction(database.keys).objectStore(database.keys).get(sealingKeyId),
  );
  if (isSealingKey(stored)) return stored;
  const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
  // What lies there and cannot seal is of no use to anybody.
  if (stored !== undefined) {
    await done(writable(db, database.keys).put(made, sealingKeyId));
    return made;
  }
  // `add` fails when another context was quicker, and then its key is the one.
  try {
    await done(writable(db, database.keys).add(made, sealingKeyId));
    return made;
  } catch {
    const other: unknown = await done(
      db.transaction(database.keys).objectStore(database.keys).get(sealingKeyId),
    );
    if (isSealingKey(other)) return other;
    throw new DOMException('no sealing key', 'NotFoundError');
  }
}

function isSealingKey(value: unknown): value is CryptoKey {
  if (!(value instanceof CryptoKey) || value.algorithm.name !== 'AES-GCM') return false;
  return value.usages.includes('encrypt') && value.usages.includes('decrypt');
}

function writable(db: IDBDatabase, name: string): IDBObjectStore {
  return db.transaction(name, 'readwrite', { durability: 'strict' }).objectStore(name);
}
