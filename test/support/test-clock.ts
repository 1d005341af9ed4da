import type { World } from '../../background/platform/world.ts';

/** A clock whose timers go off when the test lets time pass. */
export interface TestClock extends Pick<World, 'nowMs' | 'after'> {
  /** Lets time pass; between two timers, everything that has been waiting for a promise goes on. */
  readonly pass: (ms: number) => Promise<void>;
  /** Lets time pass at once. */
  readonly elapse: (ms: number) => void;
  readonly setBack: (ms: number) => void;
  readonly timers: ReadonlySet<{ readonly atMs: number; readonly act: () => void }>;
}

export function testClock(startMs = Date.UTC(2026, 10, 26, 10, 20)): TestClock {
  let now = startMs;
  const timers = new Set<{ atMs: number; act: () => void }>();
  /** Lets time pass until the next timer, which goes off, or until the end. */
  const step = (endMs: number): boolean => {
    const [next] = [...timers].sort((one, other) => one.atMs - other.atMs);
    if (next === undefined || next.atMs > endMs) {
      now = endMs;
      return false;
    }
    timers.delete(next);
    now = Math.max(now, next.atMs);
    next.act();
    return true;
  };
  return {
    nowMs: () => now,
    after: (ms, act) => {
      const timer = { atMs: now + ms, act };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    elapse: (ms) => {
      const endMs = now + ms;
      while (step(endMs));
    },
    pass: async (ms) => {
      const endMs = now + ms;
      await settled();
      while (step(endMs)) await settled();
      await settled();
    },
    setBack: (ms) => (now -= ms),
    timers,
  };
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
