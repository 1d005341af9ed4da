// Taken when the module loads, so that a test's fake timers do not stop the server.
const realNowMs = Date.now.bind(Date);
const realSetTimeout = setTimeout;

/** The stand-in's own clock: real time, or a moment that stands still, plus an offset that tests move. */
export interface StandinClock {
  /** Epoch milliseconds by this clock. */
  nowMs(): number;
  /** Moves the clock forward (or back, when negative). */
  advance(ms: number): void;
}

/** A clock that starts at the real time and runs with it, or stands unless it is moved. */
export function startClock(isStanding = false): StandinClock {
  const startMs = realNowMs();
  let offsetMs = 0;
  return {
    nowMs: () => (isStanding ? startMs : realNowMs()) + offsetMs,
    advance: (ms) => {
      offsetMs += ms;
    },
  };
}

/** Waits real milliseconds, also while a test has replaced the global timers. */
export function waitRealMs(ms: number): Promise<void> {
  return new Promise((resolve) => realSetTimeout(resolve, ms));
}
