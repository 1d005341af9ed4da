import { completed, databaseOpener, done } from './database.ts';

/** Keys in the IndexedDB of the extension's origin, which content scripts cannot open. */
export interface KeyStore {
  /** The key that encrypts secrets, generated at first use. Not extractable. */
  encryptionKey(): Promise<CryptoKey>;
  /** An RSA key of an OAuth 1.0a consumer; undefined when there is none. Not extractable. */
  privateKey(id: string): Promise<CryptoKey | undefined>;
  savePrivateKey(id: string, key: CryptoKey): Promise<void>;
  /** Deletes the RSA keys of all other ids. */
  deleteOtherPrivateKeys(ids: readonly string[]): Promise<void>;
  /** The lowest accepted revision of an encrypted record; 0 when none was recorded. */
  lowestRevision(name: string): Promise<number>;
  /** Records that revisions of this record below `revision` are not accepted any more. */
  raiseRevision(name: string, revision: number): Promise<void>;
  /** Deletes all keys and revisions, or none. */
  erase(): Promise<void>;
}

const database = { name: 'threelo', keys: 'keys', revisions: 'revisions' } as const;
const encryptionKeyId = 'sealing-1';
/** Prefix of the ids of RSA keys. */
const rsa = 'rsa-';

/** Opens the key store over a factory, `indexedDB` in the browsers. */
export function createKeyStore(factory: IDBFactory, crypto: Crypto): KeyStore {
  const stores = [database.keys, database.revisions];
  const open = databaseOpener(() => Promise.resolve(factory), database.name, stores);
  let key: Promise<CryptoKey> | undefined;
  return {
    encryptionKey: () =>
      (key ??= open()
        .then((db) => readOrCreateKey(db, crypto))
        .catch((thrown: unknown) => {
          key = undefined;
          throw thrown;
        })),
    ...privateKeys(open),
    lowestRevision: async (name) => {
      const found = await read(await open(), database.revisions, name);
      return typeof found === 'number' ? found : 0;
    },
    raiseRevision: async (name, revision) => {
      const store = writable(await open(), database.revisions);
      await done(store.put(revision, name));
    },
    erase: async () => {
      const transaction = (await open()).transaction(stores, 'readwrite', { durability: 'strict' });
      await Promise.all(stores.map((name) => done(transaction.objectStore(name).clear())));
      await completed(transaction);
      key = undefined;
    },
  };
}

function privateKeys(
  open: () => Promise<IDBDatabase>,
): Pick<KeyStore, 'privateKey' | 'savePrivateKey' | 'deleteOtherPrivateKeys'> {
  return {
    privateKey: async (id) => {
      const found = await read(await open(), database.keys, `${rsa}${id}`);
      return isSigningKey(found) ? found : undefined;
    },
    savePrivateKey: async (id, key) => {
      await done(writable(await open(), database.keys).put(key, `${rsa}${id}`));
    },
    deleteOtherPrivateKeys: async (ids) => {
      const store = writable(await open(), database.keys);
      const kept = new Set(ids.map((id) => `${rsa}${id}`));
      for (const key of await done(store.getAllKeys())) {
        if (typeof key !== 'string' || !key.startsWith(rsa) || kept.has(key)) continue;
        await done(store.delete(key));
      }
    },
  };
}

async function readOrCreateKey(db: IDBDatabase, crypto: Crypto): Promise<CryptoKey> {
  const stored = await read(db, database.keys, encryptionKeyId);
  if (isEncryptionKey(stored)) return stored;
  const created = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
  // A stored value that is not an AES-GCM key is replaced.
  if (stored !== undefined) {
    await done(writable(db, database.keys).put(created, encryptionKeyId));
    return created;
  }
  // `add` fails when another context has stored a key meanwhile. Then that key is used.
  try {
    await done(writable(db, database.keys).add(created, encryptionKeyId));
    return created;
  } catch {
    const other = await read(db, database.keys, encryptionKeyId);
    if (isEncryptionKey(other)) return other;
    throw new DOMException('no encryption key', 'NotFoundError');
  }
}

function isEncryptionKey(value: unknown): value is CryptoKey {
  if (!(value instanceof CryptoKey) || value.algorithm.name !== 'AES-GCM') return false;
  return value.usages.includes('encrypt') && value.usages.includes('decrypt');
}

function isSigningKey(value: unknown): value is CryptoKey {
  if (!(value instanceof CryptoKey) || value.algorithm.name !== 'RSASSA-PKCS1-v1_5') return false;
  return value.usages.includes('sign');
}

function read(db: IDBDatabase, name: string, key: string): Promise<unknown> {
  return done(db.transaction(name).objectStore(name).get(key));
}

function writable(db: IDBDatabase, name: string): IDBObjectStore {
  return db.transaction(name, 'readwrite', { durability: 'strict' }).objectStore(name);
}
