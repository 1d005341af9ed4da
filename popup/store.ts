import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { ActivePage } from '#browser/pages/active-page.ts';
import { createBannerActions, type BannerActions } from '#ui/state/banner-actions.ts';
import { createFlowActions, type FlowActions, type SignInPorts } from '#ui/state/flow-actions.ts';
import { createGrantActions, type GrantActions } from '#ui/state/grant-actions.ts';
import { createPendingActions, type PendingActions } from '#ui/state/pending-actions.ts';
import { createViewStore, type ViewStore } from '#ui/state/view-store.ts';
import type { PopupView } from '#wire/list-views.ts';
import type { ConnectPanel } from './connect-panel.tsx';
import { createConnectStore, type ConnectPorts, type ConnectStore } from './connect-store.ts';
import { createPageStore, type PageStore } from './page/page-store.ts';
import {
  createSessionsStore,
  type ListPorts,
  type SessionsStore,
} from './sessions/sessions-store.ts';

/** Dependencies of the popup. */
export interface PopupPorts extends ConnectPorts, SignInPorts {
  readonly activePage: () => Promise<ActivePage>;
  /** What was shown over this page before, see `readPopupSnapshot`. */
  readonly readSnapshot: (page: Promise<ActivePage>) => Promise<PopupView | undefined>;
  /** What is searched for and open in the lists, while the popup is closed. */
  readonly lists: ListPorts;
  readonly openOptions: (route?: string) => Promise<void>;
}

/** State and actions of the popup. */
export interface PopupStore extends ViewStore<PopupView>, FlowActions, BannerActions, GrantActions {
  readonly pendingActions: PendingActions;
  /** The panel in which the person chooses what the page gets. */
  readonly connection: ConnectStore;
  readonly pageConnection: PageStore;
  readonly sessions: SessionsStore;
  readonly page: ReadonlySignal<ActivePage>;
  readonly open: () => Promise<void>;
  /** The view of {@link PopupStore.connection}, once it was needed: most openings of the popup do without it. */
  readonly panel: ReadonlySignal<typeof ConnectPanel | undefined>;
  readonly startConnecting: () => void;
  /** Removes what was said of the connection that was made last. */
  readonly dismissOutcome: () => Promise<void>;
  readonly openOptions: (route?: string) => Promise<void>;
}

export function createStore(ports: PopupPorts): PopupStore {
  const { send, openOptions } = ports;
  const page = signal<ActivePage>({});
  let isOpening = true;
  const readView = async (): Promise<PopupView> => {
    const { origin } = page.value;
    const read = await send('popup.view', {
      ...(origin === undefined ? {} : { origin }),
      ...(isOpening ? { isOpening } : {}),
    });
    isOpening = false;
    return read;
  };
  const { view, loadFault, reload: reloadView } = createViewStore(readView);
  const reload = async (): Promise<void> => {
    sessions.reload();
    await Promise.all([reloadView(), connection.refresh()]);
  };
  const showSnapshot = async (snapshot: Promise<PopupView | undefined>): Promise<void> => {
    const shown = await snapshot;
    view.value ??= shown;
  };
  const pendingActions = createPendingActions(reload);
  const sessions = createSessionsStore(send, pendingActions, ports.lists, () => page.value.host);
  const defaultAccess = () => view.value?.defaultAccess ?? 'read';
  const connection = createConnectStore({ ...ports, defaultAccess }, pendingActions, reloadView);
  const panel = signal<typeof ConnectPanel | undefined>(undefined);
  effect(() => {
    if (connection.draft.value === undefined || panel.peek() !== undefined) return;
    void pendingActions.run('panel', async () => {
      panel.value = (await import('./connect-panel.tsx')).ConnectPanel;
    });
  });
  return {
    view,
    loadFault,
    reload,
    pendingActions,
    connection,
    pageConnection: createPageStore(ports, pendingActions, reload),
    sessions,
    page,
    panel,
    open: async () => {
      // If the tab cannot be read, the popup still shows the sessions.
      const found = ports.activePage().catch((): ActivePage => ({}));
      const resumed = sessions.resume();
      const snapshot = ports.readSnapshot(found).catch(() => undefined);
      page.value = await found;
      const { origin, host } = page.value;
      await Promise.all([
        resumed.then(() => showSnapshot(snapshot)),
        reload(),
        origin && connection.resume(origin, host),
      ]);
    },
    ...createFlowActions(ports, pendingActions, view),
    ...createBannerActions(ports, pendingActions, view),
    ...createGrantActions(ports, pendingActions),
    startConnecting: () => {
      const { origin, host } = page.value;
      if (origin !== undefined) void connection.open(origin, host);
    },
    dismissOutcome: () => pendingActions.runAndReload('dismiss', () => send('grant.dismiss', {})),
    openOptions,
  };
}
