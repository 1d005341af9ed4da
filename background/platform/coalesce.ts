/**
 * Work that brings something up to date: however often it is asked for while it runs, it runs once more
 * afterwards. What is returned resolves after a run that began later than the call; it never rejects.
 */
export function latest(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  // A failure, as of an alarm that the browser refuses, is mended by the next run.
  const begin = (): Promise<void> => {
    running = work()
      .catch(() => undefined)
      .finally(() => {
        running = undefined;
      });
    return running;
  };
  return () => {
    if (running === undefined) return begin();
    next ??= running.then(() => {
      next = undefined;
      return begin();
    });
    return next;
  };
}
