import { readEntries, type ActivityEntry } from '#core/activity/activity-entry.ts';
import { chunkCount } from '#core/activity/activity-ring.ts';
import type { CountsOfDays } from '#core/activity/day-counts.ts';
import type { StoredUses } from '#core/activity/last-uses.ts';
import { keys } from '#storage/schema.ts';
import type { World } from '../platform/world.ts';

/** The counts and the last uses that `storage.local` does not have yet, and when it got the others. */
export interface ChangedCounts {
  readonly changed: CountsOfDays;
  readonly uses: StoredUses;
  readonly writtenAtMs: number;
}

/** The log in the storage areas. Each method rejects with the error of the storage. */
export interface ActivityStore {
  /** The entries by chunk, without those that are damaged. */
  readEntries(): Promise<readonly (readonly ActivityEntry[])[]>;
  /** The counts and the last uses, unchecked. */
  readCounts(): Promise<{
    readonly written: UncheckedCounts;
    readonly changed: UncheckedCounts;
    readonly writtenAtMs: number;
  }>;
  /** Writes to `storage.session`. */
  writeBatch(
    chunks: readonly { readonly chunk: number; readonly entries: readonly ActivityEntry[] }[],
    counts: ChangedCounts,
  ): Promise<void>;
  /** Writes all counts and last uses to `storage.local`. */
  writeCounts(counts: CountsOfDays, uses: StoredUses): Promise<void>;
  erase(): Promise<void>;
}

interface UncheckedCounts {
  readonly days: unknown;
  readonly uses: unknown;
}

const chunks = Array.from({ length: chunkCount }, (_, chunk) => keys.activity(chunk));
const inLocal = [keys.activityDays, keys.activityUses];

export function createActivityStore({
  session,
  local,
}: Pick<World, 'session' | 'local'>): ActivityStore {
  return {
    readEntries: async () =>
      (await Promise.all(chunks.map((key) => session.read(key)))).map(readEntries),
    readCounts: async () => {
      const [days, uses, found] = await Promise.all([
        local.read(keys.activityDays),
        local.read(keys.activityUses),
        session.read(keys.activityCounts),
      ]);
      const { changed, uses: changedUses, writtenAtMs } = partsOf(found);
      return {
        written: { days, uses },
        changed: { days: changed, uses: changedUses },
        writtenAtMs: typeof writtenAtMs === 'number' ? writtenAtMs : 0,
      };
    },
    writeBatch: (changedChunks, counts) => {
      const batch = changedChunks.map(({ chunk, entries }): [string, unknown] => [
        keys.activity(chunk),
        entries,
      ]);
      return session.write({ ...Object.fromEntries(batch), [keys.activityCounts]: counts });
    },
    writeCounts: (counts, uses) =>
      counts.length + uses.length === 0
        ? local.remove(inLocal)
        : local.write({ [keys.activityDays]: counts, [keys.activityUses]: uses }),
    erase: async () => {
      await Promise.all([session.remove([...chunks, keys.activityCounts]), local.remove(inLocal)]);
    },
  };
}

function partsOf(
  found: unknown,
): Readonly<Partial<Record<'changed' | 'uses' | 'writtenAtMs', unknown>>> {
  return typeof found === 'object' && found !== null ? found : {};
}
