/**
 * Runs at most `limit()` pieces of work at the same time; the others wait in the order of the calls. The limit is read
 * again whenever work starts or ends, so that a raised limit applies to work that is waiting.
 */
export function semaphore(limit: () => number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    while (running >= limit()) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
      for (const begin of waiting.splice(0, Math.max(1, limit() - running))) begin();
    }
  };
}
