/**
 * Runs work as soon as fewer than `most()` others of the same semaphore run, in order of asking. When `most()`
 * has grown, as many as have room begin as soon as one ends.
 */
export function semaphore(most: () => number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    while (running >= most()) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
      for (const begin of waiting.splice(0, Math.max(1, most() - running))) begin();
    }
  };
}
