import type { ActivityResult } from '#core/activity/activity-entry.ts';
import { createDayCounts, type DayCount } from '#core/activity/day-counts.ts';
import { createLastUses, type LastUses } from '#core/activity/last-uses.ts';
import type { Origin } from '#core/values/origin.ts';
import type { World } from '../platform/world.ts';
import type { ActivityStore, ChangedCounts } from './activity-store.ts';

/** The counts of days and the last uses, in memory and in the storage. Its methods run one after another. */
export interface StoredCounts {
  /** Counts a call. At any time. */
  count(call: CountedCall): void;
  /** Adds what earlier workers counted, once. */
  load(): Promise<void>;
  /** Of one origin, or of all. */
  list(origin: Origin | undefined): DayCount[];
  /** By the ids of granted sites and by origins. */
  readonly uses: Pick<LastUses, 'get' | 'entries'>;
  /** What is not in `storage.local` yet. */
  changed(): ChangedCounts;
  isChanged(): boolean;
  /**
   * Writes to `storage.local`, unless it has everything, or was written less than a minute ago, names nothing that has ended and is not
   * damaged.
   */
  writeIfDue(): Promise<void>;
  /**
   * Drops the days that are not counted any more, and the uses of what is not known any more. Returns whether such a use, or a
   * damaged one, is to be removed from `storage.local`.
   */
  dropOld(): boolean;
  /** They are erased from the storage. */
  clear(): void;
}

/** A call that has ended. */
export interface CountedCall {
  readonly origin: Origin;
  readonly atMs: number;
  readonly result: ActivityResult;
  /** The id of the granted site that it was sent to; absent when it was not sent. */
  readonly siteId?: string | undefined;
}

/** How often the counts are written at most, in milliseconds. */
const writeEveryMs = 60_000;

export function createStoredCounts(
  store: ActivityStore,
  isKnown: (key: string) => boolean,
  { nowMs }: Pick<World, 'nowMs'>,
): StoredCounts {
  const days = createDayCounts();
  const uses = createLastUses();
  let isLoaded = false;
  let writtenAtMs = 0;
  /** What was written names a session or an origin that has ended, or is damaged. */
  let isOutdated = false;
  const changed = (): ChangedCounts => ({
    changed: days.changed(),
    uses: uses.changed(),
    writtenAtMs,
  });
  const isChanged = (): boolean => days.isChanged() || uses.isChanged();
  const write = async (): Promise<void> => {
    // Not tried again earlier when it fails, e.g. because the disk is full.
    writtenAtMs = nowMs();
    const before = changed();
    days.markWritten();
    uses.markWritten();
    try {
      await store.writeCounts(days.all(), uses.all());
      isOutdated = false;
    } catch (thrown) {
      days.markChanged(before.changed);
      uses.markChanged(before.uses);
      throw thrown;
    }
    await store.writeBatch([], changed());
  };
  return {
    count: ({ origin, atMs, result, siteId }) => {
      days.add(origin, atMs, result);
      if (siteId === undefined) return;
      uses.add(siteId, atMs);
      uses.add(origin, atMs);
    },
    load: async () => {
      if (isLoaded) return;
      const read = await store.readCounts();
      days.restore(read.written.days, read.changed.days, nowMs());
      // What is damaged may name anything, e.g. the id of a session that has ended.
      isOutdated = uses.restore(read.written.uses, read.changed.uses, nowMs()) || isOutdated;
      ({ writtenAtMs } = read);
      isLoaded = true;
    },
    list: (origin) => days.list().filter((one) => origin === undefined || one.origin === origin),
    uses,
    changed,
    isChanged,
    writeIfDue: async () => {
      const sinceMs = nowMs() - writtenAtMs;
      // Less than 0: the clock was set back.
      const isDue = isOutdated || sinceMs >= writeEveryMs || sinceMs < 0;
      if (isChanged() && isDue) await write();
    },
    dropOld: () => {
      days.dropOld(nowMs());
      isOutdated = uses.drop((key) => !isKnown(key)) || isOutdated;
      return isOutdated;
    },
    clear: () => {
      days.clear();
      uses.clear();
      writtenAtMs = 0;
      isLoaded = true;
    },
  };
}
