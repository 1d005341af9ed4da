import { readEntries, type ActivityEntry } from '#core/activity/activity-entry.ts';
import { chunkCount } from '#core/activity/activity-ring.ts';
import type { CountsOfDays } from '#core/activity/day-counts.ts';
import { keys } from '#storage/schema.ts';
import type { World } from '../platform/world.ts';

/** The counts that `storage.local` does not have yet, and when it got the others. */
export interface ChangedCounts {
  readonly changed: CountsOfDays;
  readonly writtenAtMs: number;
}

/** The log in the storage areas. Each method rejects with the error of the storage. */
export interface ActivityStore {
  /** The entries by chunk, without those that are damaged. */
  readEntries(): Promise<readonly (readonly ActivityEntry[])[]>;
  /** The counts, unchecked. */
  readCounts(): Promise<{
    readonly written: unknown;
    readonly changed: unknown;
    readonly writtenAtMs: number;
  }>;
  /** Writes to `storage.session`. */
  writeBatch(
    chunks: readonly { readonly chunk: number; readonly entries: readonly ActivityEntry[] }[],
    counts: ChangedCounts,
  ): Promise<void>;
  /** Writes all counts to `storage.local`. */
  writeCounts(counts: CountsOfDays): Promise<void>;
  erase(): Promise<void>;
}

const chunks = Array.from({ length: chunkCount }, (_, chunk) => keys.activity(chunk));

export function createActivityStore({
  session,
  local,
}: Pick<World, 'session' | 'local'>): ActivityStore {
  return {
    readEntries: async () =>
      (await Promise.all(chunks.map((key) => session.read(key)))).map(readEntries),
    readCounts: async () => {
      const [written, found] = await Promise.all([
        local.read(keys.activityDays),
        session.read(keys.activityCounts),
      ]);
      const { changed, writtenAtMs } = partsOf(found);
      return {
        written,
        changed,
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
    writeCounts: (counts) =>
      counts.length === 0
        ? local.remove([keys.activityDays])
        : local.write({ [keys.activityDays]: counts }),
    erase: async () => {
      await Promise.all([
        session.remove([...chunks, keys.activityCounts]),
        local.remove([keys.activityDays]),
      ]);
    },
  };
}

function partsOf(found: unknown): { readonly changed?: unknown; readonly writtenAtMs?: unknown } {
  return typeof found === 'object' && found !== null ? found : {};
}
