/**
 * A function that opens an IndexedDB database with object stores that have out-of-line keys and no indexes. The database is
 * opened at the first call, and again after a call that failed and after the browser has closed it, for example because of a
 * disk error.
 */
export function databaseOpener(
  factory: () => Promise<IDBFactory>,
  name: string,
  stores: readonly string[],
): () => Promise<IDBDatabase> {
  let opened: Promise<IDBDatabase> | undefined;
  const forget = (): void => {
    opened = undefined;
  };
  return () =>
    (opened ??= factory()
      .then((found) => openDatabase(found, name, stores))
      .then(
        (database) => {
          database.onclose = forget;
          return database;
        },
        (thrown: unknown) => {
          forget();
          throw thrown;
        },
      ));
}

function openDatabase(
  factory: IDBFactory,
  name: string,
  stores: readonly string[],
): Promise<IDBDatabase> {
  const request = factory.open(name, 1);
  request.onupgradeneeded = () => {
    for (const store of stores) request.result.createObjectStore(store);
  };
  return done(request);
}

/** An IndexedDB request as a promise. */
export function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(request.error ?? new DOMException('unknown', 'UnknownError'));
    };
  });
}

/** The entries of an object store; keys and values are of the same moment. */
export async function entriesOf(
  store: IDBObjectStore,
): Promise<(readonly [IDBValidKey, unknown])[]> {
  const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
  return keys.map((key, at) => [key, values[at]] as const);
}

/** Makes all changes of a function to some object stores, or none. They are on disk before the promise resolves. */
export async function change(
  database: IDBDatabase,
  stores: readonly string[],
  act: (transaction: IDBTransaction) => void,
): Promise<void> {
  const transaction = database.transaction(stores, 'readwrite', { durability: 'strict' });
  const end = completed(transaction);
  try {
    act(transaction);
  } catch (thrown) {
    // Without this, the requests before the error would be committed.
    end.catch(() => undefined);
    transaction.abort();
    throw thrown;
  }
  await end;
}

function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => {
      resolve();
    };
    transaction.onabort = () => {
      reject(transaction.error ?? new DOMException('aborted', 'AbortError'));
    };
  });
}
