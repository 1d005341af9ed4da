import type { NewEntry } from '#core/activity/activity-entry.ts';
import { createDayCounts, type DayCount } from '#core/activity/day-counts.ts';
import type { Origin } from '#core/values/origin.ts';
import type { World } from '../platform/world.ts';
import type { ActivityStore, ChangedCounts } from './activity-store.ts';

/** The counts of days, in memory and in the storage. Its methods run one after another. */
export interface StoredCounts {
  /** Counts a call. At any time. */
  count(entry: Pick<NewEntry, 'origin' | 'atMs' | 'result'>): void;
  /** Adds what earlier workers counted, once. */
  load(): Promise<void>;
  /** Of one origin, or of all. */
  list(origin: Origin | undefined): DayCount[];
  /** What is not in `storage.local` yet. */
  changed(): ChangedCounts;
  isChanged(): boolean;
  /** Writes to `storage.local`, unless it was written less than a minute ago or has everything. */
  writeIfDue(): Promise<void>;
  dropOld(): void;
  /** They are erased from the storage. */
  clear(): void;
}

/** How often the counts are written at most, in milliseconds. */
const writeEveryMs = 60_000;

export function createStoredCounts(
  store: ActivityStore,
  { nowMs }: Pick<World, 'nowMs'>,
): StoredCounts {
  const days = createDayCounts();
  let isLoaded = false;
  let writtenAtMs = 0;
  const changed = (): ChangedCounts => ({ changed: days.changed(), writtenAtMs });
  const write = async (): Promise<void> => {
    // Not tried again earlier when it fails, e.g. because the disk is full.
    writtenAtMs = nowMs();
    const changedBefore = days.changed();
    days.markWritten();
    try {
      await store.writeCounts(days.all());
    } catch (thrown) {
      days.markChanged(changedBefore);
      throw thrown;
    }
    await store.writeBatch([], changed());
  };
  return {
    count: ({ origin, atMs, result }) => {
      days.add(origin, atMs, result);
    },
    load: async () => {
      if (isLoaded) return;
      const read = await store.readCounts();
      days.restore(read.written, read.changed, nowMs());
      ({ writtenAtMs } = read);
      isLoaded = true;
    },
    list: (origin) => days.list().filter((one) => origin === undefined || one.origin === origin),
    changed,
    isChanged: days.isChanged,
    writeIfDue: async () => {
      const sinceMs = nowMs() - writtenAtMs;
      // Less than 0: the clock was set back.
      if (days.isChanged() && (sinceMs >= writeEveryMs || sinceMs < 0)) await write();
    },
    dropOld: () => {
      days.dropOld(nowMs());
    },
    clear: () => {
      days.clear();
      writtenAtMs = 0;
      isLoaded = true;
    },
  };
}
