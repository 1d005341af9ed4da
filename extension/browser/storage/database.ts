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

/** Resolves when a transaction is on disk. */
export function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => {
      resolve();
    };
    transaction.onabort = () => {
      reject(transaction.error ?? new DOMException('aborted', 'AbortError'));
    };
  });
}
