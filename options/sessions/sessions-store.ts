import { signal, type ReadonlySignal } from '@preact/signals';
import type { SessionId } from '#core/session/session.ts';
import { toFault, type Fault } from '#core/values/fault.ts';
import { createPendingActions, type PendingActions } from '#ui/state/pending-actions.ts';
import type { RequestOf } from '#wire/commands.ts';
import {
  maxRows,
  type Listed,
  type SessionDetails,
  type SessionRow,
  type SiteRow,
} from '#wire/list-views.ts';
import type { Send } from '#wire/send.ts';

/** Which sessions are listed. */
export type WantedSessions = Omit<RequestOf<'session.find'>, 'limit'>;

/** The sessions, and the one that is open. */
export interface SessionsStore {
  readonly wanted: ReadonlySignal<WantedSessions>;
  /** Undefined until the first response. */
  readonly list: ReadonlySignal<Listed<SessionRow> | undefined>;
  /** Why the last request failed. */
  readonly loadFault: ReadonlySignal<Fault | undefined>;
  readonly openId: ReadonlySignal<SessionId | undefined>;
  /** Of the open session; undefined until they are loaded, and when it does not exist. */
  readonly details: ReadonlySignal<SessionDetails | undefined>;
  /** Whether the open session does not exist. */
  readonly isGone: ReadonlySignal<boolean>;
  /** The sites of the open session that match `siteFilter`. */
  readonly sites: ReadonlySignal<Listed<SiteRow> | undefined>;
  readonly siteFilter: ReadonlySignal<string>;
  /** What is asked or typed for the open session. */
  readonly asking: ReadonlySignal<'sign-out' | 'label' | undefined>;
  readonly pendingActions: PendingActions;
  /** Called when the view is opened, and for another session. */
  readonly open: (id: SessionId | undefined) => Promise<void>;
  /** Loads what is shown; never rejects. */
  readonly load: () => Promise<void>;
  /** Lists other sessions, from the first one unless `part` has an offset. */
  readonly find: (part: Partial<WantedSessions>) => Promise<void>;
  /** Lists only the sessions that need the person, or all. */
  readonly findNeedingPerson: (isOnly: boolean) => Promise<void>;
  readonly findSites: (filter: string) => Promise<void>;
  readonly ask: (what: 'sign-out' | 'label' | undefined) => void;
  readonly refreshSites: (id: SessionId) => Promise<boolean>;
  /** Each resolves to whether it succeeded. */
  readonly signOut: (id: SessionId) => Promise<boolean>;
  readonly rename: (id: SessionId, label: string) => Promise<boolean>;
}

export function createSessionsStore(send: Send): SessionsStore {
  const wanted = signal<WantedSessions>({ filter: '', offset: 0, order: 'last-use' });
  const loadFault = signal<Fault | undefined>(undefined);
  const openId = signal<SessionId | undefined>(undefined);
  const asking = signal<'sign-out' | 'label' | undefined>(undefined);
  const pendingActions = createPendingActions();
  const report = (fault: Fault | undefined): void => {
    loadFault.value = fault;
  };
  const { list, loadList } = createList(send, wanted, report);
  const opened = createOpened(send, openId, report);
  const load = async (): Promise<void> => {
    await Promise.all([loadList(), opened.loadDetails(), opened.loadSites()]);
  };
  const act = async (name: string, work: () => Promise<unknown>): Promise<boolean> => {
    const isDone = await pendingActions.run(name, work);
    if (isDone) asking.value = undefined;
    await load();
    return isDone;
  };
  return {
    wanted,
    list,
    loadFault,
    openId,
    details: opened.details,
    isGone: opened.isGone,
    sites: opened.sites,
    siteFilter: opened.siteFilter,
    asking,
    pendingActions,
    open: async (id) => {
      if (id !== openId.peek()) {
        opened.clear();
        asking.value = undefined;
        openId.value = id;
      }
      await load();
    },
    load,
    find: (part) => {
      wanted.value = { ...wanted.peek(), offset: 0, ...part };
      return loadList();
    },
    findNeedingPerson: (isOnly) => {
      const { only: _only, ...others } = wanted.peek();
      wanted.value = { ...others, offset: 0, ...(isOnly ? { only: 'needs-person' } : {}) };
      return loadList();
    },
    findSites: (filter) => {
      opened.siteFilter.value = filter;
      return opened.loadSites();
    },
    ask: (what) => {
      asking.value = what;
    },
    refreshSites: (id) => act('refresh-sites', () => send('session.refresh-sites', { id })),
    signOut: (id) => act('sign-out', () => send('session.sign-out', { id })),
    rename: (id, label) => act('rename', () => send('session.rename', { id, label })),
  };
}

type Report = (fault: Fault | undefined) => void;

/** Only the response to the last request counts. */
function latest(report: Report): (work: () => Promise<() => void>) => Promise<void> {
  let last = 0;
  return async (work) => {
    last += 1;
    const own = last;
    try {
      const show = await work();
      if (own !== last) return;
      show();
      report(undefined);
    } catch (thrown) {
      if (own === last) report(toFault(thrown));
    }
  };
}

function createList(send: Send, wanted: ReadonlySignal<WantedSessions>, report: Report) {
  const list = signal<Listed<SessionRow> | undefined>(undefined);
  const inOrder = latest(report);
  const loadList = (): Promise<void> =>
    inOrder(async () => {
      const found = await send('session.find', { ...wanted.peek(), limit: maxRows });
      return () => {
        list.value = found;
      };
    });
  return { list, loadList };
}

function createOpened(send: Send, openId: ReadonlySignal<SessionId | undefined>, report: Report) {
  const details = signal<SessionDetails | undefined>(undefined);
  const isGone = signal(false);
  const sites = signal<Listed<SiteRow> | undefined>(undefined);
  const siteFilter = signal('');
  const inOrder = latest(report);
  const sitesInOrder = latest(report);
  return {
    details,
    isGone,
    sites,
    siteFilter,
    clear: () => {
      details.value = undefined;
      isGone.value = false;
      sites.value = undefined;
      siteFilter.value = '';
    },
    loadDetails: (): Promise<void> =>
      inOrder(async () => {
        const id = openId.peek();
        const found = id === undefined ? undefined : await orGone(send('session.details', { id }));
        return () => {
          details.value = found;
          isGone.value = id !== undefined && found === undefined;
        };
      }),
    loadSites: (): Promise<void> =>
      sitesInOrder(async () => {
        const sessionId = openId.peek();
        const part = { filter: siteFilter.peek(), offset: 0, limit: maxRows };
        const found =
          sessionId === undefined ? undefined : await send('site.find', { ...part, sessionId });
        return () => {
          sites.value = found;
        };
      }),
  };
}

async function orGone<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (thrown) {
    if (toFault(thrown).code === 'not_found') return undefined;
    throw thrown;
  }
}
