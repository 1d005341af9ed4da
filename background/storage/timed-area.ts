import type { StorageArea } from '#browser/storage/storage-area.ts';
import type { World } from '../platform/world.ts';

/** Longest wait for one storage operation, in milliseconds. */
export const storageTimeoutMs = 10_000;
/** The timeout consists of this many timers, so that a suspended machine misses one of them at most. */
const timerCount = 10;

/**
 * A storage area with a timeout: an operation fails after 10 s, not counting the time for which the machine is suspended.
 * Until that operation settles, all others fail at once, so that it cannot overwrite a newer write. Then `onSettled` is called.
 */
export function areaWithTimeout(
  area: StorageArea,
  { after }: Pick<World, 'after'>,
  onSettled: () => void = () => undefined,
): StorageArea {
  let unsettled = 0;
  const limited = async <T>(begin: () => Promise<T>): Promise<T> => {
    if (unsettled > 0)
      throw new DOMException('an earlier operation has not settled', 'TimeoutError');
    const operation = begin();
    return settledInTime(operation, after, () => {
      unsettled += 1;
      const settle = (): void => {
        unsettled -= 1;
        if (unsettled === 0) onSettled();
      };
      operation.then(settle, settle);
    });
  };
  return {
    all: () => limited(() => area.all()),
    read: (key) => limited(() => area.read(key)),
    write: (entries) => limited(() => area.write(entries)),
    remove: (keys) => limited(() => area.remove(keys)),
  };
}

/** Settles as the operation does, or rejects with a `TimeoutError` after 10 s, not counting the time for which the machine is suspended. */
export async function settledInTime<T>(
  operation: Promise<T>,
  after: World['after'],
  onTimeout: () => void = () => undefined,
): Promise<T> {
  const timeout = Promise.withResolvers<never>();
  const release = startTimeout(after, () => {
    onTimeout();
    timeout.reject(new DOMException('the storage operation timed out', 'TimeoutError'));
  });
  try {
    return await Promise.race([operation, timeout.promise]);
  } finally {
    release();
  }
}

function startTimeout(after: World['after'], onTimeout: () => void): () => void {
  let left = timerCount;
  const startTimer = (): (() => void) =>
    after(storageTimeoutMs / timerCount, () => {
      left -= 1;
      if (left === 0) onTimeout();
      else release = startTimer();
    });
  let release = startTimer();
  return () => {
    release();
  };
}
