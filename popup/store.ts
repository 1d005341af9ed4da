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
import { createPageFollower, type PagePorts } from './follow-page.ts';
import { createPageStore, type PageStore } from './page/page-store.ts';
import {
  createSessionsStore,
  type ListPorts,
  type SessionsStore,
} from './sessions/sessions-store.ts';

/** Dependencies of the popup. */
export interface PopupPorts extends Omit<ConnectPorts, 'page'>, SignInPorts, PagePorts {
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
  /** To be called when another page may be in front: what is shown of a page, and done with it, is of one page at any time. */
  readonly followPage: () => Promise<void>;
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
    return origin === page.value.origin ? read : readView();
  };
  const { view, loadFault, reload: reloadView } = createViewStore(readView);
  const reload = async (): Promise<void> => {
    sessions.reload();
    await Promise.all([reloadView(), connection.refresh()]);
  };
  const pendingActions = createPendingActions(reload);
  const sessions = createSessionsStore(send, pendingActions, ports.lists, () => page.value.host);
  const defaultAccess = () => view.value?.defaultAccess ?? 'read';
  const pagePorts = { ...ports, page, defaultAccess };
  const connection = createConnectStore(pagePorts, pendingActions, reloadView);
  const panel = signal<typeof ConnectPanel | undefined>(undefined);
  effect(() => {
    if (connection.draft.value === undefined || panel.peek() !== undefined) return;
    void pendingActions.run('panel', async () => {
      panel.value = (await import('./connect-panel.tsx')).ConnectPanel;
    });
  });
  const resume = async ({ origin, host }: ActivePage): Promise<void> => {
    if (origin !== undefined) await connection.resume(origin, host);
  };
  const follower = createPageFollower(ports, { page, view }, (moved) => {
    void reloadView();
    void resume(moved);
  });
  return {
    view,
    loadFault,
    reload,
    pendingActions,
    connection,
    pageConnection: createPageStore(pagePorts, pendingActions, reload),
    sessions,
    page,
    panel,
    open: async () => {
      const { found, shown } = follower.open(sessions.resume());
      const opened = await found;
      await Promise.all([shown, reload(), resume(opened)]);
    },
    followPage: follower.follow,
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
