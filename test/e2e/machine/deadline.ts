/** How long any single awaited condition may take unless the caller says otherwise. */
export const DEFAULT_DEADLINE_MS = 15_000;

/** Thrown when an awaited condition did not come true in time; the message names the condition. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/** Settles as `promise` does, or rejects after `deadlineMs` (`Infinity` for never) with a message that says what was awaited. */
export function withDeadline<T>(
  promise: Promise<T>,
  awaited: string,
  deadlineMs = DEFAULT_DEADLINE_MS,
): Promise<T> {
  if (!Number.isFinite(deadlineMs)) return promise;
  const settled = raceDeadline(promise, awaited, deadlineMs);
  // A test that begins to wait, and fails before it awaits the result, has failed once: this is no second error outside of it.
  settled.catch(() => undefined);
  return settled;
}

async function raceDeadline<T>(
  promise: Promise<T>,
  awaited: string,
  deadlineMs: number,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new DeadlineError(`waited ${deadlineMs} ms for ${awaited}`)),
      deadlineMs,
    );
  });
  try {
    return await Promise.race([promise, expired]);
  } finally {
    clearTimeout(timer);
  }
}

const LOOK_INTERVAL_MS = 50;

/** Looks again and again until `look` yields something; only for what no event reports. */
export async function pollUntil<T>(
  look: () => Promise<T | undefined>,
  awaited: string,
  deadlineMs = DEFAULT_DEADLINE_MS,
): Promise<T> {
  const endsAtMs = Date.now() + deadlineMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() >= endsAtMs) throw new DeadlineError(`waited ${deadlineMs} ms for ${awaited}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_INTERVAL_MS));
  }
}
