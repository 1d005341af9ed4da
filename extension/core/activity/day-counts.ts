import * as v from 'valibot';
import { isGrantee, type Origin } from '../values/origin.ts';
import { activityResults, type ActivityResult } from './activity-entry.ts';

/** For how many days calls are counted, today included. */
export const countedDays = 30;
/** How many origins are counted at most. The one that called least recently is dropped first. */
export const maxCountedOrigins = 1000;

/** How the calls of one origin ended on one day. */
export type DayCount = Readonly<Record<ActivityResult, number>> & {
  readonly origin: Origin;
  /** A day of UTC, `YYYY-MM-DD`. */
  readonly day: string;
};

/** How the calls of one day ended, in the order of {@link activityResults}. */
type Counts = [number, number, number, number];
/** The days of each origin as they are stored: as the number of days since 1970, and what was counted. */
export type CountsOfDays = [Origin, [day: number, counts: Counts][]][];

const dayMs = 86_400_000;
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const OriginSchema = v.tuple([v.custom<Origin>(isGrantee), v.array(v.unknown())]);
const DaySchema = v.tuple([count, v.tuple([count, count, count, count])]);

/** The calls of each origin on each of the last {@link countedDays} days of UTC. */
export interface DayCounts {
  add(origin: Origin, atMs: number, result: ActivityResult): void;
  /**
   * Adds what earlier workers counted: all that they had written, and what had changed after that. Of two counts of one day
   * the higher one is right. What is damaged, or of a day that is to come, is left out.
   */
  restore(written: unknown, changed: unknown, nowMs: number): void;
  /** By origin, the latest day first. */
  list(): DayCount[];
  /** Everything, as it is stored. */
  all(): CountsOfDays;
  /** The days that have changed since {@link markWritten}, as they are stored. */
  changed(): CountsOfDays;
  /** Whether something changed, or was dropped, since {@link markWritten}. */
  isChanged(): boolean;
  /** Everything is about to be written. */
  markWritten(): void;
  /** It could not be written: these days count as changed again. */
  markChanged(days: CountsOfDays): void;
  /** Drops the days that are not counted any more. */
  dropOld(nowMs: number): void;
  clear(): void;
}

export function createDayCounts(): DayCounts {
  const origins = new Map<Origin, Map<number, Counts>>();
  const changedDays = new Map<Origin, Set<number>>();
  let isDropped = false;
  const countsOf = (origin: Origin, day: number): Counts => {
    const days = origins.get(origin) ?? new Map<number, Counts>();
    if (!origins.has(origin)) {
      if (origins.size >= maxCountedOrigins) drop(leastRecent(origins));
      origins.set(origin, days);
    }
    const counts = days.get(day) ?? [0, 0, 0, 0];
    days.set(day, counts);
    return counts;
  };
  const drop = (origin: Origin): void => {
    origins.delete(origin);
    changedDays.delete(origin);
  };
  const markDay = (origin: Origin, day: number): void => {
    changedDays.set(origin, (changedDays.get(origin) ?? new Set<number>()).add(day));
  };
  const markChanged = (stored: CountsOfDays): void => {
    for (const [origin, days] of stored) for (const [day] of days) markDay(origin, day);
  };
  const merge = (stored: CountsOfDays, combine: (one: number, other: number) => number): void => {
    for (const [origin, days] of stored)
      for (const [day, numbers] of days) {
        const counts = countsOf(origin, day);
        for (const [at, number] of numbers.entries()) counts[at] = combine(counts[at] ?? 0, number);
      }
  };
  const all = (): CountsOfDays =>
    [...origins].map(([origin, days]) => [
      origin,
      [...days].map(([day, counts]) => [day, [...counts]]),
    ]);
  return {
    add: (origin, atMs, result) => {
      const day = dayOf(atMs);
      const counts = countsOf(origin, day);
      const at = activityResults.indexOf(result);
      counts[at] = (counts[at] ?? 0) + 1;
      markDay(origin, day);
    },
    restore: (written, changedBefore, nowMs) => {
      const added = all();
      const changedStored = readCounts(changedBefore, nowMs);
      origins.clear();
      merge(readCounts(written, nowMs), Math.max);
      merge(changedStored, Math.max);
      merge(added, (before, number) => before + number);
      markChanged([...changedStored, ...added]);
    },
    list: () => all().flatMap(dayCounts),
    all,
    changed: () => all().flatMap((one) => onlyDays(one, changedDays.get(one[0]))),
    isChanged: () => isDropped || changedDays.size > 0,
    markWritten: () => {
      changedDays.clear();
      isDropped = false;
    },
    markChanged,
    dropOld: (nowMs) => {
      for (const [origin, days] of origins) {
        const old = [...days.keys()].filter((day) => !isCounted(day, nowMs));
        for (const day of old) days.delete(day);
        isDropped ||= old.length > 0;
        if (days.size === 0) drop(origin);
      }
    },
    clear: () => {
      origins.clear();
      changedDays.clear();
      isDropped = false;
    },
  };
}

function onlyDays(
  [origin, days]: CountsOfDays[number],
  wanted: ReadonlySet<number> | undefined,
): CountsOfDays {
  const some = days.filter(([day]) => wanted?.has(day) === true);
  return some.length === 0 ? [] : [[origin, some]];
}

function dayCounts([origin, days]: CountsOfDays[number]): DayCount[] {
  return days
    .sort(([one], [other]) => other - one)
    .map(([day, [ok, failed, refused, aborted]]) => ({
      origin,
      day: new Date(day * dayMs).toISOString().slice(0, 10),
      ok,
      failed,
      refused,
      aborted,
    }));
}

/** Parses stored counts; leaves out what is damaged, and days that are to come. */
function readCounts(raw: unknown, nowMs: number): CountsOfDays {
  if (!Array.isArray(raw)) return [];
  return raw.slice(0, maxCountedOrigins).flatMap((one): CountsOfDays => {
    const parsed = v.safeParse(OriginSchema, one);
    if (!parsed.success) return [];
    const [origin, days] = parsed.output;
    const read = days
      .slice(0, 2 * countedDays)
      .flatMap((day) => {
        const parsedDay = v.safeParse(DaySchema, day);
        return parsedDay.success ? [parsedDay.output] : [];
      })
      .filter(([day]) => day <= dayOf(nowMs));
    return read.length === 0 ? [] : [[origin, read]];
  });
}

/** Days that are to come are counted while the clock is wrong, and dropped when it is right again. */
function isCounted(day: number, nowMs: number): boolean {
  const today = dayOf(nowMs);
  return day > today - countedDays && day <= today;
}

function dayOf(atMs: number): number {
  return Math.floor(atMs / dayMs);
}

/** The origin whose latest day is the earliest. */
function leastRecent(origins: ReadonlyMap<Origin, ReadonlyMap<number, Counts>>): Origin {
  const latest = [...origins].map(([origin, days]) => ({ origin, day: Math.max(...days.keys()) }));
  return latest.reduce((least, one) => (one.day < least.day ? one : least)).origin;
}
