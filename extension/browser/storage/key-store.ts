import { done, openDatabase } from './database.ts';

/** The IndexedDB of the extension's own origin, which no content script can open. */
export interface KeyStore {
  /** The sealing key, made at first use; its bytes cannot be exported by script. */
  sealingKey(): Promise<CryptoKey>;
  /** An RSA key of an OAuth 1.0a consumer; its bytes cannot be exported by script either. */
  privateKey(id: string): Promise<CryptoKey | undefined>;
  keepPrivateKey(id: string, key: CryptoKey): Promise<void>;
  /** Deletes the RSA keys of all other ids. */
  keepOnlyPrivateKeys(ids: readonly string[]): Promise<void>;
  /** The lowest revision of a sealed record that is still to be believed; 0 when none was noted. */
  lowestRevision(name: string): Promise<number>;
  /** Notes that records of this name below a revision are outdated. */
  raiseRevision(name: string, revision: number): Promise<void>;
}

const database = { name: 'threelo', keys: 'keys', revisions: 'revisions' } as const;
const sealingKeyId = 'sealing-1';
/** Prefix of the ids of RSA keys. */
const rsa = 'rsa-';

/** Opens the key store over a factory, `indexedDB` in the browsers. */
export function createKeyStore(factory: IDBFactory, crypto: Crypto): KeyStore {
  let opened: Promise<IDBDatabase> | undefined;
  const forget = (): void => {
    opened = undefined;
  };
  const open = (): Promise<IDBDatabase> =>
    (opened ??= openDatabase(factory, database.name, [database.keys, database.revisions]).then(
      (db) => {
        // The browser may close it by itself, as after an error of the disk.
        db.onclose = forget;
        return db;
      },
      (thrown: unknown) => {
        forget();
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
    ...privateKeys(open),
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

function privateKeys(
  open: () => Promise<IDBDatabase>,
): Pick<KeyStore, 'privateKey' | 'keepPrivateKey' | 'keepOnlyPrivateKeys'> {
  return {
    privateKey: async (id) => {
      const db = await open();
      const found: unknown = await done(
        db.transaction(database.keys).objectStore(database.keys).get(`${rsa}${id}`),
      );
      return isSigningKey(found) ? found : undefined;
    },
    keepPrivateKey: async (id, key) => {
      await done(writable(await open(), database.keys).put(key, `${rsa}${id}`));
    },
    keepOnlyPrivateKeys: async (ids) => {
      const store = writable(await open(), database.keys);
      const kept = new Set(ids.map((id) => `${rsa}${id}`));
      for (const key of await done(store.getAllKeys())) {
        if (typeof key !== 'string' || !key.startsWith(rsa) || kept.has(key)) continue;
        await done(store.delete(key));
      }
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

function isSigningKey(value: unknown): value is CryptoKey {
  if (!(value instanceof CryptoKey) || value.algorithm.name !== 'RSASSA-PKCS1-v1_5') return false;
  return value.usages.includes('sign');
}

function writable(db: IDBDatabase, name: string): IDBObjectStore {
  return db.transaction(name, 'readwrite', { durability: 'strict' }).objectStore(name);
}
