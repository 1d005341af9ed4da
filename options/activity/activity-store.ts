import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { ActivityResult } from '#core/activity/activity-entry.ts';
import { maxEntries } from '#core/activity/activity-ring.ts';
import { grantedSiteId } from '#core/grant/page-grant.ts';
import { toFault, type Fault } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import { createPendingActions, type PendingActions } from '#ui/state/pending-actions.ts';
import type { Send } from '#wire/send.ts';
import type { ActivityEntryView, ActivityView } from '#wire/views.ts';

/** How many further entries are drawn at once. */
const entriesAtOnce = 100;

/** Which entries are shown, besides those of the page of the route. Empty for whatever it is. */
export interface ActivityFilter {
  /** The id of a granted site. */
  readonly site: string;
  readonly result: ActivityResult | '';
}

/** The activity log. All of its entries are held here, 1,000 at most, so that a filter needs no message. */
export interface ActivityStore {
  /** Undefined until the first response. */
  readonly view: ReadonlySignal<ActivityView | undefined>;
  /** Why the log could not be loaded. */
  readonly loadFault: ReadonlySignal<Fault | undefined>;
  /** When the log was loaded last, in epoch milliseconds. */
  readonly loadedAtMs: ReadonlySignal<number>;
  /** Only entries of this page. */
  readonly origin: ReadonlySignal<Origin | undefined>;
  readonly filter: ReadonlySignal<ActivityFilter>;
  /** All entries that match, the latest first. */
  readonly entries: ReadonlySignal<readonly ActivityEntryView[]>;
  /** How many of them are drawn. */
  readonly drawnCount: ReadonlySignal<number>;
  readonly pendingActions: PendingActions;
  /** Called when the view is opened, and for another page. */
  readonly open: (origin: Origin | undefined) => Promise<void>;
  /** Loads the whole log; never rejects. */
  readonly load: () => Promise<void>;
  /** Loads what was recorded since. */
  readonly loadLatest: () => Promise<void>;
  readonly setFilter: (part: Partial<ActivityFilter>) => void;
  readonly drawMore: () => void;
  /** Erases the log. Resolves to whether that succeeded. */
  readonly clear: () => Promise<boolean>;
}

const noFilter: ActivityFilter = { site: '', result: '' };

export function createActivityStore(send: Send, nowMs = Date.now): ActivityStore {
  const { view, loadFault, loadedAtMs, load, loadLatest } = createLoader(send, nowMs);
  const pendingActions = createPendingActions();
  const origin = signal<Origin | undefined>(undefined);
  const filter = signal(noFilter);
  const drawnCount = signal(entriesAtOnce);
  const restart = (): void => {
    drawnCount.value = entriesAtOnce;
  };
  return {
    view,
    loadFault,
    loadedAtMs,
    origin,
    filter,
    entries: computed(() =>
      (view.value?.entries ?? []).filter(
        (entry) =>
          (origin.value === undefined || entry.origin === origin.value) &&
          isMatch(entry, filter.value),
      ),
    ),
    drawnCount,
    pendingActions,
    open: (wanted) => {
      if (wanted !== origin.peek()) restart();
      origin.value = wanted;
      return load();
    },
    load,
    loadLatest,
    setFilter: (part) => {
      filter.value = { ...filter.peek(), ...part };
      restart();
    },
    drawMore: () => {
      drawnCount.value += entriesAtOnce;
    },
    clear: async () => {
      const isCleared = await pendingActions.run('clear', () => send('activity.clear', {}));
      await load();
      return isCleared;
    },
  };
}

function isMatch(entry: ActivityEntryView, { site, result }: ActivityFilter): boolean {
  if (result !== '' && entry.result !== result) return false;
  if (site === '') return true;
  return entry.kind === 'call' && entry.site !== undefined && grantedSiteId(entry.site) === site;
}

type Loaded = Pick<ActivityStore, 'view' | 'loadFault' | 'loadedAtMs' | 'load' | 'loadLatest'>;

/** Requests during a request cause one more after it. */
function createLoader(send: Send, nowMs: () => number): Loaded {
  const view = signal<ActivityView | undefined>(undefined);
  const loadFault = signal<Fault | undefined>(undefined);
  const loadedAtMs = signal(nowMs());
  let wanted: 'all' | 'latest' | undefined;
  let loading: Promise<void> | undefined;
  const all = (): Promise<ActivityView> => send('activity.list', { limit: maxEntries });
  const latest = async (known: ActivityView): Promise<ActivityView> => {
    const part = await send('activity.list', { limit: entriesAtOnce });
    return merged(part, known) ?? all();
  };
  async function run(): Promise<void> {
    while (wanted !== undefined) {
      const known = wanted === 'latest' ? view.peek() : undefined;
      wanted = undefined;
      try {
        const loaded = await (known === undefined ? all() : latest(known));
        loadedAtMs.value = nowMs();
        view.value = withKnown(loaded, view.peek());
        loadFault.value = undefined;
      } catch (thrown) {
        loadFault.value = toFault(thrown);
      }
    }
    loading = undefined;
  }
  const request = (what: 'all' | 'latest'): Promise<void> => {
    wanted = wanted === 'all' ? 'all' : what;
    loading ??= run();
    return loading;
  };
  return {
    view,
    loadFault,
    loadedAtMs,
    load: () => request('all'),
    loadLatest: () => request('latest'),
  };
}

/** What is as it was stays the same object, so that it is not drawn again. */
function withKnown(loaded: ActivityView, known: ActivityView | undefined): ActivityView {
  if (known === undefined) return loaded;
  return {
    ...loaded,
    entries: keptObjects(loaded.entries, known.entries),
    sessions: keptObjects(loaded.sessions, known.sessions),
  };
}

function keptObjects<One extends { readonly id: unknown }>(
  loaded: readonly One[],
  known: readonly One[],
): readonly One[] {
  const byId = new Map(known.map((one) => [one.id, one]));
  return loaded.map((one) => {
    const before = byId.get(one.id);
    return before !== undefined && JSON.stringify(before) === JSON.stringify(one) ? before : one;
  });
}

/** The known entries and the latest ones; undefined when there may be others between them. */
function merged(latest: ActivityView, known: ActivityView): ActivityView | undefined {
  const oldest = latest.entries.at(-1);
  const newest = known.entries[0];
  // Fewer than requested: these are all.
  if (oldest === undefined || latest.entries.length < entriesAtOnce) return latest;
  if (newest === undefined || newest.id < oldest.id) return undefined;
  const earlier = known.entries.filter(({ id }) => id < oldest.id);
  const ids = new Set(latest.sessions.map(({ id }) => id));
  return {
    ...latest,
    entries: [...latest.entries, ...earlier].slice(0, maxEntries),
    sessions: [...latest.sessions, ...known.sessions.filter(({ id }) => !ids.has(id))],
  };
}
