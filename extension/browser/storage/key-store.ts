import {
  createKeyDatabases,
  encryptionKeyId,
  isEncryptionKey,
  stores,
  type KeyDatabases,
} from './key-databases.ts';

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

/** Prefix of the ids of RSA keys. */
const rsa = 'rsa-';

/** The key store over a factory, `indexedDB` in the browsers, and over that of its copy. */
export function createKeyStore(
  factory: IDBFactory,
  copyFactory: () => Promise<IDBFactory>,
  crypto: Crypto,
): KeyStore {
  const databases = createKeyDatabases(factory, copyFactory, crypto);
  let key: Promise<CryptoKey> | undefined;
  return {
    encryptionKey: () =>
      (key ??= readOrCreateKey(databases, crypto).then(
        (found) => {
          databases.keepCopy(found);
          return found;
        },
        (thrown: unknown) => {
          key = undefined;
          throw thrown;
        },
      )),
    privateKey: async (id) => {
      const found = await databases.read(stores.keys, `${rsa}${id}`);
      return isSigningKey(found) ? found : undefined;
    },
    savePrivateKey: (id, privateKey) =>
      databases.change((transaction) => {
        transaction.objectStore(stores.keys).put(privateKey, `${rsa}${id}`);
      }),
    deleteOtherPrivateKeys: async (ids) => {
      const kept = new Set<IDBValidKey>(ids.map((id) => `${rsa}${id}`));
      const others = (await databases.keysOf(stores.keys)).filter(
        (one) => typeof one === 'string' && one.startsWith(rsa) && !kept.has(one),
      );
      if (others.length === 0) return;
      await databases.change((transaction) => {
        for (const one of others) transaction.objectStore(stores.keys).delete(one);
      });
    },
    lowestRevision: async (name) => {
      const found = await databases.read(stores.revisions, name);
      return typeof found === 'number' ? found : 0;
    },
    raiseRevision: (name, revision) =>
      databases.change((transaction) => {
        transaction.objectStore(stores.revisions).put(revision, name);
      }),
    erase: async () => {
      await databases.erase();
      key = undefined;
    },
  };
}

async function readOrCreateKey(databases: KeyDatabases, crypto: Crypto): Promise<CryptoKey> {
  const stored = await databases.read(stores.keys, encryptionKeyId);
  if (isEncryptionKey(stored)) return stored;
  const created = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
  const save = (how: 'add' | 'put'): Promise<void> =>
    databases.change((transaction) => {
      transaction.objectStore(stores.keys)[how](created, encryptionKeyId);
    });
  // A stored value that is not an AES-GCM key is replaced.
  if (stored !== undefined) {
    await save('put');
    return created;
  }
  // `add` fails when another context has stored a key meanwhile. Then that key is used.
  try {
    await save('add');
    return created;
  } catch {
    const other = await databases.read(stores.keys, encryptionKeyId);
    if (isEncryptionKey(other)) return other;
    throw new DOMException('no encryption key', 'NotFoundError');
  }
}

function isSigningKey(value: unknown): value is CryptoKey {
  if (!(value instanceof CryptoKey) || value.algorithm.name !== 'RSASSA-PKCS1-v1_5') return false;
  return value.usages.includes('sign');
}
