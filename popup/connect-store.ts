import { batch, computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import type { Access } from '#core/grant/page-grant.ts';
import { toFault } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import { firstTerms, grantRequest, type ConnectTerms } from '#ui/sites/connect-terms.ts';
import { createSiteListStore, type SiteListStore } from '#ui/sites/site-list-store.ts';
import type { PendingActions } from '#ui/state/pending-actions.ts';
import type { GrantView } from '#wire/views.ts';
import { keptDraft, type DraftPorts } from './connect-draft.ts';
import {
  createPagePermission,
  type PagePermissionPorts,
  type PermissionState,
} from './page/page-permission.ts';

/** The current choices in the panel. */
export interface ConnectDraft extends ConnectTerms {
  readonly origin: Origin;
  readonly list: SiteListStore;
}

/** State and actions of connecting a page. */
export interface ConnectStore {
  /** The choices in the open panel; undefined while it is closed, and while another page than theirs is in front. */
  readonly draft: ReadonlySignal<ConnectDraft | undefined>;
  readonly state: ReadonlySignal<PermissionState>;
  /**
   * Opens the panel for a page: with what was chosen before the popup closed, else with what the page has.
   * @param host - the host of the tab: its own site is chosen, if it is one
   */
  readonly open: (origin: Origin, host?: string) => Promise<void>;
  /** Opens the panel if it was open when the popup closed. */
  readonly resume: (origin: Origin, host?: string) => Promise<void>;
  readonly close: () => void;
  /** To be called when the worker reports a change: sites may have gone. */
  readonly refresh: () => Promise<void>;
  readonly change: (part: Partial<ConnectTerms>) => void;
  /** Does nothing while no site is chosen, or while the typed paths have a problem. */
  readonly connect: () => Promise<void>;
}

/** Dependencies of connecting a page. */
export interface ConnectPorts extends PagePermissionPorts {
  readonly drafts: DraftPorts;
  /** The access that is proposed for a page that is not connected; `read` by default. */
  readonly defaultAccess?: () => Access;
}

export function createConnectStore(
  ports: ConnectPorts,
  pendingActions: PendingActions,
  reload: () => Promise<void>,
): ConnectStore {
  const { drafts, page } = ports;
  const { run } = pendingActions;
  const permission = createPagePermission(ports, pendingActions);
  const { state, reset } = permission;
  const held = signal<ConnectDraft | undefined>(undefined);
  const draft = computed(() => (held.value?.origin === page.value.origin ? held.value : undefined));
  let stopKeeping = (): void => undefined;

  function close(): void {
    stopKeeping();
    void drafts.keep(undefined).catch(() => undefined);
    batch(() => {
      held.value = undefined;
      reset();
    });
  }

  async function open(origin: Origin, host: string | undefined, isKeptOnly: boolean) {
    const found = await openedDraft(ports, origin, host, isKeptOnly);
    if (found === undefined || origin !== page.value.origin) return;
    stopKeeping();
    batch(() => {
      held.value = found;
      reset();
    });
    stopKeeping = keepDraft(held, drafts);
    await found.list.reload();
  }

  const refresh = async (): Promise<void> => {
    await draft.value?.list.reload();
  };

  return {
    draft,
    state,
    open: async (origin, host) => {
      await run('open', () => open(origin, host, false));
    },
    resume: (origin, host) => open(origin, host, true).catch(() => undefined),
    close,
    refresh,
    change: (part) => {
      if (draft.value === undefined) return;
      held.value = { ...draft.value, ...part };
      reset();
    },
    connect: async () => {
      const request =
        draft.value && grantRequest(draft.value.origin, draft.value.list.chosen.value, draft.value);
      if (request === undefined) return;
      const isAllowed = await permission.request(request.origin, request);
      if (isAllowed && held.value?.origin === request.origin) close();
      await reload();
      // The grant is not made when a site has gone: the list says which.
      await refresh();
    },
  };
}

/** What the panel begins with; undefined without a kept draft, when only that is wanted. */
async function openedDraft(
  { send, drafts, defaultAccess }: ConnectPorts,
  origin: Origin,
  host: string | undefined,
  isKeptOnly: boolean,
): Promise<ConnectDraft | undefined> {
  const found = await keptDraft(drafts, origin);
  if (found === undefined && isKeptOnly) return undefined;
  const grant = await send('grant.get', { origin }).catch(notConnected);
  const isConnectedSince = found && grant ? grant.grantedAtMs >= found.keptAtMs : false;
  if (isConnectedSince) {
    // The popup closed before it could remove the draft. Once the grant is gone, nothing else shows that the page was connected with it.
    void drafts.keep(undefined).catch(() => undefined);
    if (isKeptOnly) return undefined;
  }
  const kept = isConnectedSince ? undefined : found;
  const list = createSiteListStore({
    send,
    query: { origin, ...(host === undefined ? {} : { host }) },
    kind: 'many',
    chosen: kept?.chosen ?? grant?.sites ?? [],
    filter: kept?.filter ?? '',
    isTabChosen: kept === undefined && grant === undefined,
  });
  return { origin, list, ...(kept?.terms ?? firstTerms(grant, defaultAccess?.())) };
}

function notConnected(thrown: unknown): GrantView | undefined {
  if (toFault(thrown).code === 'not_connected') return undefined;
  throw thrown;
}

/** Keeps the choices as they are from now on; returns what ends that. */
function keepDraft(
  draft: ReadonlySignal<ConnectDraft | undefined>,
  { keep, nowMs }: DraftPorts,
): () => void {
  return effect(() => {
    if (draft.value === undefined) return;
    const { origin, list, access, duration, isEveryPath, pathsText } = draft.value;
    void keep({
      origin,
      keptAtMs: nowMs(),
      filter: list.filter.value,
      chosen: list.chosen.value,
      terms: { access, duration, isEveryPath, pathsText },
    }).catch(() => undefined);
  });
}
