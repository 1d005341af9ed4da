import { computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals';
import { blankDraft, draftOf } from '#core/client/client-configuration.ts';
import { accessLevels, type Access } from '#core/grant/page-grant.ts';
import { freeNames } from '#core/import/free-name.ts';
import { cloudScopeSets } from '#core/provider/scope-catalogue.ts';
import { t } from '#ui/i18n.ts';
import type { FlowActions, HostPermissionPorts } from '#ui/state/flow-actions.ts';
import type { PageToReturnTo } from '#ui/state/options-routes.ts';
import type { SiteRow } from '#wire/list-views.ts';
import type { AccountView, ClientView, FlowView } from '#wire/views.ts';
import { createEditorStore, type EditorField, type EditorStore } from '../editor/editor-store.ts';
import { saveAndSignIn } from '../editor/save-and-sign-in.ts';
import type { TabTexts } from '../tab/tab-texts.ts';
import { createTypedTexts, type Typed } from './typed-texts.ts';

/** The steps of the first run, in the order in which they are done. */
export const steps = ['callback', 'console', 'client', 'sign-in'] as const;
/** One of {@link steps}. */
export type Step = (typeof steps)[number];

/** Dependencies of the first run. */
export interface WelcomePorts extends HostPermissionPorts {
  readonly tabTexts: TabTexts;
  /** Shows a page: its tab, or a new one. */
  readonly showPage: (page: PageToReturnTo) => Promise<void>;
}

/** What the first run sees of the options page. */
export interface WelcomeContext {
  /** Whether the first run is the view that is shown. */
  readonly isShown: ReadonlySignal<boolean>;
  readonly clients: ReadonlySignal<readonly ClientView[] | undefined>;
  readonly flow: ReadonlySignal<FlowView | undefined>;
  readonly actions: FlowActions;
  readonly reload: () => Promise<void>;
}

/** Who signed in in the first run, and the sites that were found. */
export interface FoundSites {
  readonly account: AccountView;
  /** The first of them. */
  readonly sites: readonly SiteRow[];
  readonly count: number;
}

/** State and actions of the first run. */
export interface WelcomeStore {
  /** The client of the first run; undefined until the clients are loaded. */
  readonly form: ReadonlySignal<EditorStore | undefined>;
  /** What the chosen scopes let pages do; undefined for a choice of scopes that is neither. */
  readonly access: ReadonlySignal<Access | undefined>;
  /** The first step that is not done; undefined when all are. */
  readonly current: ReadonlySignal<Step | undefined>;
  readonly found: ReadonlySignal<FoundSites | undefined>;
  readonly chooseAccess: (access: Access) => void;
  readonly copyCallbackUrl: (text: string) => Promise<boolean>;
  /** Only works within a click, before any `await`. Resolves to the first field with a problem, if any. */
  readonly saveAndSignIn: () => Promise<EditorField | undefined>;
  /** Begins with another client. */
  readonly startAgain: () => void;
  readonly showPage: (page: PageToReturnTo) => Promise<void>;
  /** Reads the sites again; never rejects. */
  readonly load: () => Promise<void>;
}

/** How many sites are listed. */
const listedSites = 20;

export function createWelcomeStore(ports: WelcomePorts, context: WelcomeContext): WelcomeStore {
  const { isShown, clients, flow, actions, reload } = context;
  const texts = createTypedTexts(ports.tabTexts);
  const form = signal<EditorStore | undefined>(undefined);
  const access = computed(() => accessOf(form.value?.draft.value.scopes ?? []));
  const hasCopied = signal(texts.read().hasCopied === true);
  const found = signal<FoundSites | undefined>(undefined);
  const startAgain = (): void => {
    texts.write({});
    hasCopied.value = false;
    found.value = undefined;
    form.value = undefined;
  };

  effect(() => {
    if (isShown.value) return;
    if (found.peek() === undefined) return;
    startAgain();
    void actions.dismissSignIn();
  });
  effect(() => {
    if (!isShown.value || clients.value === undefined || form.value !== undefined) return;
    form.value = untracked(() => firstForm(ports, clients, texts.read()));
  });
  effect(() => {
    if (form.value === undefined) return;
    const { original, draft } = form.value;
    const { name, clientId } = draft.value;
    texts.write({
      name,
      clientId,
      hasCopied: hasCopied.value,
      ...(access.value === undefined ? {} : { access: access.value }),
      ...(original === undefined ? {} : { savedAs: original.id }),
    });
  });

  return {
    form,
    access,
    found,
    current: computed(() => currentStep(hasCopied.value, form.value, found.value)),
    chooseAccess: (chosen) => form.value?.scopes.choose(cloudScopeSets[chosen]),
    copyCallbackUrl: async (text) => {
      const isCopied = await actions.copyText(text);
      if (isCopied) hasCopied.value = true;
      return isCopied;
    },
    saveAndSignIn: async () => {
      if (form.value === undefined) return undefined;
      return saveAndSignIn(form.value, {
        ...ports,
        onSaved: async (client) => {
          await reload();
          form.value = formOf(ports, clients, client);
        },
        signIn: actions.signInOnceAsked,
      });
    },
    startAgain,
    showPage: ports.showPage,
    load: async () => {
      found.value = await findSites(ports, form.peek(), flow.peek(), found.peek());
    },
  };
}

type Clients = WelcomeContext['clients'];

/** The form for a client that was saved here, or for a new one with what was typed before. */
function firstForm(ports: WelcomePorts, clients: Clients, typed: Typed): EditorStore {
  const all = clients.peek() ?? [];
  const saved = all.find(({ id }) => id === typed.savedAs);
  const form = formOf(ports, clients, saved);
  const { name, clientId, access = 'read' } = typed;
  const wanted = freeNames(all.map((client) => client.name))(t('welcome_client_name'));
  if (saved === undefined)
    form.set({
      name: name ?? wanted,
      clientId: clientId ?? '',
      scopes: cloudScopeSets[access],
    });
  return form;
}

function formOf(
  ports: WelcomePorts,
  clients: Clients,
  original: ClientView | undefined,
): EditorStore {
  const start = original === undefined ? blankDraft('atlassian-cloud') : draftOf(original);
  return createEditorStore({ ...ports, clients, original, start });
}

/** The sites of the session that the last sign-in with the client of the form opened; none after it has ended. */
async function findSites(
  { send }: WelcomePorts,
  form: EditorStore | undefined,
  flow: FlowView | undefined,
  before: FoundSites | undefined,
): Promise<FoundSites | undefined> {
  const isOfForm = flow !== undefined && flow.clientId === form?.original?.id;
  if (!isOfForm || flow.sessionId === undefined) return before;
  const { account, sessionId } = flow;
  if (account === undefined) return undefined;
  const request = { filter: '', offset: 0, limit: listedSites, sessionId };
  const listed = await send('site.find', request).catch(() => undefined);
  return listed && { account, sites: listed.rows, count: listed.total };
}

function accessOf(scopes: readonly string[]): Access | undefined {
  const key = [...scopes].sort().join(' ');
  return accessLevels.find((access) => [...cloudScopeSets[access]].sort().join(' ') === key);
}

function currentStep(
  hasCopied: boolean,
  form: EditorStore | undefined,
  found: FoundSites | undefined,
): Step | undefined {
  if (found !== undefined) return undefined;
  if (form?.original !== undefined) return 'sign-in';
  if (form !== undefined && form.draft.value.clientId !== '') return 'client';
  return hasCopied ? 'console' : 'callback';
}
