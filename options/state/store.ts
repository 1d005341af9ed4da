import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { ClientId } from '#core/client/client-configuration.ts';
import { createBannerActions, type BannerActions } from '#ui/state/banner-actions.ts';
import { createFlowActions, type FlowActions } from '#ui/state/flow-actions.ts';
import { createOverviewStore, type OverviewStore } from '#ui/state/overview-store.ts';
import { createPendingActions, type PendingActions } from '#ui/state/pending-actions.ts';
import { createScopeActions, type ScopeActions } from '#ui/state/scope-actions.ts';
import type { ClientImpact, ClientView } from '#wire/views.ts';
import { createAboutStore, type AboutPorts, type AboutStore } from '../about/about-store.ts';
import { createActivityStore, type ActivityStore } from '../activity/activity-store.ts';
import {
  createConsoleStore,
  type ConsolePorts,
  type ConsoleStore,
} from '../console/console-store.ts';
import type { EditorField, EditorStore } from '../editor/editor-store.ts';
import type { SignatureCheckPorts } from '../editor/signature-check.ts';
import {
  createTransferStore,
  type TransferPorts,
  type TransferStore,
} from '../import/transfer-store.ts';
import { saveAndSignIn } from '../editor/save-and-sign-in.ts';
import {
  createWelcomeStore,
  type WelcomePorts,
  type WelcomeStore,
} from '../welcome/welcome-store.ts';
import { createPagesStore, type PagesStore } from '../pages/pages-store.ts';
import { createSessionsStore, type SessionsStore } from '../sessions/sessions-store.ts';
import { createExportStore, type ExportPorts, type ExportStore } from '../transfer/export-store.ts';
import { createImportStore, type ImportStore } from '../transfer/import-store.ts';
import { createClientList, type ClientList } from './client-list.ts';
import { createOpenEditors, type OpenEditors } from './open-editors.ts';
import { pageTitle } from './page-title.ts';
import { hashOf, parseRoute, type Route } from './route.ts';
import { createQuotaStore, type QuotaStore } from './quota-store.ts';
import { createSettingsStore, type SettingsStore } from './settings-store.ts';
import { createViewLoads } from './view-loads.ts';

/** Dependencies of the options page. */
export interface OptionsPorts
  extends
    ExportPorts,
    Omit<TransferPorts, 'download'>,
    WelcomePorts,
    Omit<ConsolePorts, 'download'>,
    Omit<AboutPorts, 'send' | 'copyText'> {
  readonly copyText: (text: string) => Promise<void>;
  /** Changes the URL's hash; the page then calls `arrive`. */
  readonly goTo: (hash: string) => void;
}

/** A client that is about to be deleted, and the effects once they are known. */
export interface Deletion {
  readonly id: ClientId;
  readonly impact?: ClientImpact;
}

/** State and actions of the options page. */
export interface OptionsStore extends OverviewStore, FlowActions, BannerActions, ScopeActions {
  readonly activity: ActivityStore;
  readonly pages: PagesStore;
  readonly sessions: SessionsStore;
  readonly pendingActions: PendingActions;
  readonly transfer: TransferStore;
  readonly exporting: ExportStore;
  readonly importing: ImportStore;
  readonly settings: SettingsStore;
  readonly about: AboutStore;
  readonly quota: QuotaStore;
  readonly welcome: WelcomeStore;
  readonly console: ConsoleStore;
  readonly clientList: ClientList;
  readonly route: ReadonlySignal<Route>;
  /** The document's title for the route. */
  readonly title: ReadonlySignal<string>;
  /** The form of the route; undefined while the clients load, and for an unknown client. */
  readonly editor: ReadonlySignal<EditorStore | undefined>;
  /** Whether that form was restored after a reload, without its secrets. */
  readonly isEditorRestored: ReadonlySignal<boolean>;
  readonly deletion: ReadonlySignal<Deletion | undefined>;
  /** Name of the client that was saved last, while it is shown. */
  readonly savedName: ReadonlySignal<string | undefined>;
  readonly hasUnsaved: () => boolean;
  /** Shows the view of the URL's hash. */
  readonly arrive: (hash: string) => void;
  readonly goTo: (route: Route) => void;
  /** Resolves to the first field with a problem, if any. */
  readonly save: () => Promise<EditorField | undefined>;
  /** As `save`; then signs in. Only works within a click, before any `await`. */
  readonly saveAndSignIn: () => Promise<EditorField | undefined>;
  readonly cancelEditing: () => void;
  /** Replaces the RSA key pair of an OAuth 1.0a client. */
  readonly newKeyPair: (id: ClientId) => Promise<void>;
  readonly signatureChecks: SignatureCheckPorts;
  readonly startDeletion: (id: ClientId) => Promise<void>;
  readonly cancelDeletion: () => void;
  readonly confirmDeletion: () => Promise<void>;
}

export function createStore(ports: OptionsPorts): OptionsStore {
  const { send } = ports;
  const { overview, loadFault, reload: reloadOverview } = createOverviewStore(send);
  const settings = createSettingsStore(send, ports.tabTexts);
  const quota = createQuotaStore(send);
  const activity = createActivityStore(send);
  const sessions = createSessionsStore(send);
  const pages = createPagesStore(ports, reloadOverview);
  const route = signal<Route>({ view: 'clients' });
  const saved = signal<ClientView | undefined>(undefined);
  const clients = computed(() => overview.value?.clients);
  const console = createConsoleStore(ports, clients);
  const openEditors = createOpenEditors(ports, route, clients);
  const reload = async (): Promise<void> => {
    await reloadOverview();
    await viewLoads.reload(route.peek());
  };
  const pendingActions = createPendingActions(reload);
  const openOptions = ports.goTo;
  const goTo = (target: Route): void => {
    route.value = target;
    ports.goTo(hashOf(target));
  };

  const flowActions = createFlowActions({ ...ports, openOptions }, pendingActions, overview);
  const welcome = createWelcomeStore(ports, {
    isShown: computed(() => route.value.view === 'welcome'),
    clients,
    flow: computed(() => overview.value?.flow),
    actions: flowActions,
    reload,
  });
  const { copyText } = flowActions;
  const about = createAboutStore({ ...ports, copyText }, pendingActions);
  const views = { settings, about, quota, activity, pages, sessions, welcome, console };
  const viewLoads = createViewLoads(views);

  return {
    overview,
    loadFault,
    reload,
    pendingActions,
    transfer: createTransferStore(ports, pendingActions, { clients, reload }),
    exporting: createExportStore(ports),
    importing: createImportStore(ports, reload),
    ...views,
    clientList: createClientList(clients),
    route,
    title: computed(() => pageTitle(route.value, openEditors.editor.value?.original?.name)),
    editor: openEditors.editor,
    isEditorRestored: openEditors.isRestored,
    savedName: computed(() => nameOf(saved.value, clients.value)),
    hasUnsaved: () => openEditors.hasUnsaved() || settings.hasUnsaved() || pages.hasUnsaved(),
    arrive: (hash) => {
      route.value = parseRoute(hash);
      if (!isAfterSaving(route.value, saved.value)) saved.value = undefined;
      void viewLoads.open(route.value);
    },
    goTo,
    ...createFormActions(ports, openEditors, { finishSaving, goTo, flowActions }),
    ...flowActions,
    ...createScopeActions(ports, flowActions),
    ...createBannerActions(ports, pendingActions, overview),
    ...createDeletion(ports, pendingActions),
    ...createSigning(ports, pendingActions, overview),
  };

  async function finishSaving(client: ClientView): Promise<void> {
    const before = clients.value?.find(({ id }) => id === client.id);
    await reload();
    openEditors.close();
    saved.value = client;
    goTo(isKeyNew(client, before) ? { view: 'client', id: client.id } : { view: 'clients' });
  }
}

interface FormContext {
  readonly finishSaving: (client: ClientView) => Promise<void>;
  readonly goTo: OptionsStore['goTo'];
  readonly flowActions: FlowActions;
}

function createFormActions(
  ports: OptionsPorts,
  { editor: shown, close }: OpenEditors,
  { finishSaving, goTo, flowActions }: FormContext,
): Pick<OptionsStore, 'save' | 'saveAndSignIn' | 'cancelEditing'> {
  return {
    save: async () => {
      const outcome = await shown.value?.save();
      if (outcome === undefined || typeof outcome === 'string') return outcome;
      await finishSaving(outcome);
      return undefined;
    },
    saveAndSignIn: async () => {
      const signIn = flowActions.signInOnceAsked;
      return shown.value && saveAndSignIn(shown.value, { ...ports, onSaved: finishSaving, signIn });
    },
    cancelEditing: () => {
      close();
      goTo({ view: 'clients' });
    },
  };
}

/** Whether the public key of a client is new, so that it has to be registered with the server. */
function isKeyNew({ publicKeyPem }: ClientView, before: ClientView | undefined): boolean {
  return publicKeyPem !== undefined && publicKeyPem !== before?.publicKeyPem;
}

/** The name of the client that was saved, unless it was deleted since. */
function nameOf(
  saved: ClientView | undefined,
  clients: readonly ClientView[] | undefined,
): string | undefined {
  const isThere = clients?.some(({ id }) => id === saved?.id) === true;
  return isThere ? saved?.name : undefined;
}

/** Whether a view reports that the client was saved. */
function isAfterSaving(route: Route, saved: ClientView | undefined): boolean {
  return route.view === 'clients' || (route.view === 'client' && route.id === saved?.id);
}

function createSigning(
  { send, requestHostPatterns }: OptionsPorts,
  { runAndReload }: PendingActions,
  overview: OverviewStore['overview'],
): Pick<OptionsStore, 'newKeyPair' | 'signatureChecks'> {
  return {
    newKeyPair: (id) => runAndReload('new-key-pair', () => send('client.new-key-pair', { id })),
    signatureChecks: {
      send,
      requestHostPatterns,
      missingHostPatterns: (id) => overview.value?.missingHostPatternsOf[id] ?? [],
    },
  };
}

function createDeletion(
  { send }: OptionsPorts,
  { run, runAndReload }: PendingActions,
): Pick<OptionsStore, 'deletion' | 'startDeletion' | 'cancelDeletion' | 'confirmDeletion'> {
  const deletion = signal<Deletion | undefined>(undefined);
  const cancelDeletion = (): void => {
    deletion.value = undefined;
  };
  return {
    deletion,
    startDeletion: async (id) => {
      deletion.value = { id };
      const isKnown = await run('impact', async () => {
        const impact = await send('client.impact', { id });
        if (deletion.peek()?.id === id) deletion.value = { id, impact };
      });
      if (!isKnown && deletion.peek()?.id === id) cancelDeletion();
    },
    cancelDeletion,
    confirmDeletion: async () => {
      const id = deletion.value?.id;
      if (id === undefined) return;
      await runAndReload('delete', async () => {
        await send('client.delete', { id });
        cancelDeletion();
      });
    },
  };
}
