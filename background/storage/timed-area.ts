import type { StorageArea } from '../../extension/browser/storage/storage-area.ts';
import type { World } from '../platform/world.ts';

/** Longest wait for a store, in milliseconds. */
export const storageTimeoutMs = 10_000;
/** The wait is counted in so many pieces: a machine that slept has waited for one of them, not for all. */
const pieces = 10;

/**
 * An area whose work always ends: what takes longer than 10 s, sleep not counted, counts as failed. Until it settles after all, everything
 * else fails at once, so that no late write can land over a newer one; then `onSettled` is called.
 */
export function areaWithTimeout(
  area: StorageArea,
  { after }: Pick<World, 'after'>,
  onSettled: () => void = () => undefined,
): StorageArea {
  let stuck = 0;
  const limited = async <T>(begin: () => Promise<T>): Promise<T> => {
    if (stuck > 0) throw new DOMException('an earlier operation has not ended', 'TimeoutError');
    const late = Promise.withResolvers<never>();
    const work = begin();
    const release = whileAwake(after, () => {
      stuck += 1;
      const settle = (): void => {
        stuck -= 1;
        if (stuck === 0) onSettled();
      };
      work.then(settle, settle);
      late.reject(new DOMException('the store does not answer', 'TimeoutError'));
    });
    try {
      return await Promise.race([work, late.promise]);
    } finally {
      release();
    }
  };
  return {
    all: () => limited(() => area.all()),
    read: (key) => limited(() => area.read(key)),
    write: (entries) => limited(() => area.write(entries)),
    remove: (keys) => limited(() => area.remove(keys)),
  };
}

function whileAwake(after: World['after'], act: () => void): () => void {
  let left = pieces;
  const wait = (): (() => void) =>
    after(storageTimeoutMs / pieces, () => {
      left -= 1;
      if (left === 0) act();
      else release = wait();
    });
  let release = wait();
  return () => {
    release();
  };
}
