import type {
  ActivityEntry,
  ActivityResult,
  CallEntry,
  NewEntry,
} from '#core/activity/activity-entry.ts';
import { createActivityRing } from '#core/activity/activity-ring.ts';
import type { DayCount } from '#core/activity/day-counts.ts';
import { grantedSiteId } from '#core/grant/page-grant.ts';
import { storageFailed } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import { serialQueue } from '../platform/serial-queue.ts';
import type { World } from '../platform/world.ts';
import { createActivityStore } from './activity-store.ts';
import { createPageUses, isOfKnown, type KnownParties, type PageUses } from './page-uses.ts';
import { createStoredCounts } from './stored-counts.ts';

/** Which entries are listed. Without a member: whatever it is. */
export interface WantedActivity {
  readonly limit?: number | undefined;
  /** Only those that were recorded before the one with this id. */
  readonly before?: number | undefined;
  readonly origin?: Origin | undefined;
  /** The site, as `<product>:<cloudId>:<sessionId>`; a prefix of it with whole parts, too. */
  readonly siteId?: string | undefined;
  readonly result?: ActivityResult | undefined;
}

/** What pages and other extensions did: the latest entries of this browser session, and counts of 30 days. */
export interface ActivityLog {
  /** Records something, unless the log is off. It is stored and announced a second later, and lost if the worker ends before. */
  record(entry: NewEntry): void;
  /** The entries, the latest first, and the counts; nothing when the log is off. @throws BrokerError `storage_failed` */
  list(wanted: WantedActivity): Promise<{
    readonly entries: readonly ActivityEntry[];
    readonly days: readonly DayCount[];
  }>;
  /** Erases everything. @throws BrokerError `storage_failed` */
  clear(): Promise<void>;
  /** When and how often pages called, as far as it is loaded. */
  readonly uses: PageUses;
  /** Loads what earlier workers counted; as any method does that needs it. */
  load(): Promise<void>;
  /** A session or a grant has ended: its uses are forgotten with the next write, a second later. */
  partyEnded(): void;
  /** Drops counts that are too old, and writes those that are not written; erases what is left when the log is off. */
  upkeep(): Promise<void>;
}

/** From the first entry that is not stored to the next write and announcement, in milliseconds. */
const batchMs = 1000;
/** How many entries are listed unless the command names a number. */
const defaultLimit = 100;

interface Dependencies {
  readonly known: KnownParties;
  readonly isOn: () => boolean;
  readonly world: Pick<World, 'session' | 'local' | 'after' | 'nowMs' | 'notifyExtensionPages'>;
}

export function createActivityLog({ isOn, known, world }: Dependencies): ActivityLog {
  const ring = createActivityRing();
  const store = createActivityStore(world);
  const counts = createStoredCounts(store, (key) => isOfKnown(key, known), world);
  const enqueue = serialQueue();
  let isLoaded = false;
  let isBatchDue = false;
  const load = async (): Promise<void> => {
    await counts.load();
    if (isLoaded) return;
    ring.restore(await store.readEntries());
    isLoaded = true;
  };
  const writeBatch = async (): Promise<void> => {
    // Before the first write: else it would replace the entries of an earlier worker.
    await load();
    counts.dropOld();
    const chunks = ring.takeChanged();
    // What was to be written has been erased.
    if (chunks.length === 0 && !counts.isChanged()) return;
    try {
      await store.writeBatch(chunks, counts.changed());
    } catch (thrown) {
      ring.markChanged(chunks.map(({ chunk }) => chunk));
      throw thrown;
    }
    await counts.writeIfDue();
  };
  const erase = async (): Promise<void> => {
    ring.clear();
    counts.clear();
    isLoaded = true;
    await store.erase();
  };
  const planBatch = (): void => {
    if (isBatchDue) return;
    isBatchDue = true;
    world.after(batchMs, () => {
      isBatchDue = false;
      world.notifyExtensionPages('activity.changed');
      // What could not be written is written with the next batch.
      enqueue(() => (isOn() ? writeBatch() : Promise.resolve())).catch(() => undefined);
    });
  };
  return {
    record: (entry) => {
      if (!isOn()) return;
      ring.add(entry);
      if (entry.kind === 'call') counts.count({ ...entry, siteId: sentTo(entry) });
      planBatch();
    },
    list: (wanted) =>
      enqueue(async () => {
        if (!isOn()) return { entries: [], days: [] };
        await load();
        counts.dropOld();
        const { limit = defaultLimit, origin } = wanted;
        const entries = ring.list().filter(isWanted(wanted)).slice(0, limit);
        return { entries, days: counts.list(origin) };
      }).catch(storageFailed),
    clear: () => enqueue(erase).catch(storageFailed),
    uses: createPageUses(isOn, counts),
    load: () =>
      enqueue(async () => {
        if (!isOn()) return;
        await counts.load();
        // A worker that ended before it wrote left what it had to drop.
        if (counts.dropOld()) planBatch();
      }),
    partyEnded: () => {
      if (isOn()) planBatch();
    },
    upkeep: () =>
      enqueue(async () => {
        if (!isOn()) {
          await erase();
          return;
        }
        await counts.load();
        counts.dropOld();
        await counts.writeIfDue();
      }),
  };
}

function isWanted({ before, origin, siteId, result }: WantedActivity) {
  return (entry: ActivityEntry): boolean =>
    (before === undefined || entry.id < before) &&
    (origin === undefined || entry.origin === origin) &&
    (result === undefined || entry.result === result) &&
    (siteId === undefined || isAtSite(entry, siteId));
}

/** The id of the granted site that a call was sent to; undefined when it was not sent. */
function sentTo({ site, result }: Pick<CallEntry, 'site' | 'result'>): string | undefined {
  return site === undefined || result === 'refused' ? undefined : grantedSiteId(site);
}

function isAtSite(entry: ActivityEntry, siteId: string): boolean {
  if (entry.kind !== 'call' || entry.site === undefined) return false;
  return `${grantedSiteId(entry.site)}:`.startsWith(`${siteId}:`);
}
