/**
 * Coalesces calls of `work`, which brings something up to date: calls during a run share one further run, which begins
 * when that run ends. The returned promise resolves at the end of a run that began at or after the call. It never rejects.
 */
export function coalesce(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  // A failure, such as an alarm that the browser refuses, is ignored: the next run repeats the work.
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
