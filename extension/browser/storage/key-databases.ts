import { change, databaseOpener, done, entriesOf } from './database.ts';

/** The object stores of the database and of its copy. */
export const stores = { keys: 'keys', revisions: 'revisions' } as const;
const names = Object.values(stores);
/** The id of the key that encrypts secrets. */
export const encryptionKeyId = 'sealing-1';

/**
 * The database of the key store, and a copy of it that the browser stores apart, because without the encryption key every session
 * and every connection is lost. A browser deletes a database that is damaged, or cannot open it. See ADR 35.
 */
export interface KeyDatabases {
  /**
   * Reads an entry. A database without an encryption key is restored from its copy first; when it cannot be opened, the copy is
   * read.
   */
  read(store: string, key: string): Promise<unknown>;
  /** The keys of all entries of a store. */
  keysOf(store: string): Promise<IDBValidKey[]>;
  /** Makes all changes or none. The copy follows, and is not waited for: it may not answer. */
  change(act: (transaction: IDBTransaction) => void): Promise<void>;
  /** Makes the copy anew, unless it has this encryption key and everything else. It is not waited for. */
  keepCopy(key: CryptoKey): void;
  /** Deletes everything, first in the copy. */
  erase(): Promise<void>;
}

type Open = () => Promise<IDBDatabase>;

/** The databases over the factory of each. */
export function createKeyDatabases(
  factory: IDBFactory,
  copyFactory: () => Promise<IDBFactory>,
  crypto: Crypto,
): KeyDatabases {
  const open = databaseOpener(() => Promise.resolve(factory), 'threelo', names);
  const openCopy = databaseOpener(copyFactory, 'threelo-keys', names);
  let readable: Promise<Open> | undefined;
  const openReadable = async (): Promise<IDBDatabase> => {
    readable ??= findReadable(open, openCopy).catch((thrown: unknown) => {
      readable = undefined;
      throw thrown;
    });
    return (await readable)();
  };
  /** Settles when nothing is written to the copy any more. Never rejects. */
  let copying: Promise<unknown> = Promise.resolve();
  const inCopy = (act: (copy: IDBDatabase) => Promise<void>): Promise<void> => {
    const end = copying.then(openCopy).then(act);
    copying = end.catch(() => undefined);
    return end;
  };
  return {
    read: async (store, key) => entryIn(await openReadable(), store, key),
    keysOf: async (store) =>
      done((await openReadable()).transaction(store).objectStore(store).getAllKeys()),
    change: async (act) => {
      await change(await open(), names, act);
      inCopy((copy) => change(copy, names, act)).catch(() => undefined);
    },
    keepCopy: (key) => {
      inCopy(async (copy) => {
        const database = await open();
        const copied = await entryIn(copy, stores.keys, encryptionKeyId);
        const isSame = isEncryptionKey(copied) && (await isSameKey(key, copied, crypto));
        if (isSame && (await contents(database)) === (await contents(copy))) return;
        await copyAll(database, copy);
      }).catch(() => undefined);
    },
    // As one step, so that no copy is made in between.
    erase: () =>
      inCopy(async (copy) => {
        await clear(copy);
        await clear(await open());
      }),
  };
}

/** The database; its copy when the database cannot be opened and the copy has a key. */
async function findReadable(open: Open, openCopy: Open): Promise<Open> {
  const hasKey = async (one: Open): Promise<boolean> =>
    isEncryptionKey(await entryIn(await one(), stores.keys, encryptionKeyId));
  const copyHasKey = (): Promise<boolean> => hasKey(openCopy).catch(() => false);
  try {
    if (await hasKey(open)) return open;
  } catch (thrown) {
    if (await copyHasKey()) return openCopy;
    throw thrown;
  }
  if (await copyHasKey()) await copyAll(await openCopy(), await open());
  return open;
}

async function allOf(database: IDBDatabase) {
  const transaction = database.transaction(names);
  return Promise.all(
    names.map(async (name) => [name, await entriesOf(transaction.objectStore(name))] as const),
  );
}

/** The ids of all keys, and all revisions, as a text. */
async function contents(database: IDBDatabase): Promise<string> {
  return JSON.stringify(await allOf(database));
}

async function copyAll(from: IDBDatabase, to: IDBDatabase): Promise<void> {
  const found = await allOf(from);
  await change(to, names, (transaction) => {
    for (const [name, entries] of found) {
      const store = transaction.objectStore(name);
      store.clear();
      for (const [key, value] of entries) store.put(value, key);
    }
  });
}

function clear(database: IDBDatabase): Promise<void> {
  return change(database, names, (transaction) => {
    for (const name of names) transaction.objectStore(name).clear();
  });
}

function entryIn(database: IDBDatabase, store: string, key: string): Promise<unknown> {
  return done(database.transaction(store).objectStore(store).get(key));
}

/** Whether it is a key that the key store generates; any other value counts as none. */
export function isEncryptionKey(value: unknown): value is CryptoKey {
  if (!(value instanceof CryptoKey) || value.algorithm.name !== 'AES-GCM') return false;
  return value.usages.includes('encrypt') && value.usages.includes('decrypt');
}

/** Whether one key decrypts what the other one encrypts: their bytes cannot be compared. */
async function isSameKey(one: CryptoKey, other: CryptoKey, crypto: Crypto): Promise<boolean> {
  const parameters = { name: 'AES-GCM', iv: crypto.getRandomValues(new Uint8Array(12)) };
  const ciphertext = await crypto.subtle.encrypt(parameters, one, new Uint8Array());
  return crypto.subtle.decrypt(parameters, other, ciphertext).then(
    () => true,
    () => false,
  );
}
