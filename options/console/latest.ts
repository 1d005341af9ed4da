/**
 * Runs work of which only the latest result counts: while one runs, the newest request waits, and those between are left out.
 * @param work - must not reject
 */
export function latestOnly<Input>(work: (input: Input) => Promise<void>): (input: Input) => void {
  let isRunning = false;
  let waiting: { readonly input: Input } | undefined;
  const run = async (input: Input): Promise<void> => {
    isRunning = true;
    await work(input);
    isRunning = false;
    const next = waiting;
    waiting = undefined;
    if (next !== undefined) await run(next.input);
  };
  return (input) => {
    if (isRunning) waiting = { input };
    else void run(input);
  };
}
