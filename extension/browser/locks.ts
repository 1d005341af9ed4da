/** Runs work while holding a lock that all contexts of the extension share; released when its context ends. */
export type Lock = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** The Web Lock of that name. */
export const webLock: Lock = (name, work) => navigator.locks.request(name, work);
