import type { Chance } from '../chance.ts';
import type { TestWorld } from '../test-world.ts';
import type { StandinClock } from '../../standin/facts/clock.ts';

/** Time that stands while there is anything to do without it, and then goes on to the next timer. */
export interface SimulatedTime {
  nowMs(): number;
  /** How long a request to the API takes, in milliseconds; at first 0. Half of it passes before the server has it. */
  latencyMs: () => number;
  /** Lets so much time pass. */
  pass(ms: number): Promise<void>;
  /** Lets time pass until the work ends. @throws Error when it has not ended after `limitMs` */
  until<T>(work: Promise<T>, limitMs?: number): Promise<T>;
  /** Resolves when so much time has passed, for what pages do. */
  sleep(ms: number): Promise<void>;
  /** Gives a world this time, before a background starts over it. @returns what ends this background for good */
  join(world: TestWorld, options?: { readonly chance?: Chance }): () => void;
}

interface Timer {
  readonly atMs: number;
  readonly act: () => void;
}

/** Moves the clock of the stand-in. */
export function simulateTime(clock: StandinClock): SimulatedTime {
  const timers = createTimers();
  let busy = 0;
  const counted = async <T>(work: Promise<T>): Promise<T> => {
    busy += 1;
    return work.finally(() => (busy -= 1));
  };
  /** Resolves when nothing can happen before time passes. */
  const quiet = async (): Promise<void> => {
    do await nextTurn();
    while (busy > 0);
    await nextTurn();
  };
  const after = (ms: number, act: () => void): (() => void) =>
    timers.add({ atMs: clock.nowMs() + Math.max(0, ms), act });
  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      after(ms, resolve);
    });
  /** Goes on to the next timer; false when there is none until then. */
  const step = (untilMs: number): boolean => {
    const next = timers.takeUntil(untilMs);
    if (next === undefined) return false;
    clock.advance(Math.max(0, next.atMs - clock.nowMs()));
    next.act();
    return true;
  };
  const time: SimulatedTime = {
    nowMs: () => clock.nowMs(),
    latencyMs: () => 0,
    sleep,
    pass: async (ms) => {
      const endMs = clock.nowMs() + ms;
      do await quiet();
      while (step(endMs));
      clock.advance(endMs - clock.nowMs());
      await quiet();
    },
    until: async (work, limitMs = 600_000) => {
      const endMs = clock.nowMs() + limitMs;
      const state = { isEnded: false };
      const end = (): void => {
        state.isEnded = true;
      };
      work.then(end, end);
      await quiet();
      while (!state.isEnded) {
        if (!step(endMs)) throw new Error(`The work has not ended after ${String(limitMs)} ms`);
        await quiet();
      }
      return work;
    },
    join: (world, { chance } = {}) => {
      let isOver = false;
      const { fetch } = world;
      const alive = (act: () => void): (() => void) => {
        return () => {
          if (!isOver) act();
        };
      };
      const travel = (ms: number, signal?: AbortSignal | null): Promise<void> =>
        new Promise((resolve, reject) => {
          signal?.addEventListener('abort', () => {
            reject(signal.reason as Error);
          });
          signal?.throwIfAborted();
          if (ms > 0) after(ms, alive(resolve));
          else if (!isOver) resolve();
        });
      Object.assign(world, {
        crypto: countedCrypto(world.crypto, counted, chance),
        after: (ms: number, act: () => void) => after(ms, alive(act)),
        pause: (ms: number) => new Promise<void>((resolve) => after(ms, alive(resolve))),
        fetch: async (input: string, init: RequestInit) => {
          const ms = input.includes('/ex/') ? time.latencyMs() / 2 : 0;
          await travel(ms, init.signal);
          const response = await fetch(input, init);
          await travel(ms, init.signal);
          return response;
        },
      });
      return () => (isOver = true);
    },
  };
  return time;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The platform's cryptography, whose threads are waited for; with a chance, its random values are always the same. */
function countedCrypto(
  platform: Crypto,
  counted: <T>(work: Promise<T>) => Promise<T>,
  chance?: Chance,
): Crypto {
  const { subtle } = platform;
  return {
    subtle: new Proxy(subtle, {
      get: (_, name: keyof SubtleCrypto) => {
        const act = subtle[name] as (...values: unknown[]) => Promise<unknown>;
        return (...values: unknown[]) => counted(act.apply(subtle, values));
      },
    }),
    getRandomValues: (array) => {
      platform.getRandomValues(array);
      if (chance !== undefined && array instanceof Uint32Array)
        for (let at = 0; at < array.length; at += 1) array[at] = chance.below(2 ** 32);
      return array;
    },
    randomUUID: () => platform.randomUUID(),
  };
}

/** Timers in the order of their times, and of their making. */
function createTimers() {
  const lists = new Map<number, Set<Timer>>();
  const times: number[] = [];
  return {
    add: (timer: Timer): (() => void) => {
      const { atMs } = timer;
      const list = lists.get(atMs) ?? new Set();
      if (!lists.has(atMs)) {
        lists.set(atMs, list);
        const place = times.findLastIndex((other) => other < atMs) + 1;
        times.splice(place, 0, atMs);
      }
      list.add(timer);
      return () => void list.delete(timer);
    },
    /** Removes and returns the next one, unless it is later than that. */
    takeUntil: (untilMs: number): Timer | undefined => {
      for (let atMs = times[0]; atMs !== undefined && atMs <= untilMs; atMs = times[0]) {
        const [next] = lists.get(atMs) ?? [];
        if (next !== undefined) {
          lists.get(atMs)?.delete(next);
          return next;
        }
        lists.delete(atMs);
        times.shift();
      }
      return undefined;
    },
  };
}
