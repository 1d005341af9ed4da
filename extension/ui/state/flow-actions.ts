import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { ClientId } from '#core/client/client-configuration.ts';
import type { SessionId } from '#core/session/session.ts';
import { toFault } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import type { RequestOf } from '#wire/commands.ts';
import type { Send } from '#wire/send.ts';
import type { ClientView, FlowView, Overview } from '#wire/views.ts';
import { clientRoute } from './options-routes.ts';
import type { PendingActions } from './pending-actions.ts';

/** The actions on a sign-in, shared by popup and options. */
export interface FlowActions {
  /**
   * With a session id, the sign-in renews that session and keeps its data. A client that lacks what its provider needs is shown in
   * its form instead, and no window opens. The sign-in is stored after `before`, and not at all when that fails.
   */
  readonly signIn: (
    clientId: ClientId,
    sessionId?: SessionId,
    before?: Promise<unknown>,
  ) => Promise<void>;
  /** As `signIn`, after the hosts of the client were requested. */
  readonly signInOnceAsked: (clientId: ClientId) => Promise<void>;
  readonly cancelSignIn: () => Promise<void>;
  readonly showSignIn: () => Promise<void>;
  readonly dismissSignIn: () => Promise<void>;
  /** The sign-in that did not start because the person or the browser refused its hosts; undefined as soon as they are allowed. */
  readonly refusedSignIn: ReadonlySignal<RefusedSignIn | undefined>;
  /** Shows the form of a client. */
  readonly showClient: (id: ClientId) => void;
  /** Resolves to whether the text was copied. */
  readonly copyText: (text: string) => Promise<boolean>;
}

/** A sign-in whose hosts were refused. */
export interface RefusedSignIn {
  readonly clientId: ClientId;
  /** The session to renew. */
  readonly sessionId?: SessionId;
  readonly clientName: string;
  /** Match patterns of the hosts that are not allowed. */
  readonly patterns: readonly string[];
}

type SignInRequest = RequestOf<'flow.prepare'>;

/** Dependencies of a sign-in. */
export interface FlowPorts {
  readonly send: Send;
  /**
   * Requests host access. Only works within a click, before any `await`. `prepared` resolves once the worker has stored
   * what it needs after the answer.
   */
  readonly requestHostPatterns: (
    patterns: readonly string[],
    prepared?: Promise<unknown>,
  ) => Promise<boolean>;
}

/** Dependencies of the actions on sign-ins. */
export interface SignInPorts extends FlowPorts {
  /** Shows a view of the options page; `route` is its hash. */
  readonly openOptions: (route: string) => unknown;
  readonly copyText: (text: string) => Promise<void>;
}

/** What the actions on sign-ins know of the clients. */
export interface SignInClients extends Pick<
  Overview,
  'missingHostPatternsOf' | 'missingPolicyPatterns'
> {
  readonly clients: readonly Pick<ClientView, 'id' | 'name' | 'missingField' | 'managed'>[];
}

/** Dependencies of requesting the host permission of an origin. */
export interface HostPermissionPorts extends FlowPorts {
  readonly hostPattern: (origin: Origin) => string;
}

/**
 * A sign-in first requests the host permissions that its client lacks. The worker stores the sign-in before that, because
 * the prompt may close the page that requests them.
 */
export function createFlowActions(
  { send, requestHostPatterns, openOptions, copyText }: SignInPorts,
  { run, runAndReload }: PendingActions,
  known: ReadonlySignal<SignInClients | undefined>,
): FlowActions {
  const refused = signal<SignInRequest | undefined>(undefined);
  const requestHosts = async (
    request: SignInRequest,
    patterns: readonly string[],
    before: Promise<unknown> | undefined,
  ): Promise<{ preparedId?: string }> => {
    const prepare = () => send('flow.prepare', request);
    const prepared = before === undefined ? prepare() : before.then(prepare);
    // The results do not matter: the worker checks the permissions itself, and reports what is still missing.
    await requestHostPatterns(patterns, prepared).catch(() => false);
    return prepared.then(
      ({ id }) => ({ preparedId: id }),
      () => ({}),
    );
  };
  const start = async (request: RequestOf<'flow.start'>): Promise<void> => {
    try {
      await send('flow.start', request);
    } catch (thrown) {
      if (toFault(thrown).code !== 'permission_missing') throw thrown;
      const { preparedId: _, ...again } = request;
      refused.value = again;
    }
  };
  const startAndReload = (
    request: SignInRequest,
    requested?: ReturnType<typeof requestHosts>,
    before?: Promise<unknown>,
  ) =>
    runAndReload('sign-in', async () => {
      if (before !== undefined) await before;
      await start({ ...request, ...(await requested) });
    });
  return {
    signIn: async (clientId, sessionId, before) => {
      refused.value = undefined;
      if (clientOf(known.value, clientId)?.missingField !== undefined) {
        openOptions(clientRoute(clientId, 'sign-in'));
        return;
      }
      const patterns = patternsToRequest(known.value, clientId);
      const request = { clientId, ...(sessionId === undefined ? {} : { sessionId }) };
      const requested = patterns.length === 0 ? undefined : requestHosts(request, patterns, before);
      await startAndReload(request, requested, before);
    },
    signInOnceAsked: (clientId) => {
      refused.value = undefined;
      return startAndReload({ clientId });
    },
    cancelSignIn: () => runAndReload('cancel', () => send('flow.cancel', {})),
    showSignIn: () => runAndReload('show', () => send('flow.show', {})),
    dismissSignIn: () => {
      refused.value = undefined;
      return runAndReload('dismiss', () => send('flow.dismiss', {}));
    },
    refusedSignIn: computed(() => refusedSignIn(refused.value, known.value)),
    showClient: (id) => {
      openOptions(clientRoute(id));
    },
    copyText: (text) => run('copy', () => copyText(text)),
  };
}

function clientOf(
  known: SignInClients | undefined,
  id: ClientId,
): SignInClients['clients'][number] | undefined {
  return known?.clients.find((client) => client.id === id);
}

/** What the browser asks for before a sign-in: with a client of the organization's policy, all that the policy needs. */
function patternsToRequest(known: SignInClients | undefined, id: ClientId): readonly string[] {
  if (known === undefined) return [];
  const ofClient = known.missingHostPatternsOf[id] ?? [];
  return clientOf(known, id)?.managed === undefined
    ? ofClient
    : [...new Set([...ofClient, ...known.missingPolicyPatterns])];
}

/** A refused sign-in, as long as hosts of its client are missing. */
function refusedSignIn(
  request: SignInRequest | undefined,
  known: SignInClients | undefined,
): RefusedSignIn | undefined {
  const client = request && clientOf(known, request.clientId);
  const patterns = (request && known?.missingHostPatternsOf[request.clientId]) ?? [];
  if (client === undefined || patterns.length === 0) return undefined;
  return { ...request, clientId: client.id, clientName: client.name, patterns };
}

/** Whether a sign-in is running; only one can run at a time. */
export function isFlowRunning(flow: FlowView | undefined): boolean {
  return flow?.state === 'waiting' || flow?.state === 'exchanging';
}
