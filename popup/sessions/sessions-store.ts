import { effect, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { SessionId } from '#core/session/session.ts';
import { toFault, type Fault } from '#core/values/fault.ts';
import type { FlowActions } from '#ui/state/flow-actions.ts';
import type { PendingActions } from '#ui/state/pending-actions.ts';
import type { Listed, PopupView, SessionDetails, SiteRow } from '#wire/list-views.ts';
import type { Send } from '#wire/send.ts';
import { createSessionRows, type SessionRows } from './session-rows.ts';

/** The sections that open and close. */
export type SectionName = 'needs-person' | 'recent' | 'all' | 'sign-in';

/** So many sites of an open session are listed: what is below them stays near. */
const mostSites = 8;

/** More sessions that need the person than this are folded. */
const mostOpenNeeding = 3;

/** What is open when the person has opened or closed nothing. */
export function isOpenAtFirst(section: SectionName, view: PopupView): boolean {
  if (section === 'needs-person') return view.needsPerson.count <= mostOpenNeeding;
  return section === 'recent';
}

/** What an open row shows: the details of its session, or with them the question whether to sign out. */
export type OpenRow = 'details' | 'sign-out';

type Sections = Readonly<Partial<Record<SectionName, boolean>>>;

/** What is kept of the lists while the popup is closed. */
interface KeptLists {
  readonly filter: string;
  readonly sections: Sections;
  readonly keptAtMs: number;
}

/** Where that is kept. */
export interface ListPorts {
  readonly read: () => Promise<unknown>;
  readonly keep: (lists: KeptLists) => Promise<void>;
  readonly nowMs: () => number;
}

/** How long what is searched for is kept, in milliseconds. */
const filterLifetimeMs = 10 * 60_000;

/** State and actions of the lists of sessions. */
export interface SessionsStore {
  /** What is searched for. */
  readonly filter: Signal<string>;
  /** The sessions that match it; lists nothing while the filter is empty. */
  readonly found: SessionRows;
  /** All sessions, while that section is open. */
  readonly all: SessionRows;
  /** The sections that the person opened or closed. */
  readonly sections: ReadonlySignal<Sections>;
  readonly toggle: (section: SectionName, isOpen: boolean) => void;
  /** What the rows that the person opened show, by the id of the row: a reply can move a session to another list. */
  readonly rows: ReadonlySignal<ReadonlyMap<string, OpenRow>>;
  /** @param shown - undefined closes the row */
  readonly setRow: (rowId: string, shown: OpenRow | undefined) => void;
  /** Goes on with what an earlier popup showed, and keeps it from now on. */
  readonly resume: () => Promise<void>;
  /** Reads the lists that are shown again. */
  readonly reload: () => void;
  /** Some sites of a session; those of the tab first. */
  readonly sitesOf: (id: SessionId) => Promise<Listed<SiteRow>>;
  /** The connected pages that use a session. */
  readonly pagesOf: (id: SessionId) => Promise<SessionDetails['pages']>;
  /** Why the last action on a session failed; shown where it was pressed. */
  readonly failed: ReadonlySignal<{ readonly id: SessionId; readonly fault: Fault } | undefined>;
  readonly refreshSites: (id: SessionId) => Promise<void>;
  readonly signOut: (id: SessionId) => Promise<void>;
}

/** What the views of sessions need beside their own store. */
export interface SessionsPorts extends Pick<FlowActions, 'signIn'> {
  readonly view: ReadonlySignal<PopupView | undefined>;
  /** The page in front: its host says which sites are of the tab. */
  readonly page: ReadonlySignal<{ readonly host?: string }>;
  readonly pendingActions: Pick<PendingActions, 'running'>;
  readonly sessions: SessionsStore;
  readonly openOptions: (route?: string) => Promise<void>;
}

export function createSessionsStore(
  send: Send,
  { runAndReload }: Pick<PendingActions, 'runAndReload'>,
  lists: ListPorts,
  host: () => string | undefined,
): SessionsStore {
  const filter = signal('');
  const found = createSessionRows(send, 'last-use');
  const all = createSessionRows(send, 'account');
  const sections = signal<Sections>({});
  const rows = signal<ReadonlyMap<string, OpenRow>>(new Map());
  const failed = signal<{ readonly id: SessionId; readonly fault: Fault } | undefined>(undefined);
  const act = (name: string, id: SessionId, work: () => Promise<unknown>): Promise<void> =>
    runAndReload(`${name} ${id}`, async () => {
      failed.value = undefined;
      await work().catch((thrown: unknown) => {
        failed.value = { id, fault: toFault(thrown) };
      });
    });
  effect(() => {
    const words = filter.value.trim();
    if (words === '') found.clear();
    else found.list(words);
  });
  effect(() => {
    if (sections.value.all === true) all.list('');
    else all.clear();
  });
  return {
    filter,
    found,
    all,
    sections,
    toggle: (section, isOpen) => {
      sections.value = { ...sections.value, [section]: isOpen };
    },
    rows,
    setRow: (rowId, shown) => {
      const others = [...rows.value].filter(([id]) => id !== rowId);
      rows.value = new Map(shown === undefined ? others : [...others, [rowId, shown]]);
    },
    resume: async () => {
      // Written by this version of the popup alone: an update of the extension empties the storage.
      const kept = (await lists.read().catch(() => undefined)) as KeptLists | undefined;
      if (kept !== undefined) {
        const age = lists.nowMs() - kept.keptAtMs;
        sections.value = kept.sections;
        if (age >= 0 && age <= filterLifetimeMs) filter.value = kept.filter;
      }
      keepChanges(filter, sections, lists);
    },
    reload: () => {
      found.reload();
      all.reload();
    },
    sitesOf: (sessionId) => {
      const ofTab = host();
      return send('site.find', {
        filter: '',
        offset: 0,
        limit: mostSites,
        sessionId,
        ...(ofTab === undefined ? {} : { host: ofTab }),
      });
    },
    pagesOf: async (id) => (await send('session.details', { id })).pages,
    failed,
    refreshSites: (id) => act('refresh', id, () => send('session.refresh-sites', { id })),
    signOut: (id) => act('sign-out', id, () => send('session.sign-out', { id })),
  };
}

/** Keeps each change from now on. */
function keepChanges(
  filter: ReadonlySignal<string>,
  sections: ReadonlySignal<Sections>,
  { keep, nowMs }: ListPorts,
): void {
  let isFirst = true;
  effect(() => {
    const kept = { filter: filter.value, sections: sections.value, keptAtMs: nowMs() };
    if (isFirst) isFirst = false;
    else keep(kept).catch(() => undefined); // Only convenience is lost.
  });
}
