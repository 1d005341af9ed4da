import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { ActivePage } from '#browser/pages/active-page.ts';
import { isUsable, type SessionId } from '#core/session/session.ts';
import type { SiteKey } from '#core/session/site.ts';
import { createBannerActions, type BannerActions } from '#ui/state/banner-actions.ts';
import { createFlowActions, type FlowActions, type SignInPorts } from '#ui/state/flow-actions.ts';
import { createGrantActions, type GrantActions } from '#ui/state/grant-actions.ts';
import { createOverviewStore, type OverviewStore } from '#ui/state/overview-store.ts';
import { createPendingActions, type PendingActions } from '#ui/state/pending-actions.ts';
import type { DenialView, GrantView, SessionView } from '#wire/views.ts';
import { createConnectStore, type ConnectPorts, type ConnectStore } from './connect-store.ts';
import { filteredSessions } from './session-filter.ts';

/** Dependencies of the popup. */
export interface PopupPorts extends ConnectPorts, SignInPorts {
  readonly activePage: () => Promise<ActivePage>;
  readonly openOptions: (route?: string) => Promise<void>;
}

/** State and actions of the popup. */
export interface PopupStore extends OverviewStore, FlowActions, BannerActions, GrantActions {
  readonly pendingActions: PendingActions;
  readonly connection: ConnectStore;
  readonly page: ReadonlySignal<ActivePage>;
  readonly filter: Signal<string>;
  /** The sessions as they are listed: sorted and filtered. */
  readonly sessions: ReadonlySignal<readonly SessionView[]>;
  /** The grant of the page in the active tab. */
  readonly grant: ReadonlySignal<GrantView | undefined>;
  /** The questions of that page that the person denied. */
  readonly denials: ReadonlySignal<readonly DenialView[]>;
  readonly canConnect: ReadonlySignal<boolean>;
  readonly open: () => Promise<void>;
  readonly chooseSite: (id: SessionId, site: SiteKey) => Promise<void>;
  readonly refreshSites: (id: SessionId) => Promise<void>;
  readonly signOut: (id: SessionId) => Promise<void>;
  readonly startConnecting: () => void;
  readonly openOptions: (route?: string) => Promise<void>;
}

export function createStore(ports: PopupPorts): PopupStore {
  const { overview, loadFault, reload: reloadOverview } = createOverviewStore(ports.send);
  const reload = async (): Promise<void> => {
    await Promise.all([reloadOverview(), connection.refresh()]);
  };
  const all = computed(() => overview.value?.sessions ?? []);
  const pendingActions = createPendingActions(reload);
  const connection = createConnectStore(ports, pendingActions, reloadOverview);
  const page = signal<ActivePage>({});
  const filter = signal('');
  const sessions = computed(() => filteredSessions(all.value, page.value.host, filter.value));
  const grant = computed(() =>
    overview.value?.grants.find(({ origin }) => origin === page.value.origin),
  );
  const denials = computed(
    () => overview.value?.denials.filter(({ origin }) => origin === page.value.origin) ?? [],
  );
  const canConnect = computed(
    () =>
      page.value.origin !== undefined &&
      (grant.value !== undefined ||
        all.value.some((one) => isUsable(one) && one.isIdentified && one.sites.length > 0)),
  );

  return {
    overview,
    loadFault,
    reload,
    pendingActions,
    connection,
    page,
    filter,
    sessions,
    grant,
    denials,
    canConnect,
    open: async () => {
      const found = ports.activePage().then(
        (active) => {
          page.value = active;
          const { origin, host } = active;
          return origin && connection.resume(origin, host);
        },
        () => undefined, // If the tab cannot be read, the popup still shows the sessions.
      );
      await Promise.all([found, reload()]);
    },
    ...createFlowActions(ports, pendingActions, overview),
    ...createBannerActions(ports, pendingActions, overview),
    ...createGrantActions(ports, pendingActions),
    ...createSessionActions(ports, pendingActions),
    startConnecting: () => {
      const { origin, host } = page.value;
      if (origin !== undefined) void connection.open(origin, host);
    },
    openOptions: ports.openOptions,
  };
}

function createSessionActions(
  { send }: PopupPorts,
  { runAndReload }: PendingActions,
): Pick<PopupStore, 'chooseSite' | 'refreshSites' | 'signOut'> {
  return {
    chooseSite: (id, { cloudId, product }) =>
      runAndReload('choose', () => send('session.choose-site', { id, site: { cloudId, product } })),
    refreshSites: (id) =>
      runAndReload(`refresh ${id}`, () => send('session.refresh-sites', { id })),
    signOut: (id) => runAndReload(`sign-out ${id}`, () => send('session.sign-out', { id })),
  };
}
