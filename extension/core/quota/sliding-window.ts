import type { Origin } from '../values/origin.ts';

/** A limit of how often something happens within any period of this length. */
export interface WindowLimit {
  readonly most: number;
  readonly periodMs: number;
}

/** Counts what happened within the last period, by origin. */
export interface SlidingWindow {
  /** @param nowMs - not before that of an earlier call, unless the clock was set back */
  add(nowMs: number, origin: Origin): void;
  /** How many happened within the period before; of one origin, or in all. */
  count(nowMs: number, origin?: Origin): number;
  /** When the oldest of them is no longer within the period; undefined when there is none. */
  nextMs(nowMs: number): number | undefined;
}

/** Entries that are no longer within the period are removed together when there are more than this. */
const maxOld = 256;

export function slidingWindow({ periodMs }: Pick<WindowLimit, 'periodMs'>): SlidingWindow {
  let entries: { readonly atMs: number; readonly origin: Origin }[] = [];
  let first = 0;
  const counts = new Map<Origin, number>();
  const prune = (nowMs: number): void => {
    // After the clock was set back, times in the future would count for too long.
    const isAhead = (entries.at(-1)?.atMs ?? nowMs) > nowMs;
    for (let entry = entries[first]; entry !== undefined; entry = entries[first]) {
      if (!isAhead && entry.atMs > nowMs - periodMs) break;
      const left = (counts.get(entry.origin) ?? 0) - 1;
      if (left > 0) counts.set(entry.origin, left);
      else counts.delete(entry.origin);
      first += 1;
    }
    if (first <= maxOld && first < entries.length) return;
    entries = entries.slice(first);
    first = 0;
  };
  return {
    add: (atMs, origin) => {
      prune(atMs);
      entries.push({ atMs, origin });
      counts.set(origin, (counts.get(origin) ?? 0) + 1);
    },
    count: (nowMs, origin) => {
      prune(nowMs);
      return origin === undefined ? entries.length - first : (counts.get(origin) ?? 0);
    },
    nextMs: (nowMs) => {
      prune(nowMs);
      const oldest = entries[first];
      return oldest && oldest.atMs + periodMs;
    },
  };
}
