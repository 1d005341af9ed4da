import { scopesOfRenewedConsent } from '#core/protocol/scope.ts';
import type { SessionId } from '#core/session/session.ts';
import { BrokerError, toFault } from '#core/values/fault.ts';
import type { Settings } from '#core/values/settings.ts';
import { pkceRetryAttempt } from '#oauth/oauth2/authorization.ts';
import type { StoredClient, StoredSession } from '#storage/schema.ts';
import type { CreatedFlow } from '#wire/views.ts';
import { requireHosts } from '../clients/client-hosts.ts';
import type { Clients } from '../clients/clients.ts';
import { deadline } from '../platform/deadline.ts';
import type { World } from '../platform/world.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { createPendingRequests } from '../storage/pending-requests.ts';
import {
  authorizeInWindow,
  closeOrphan,
  closeWindow,
  showWindow,
  throwIfCancelled,
  windowMs,
} from './authorization-window.ts';
import { baseOutcome, outcomeOf, outcomeOfInterrupted } from './flow-outcome.ts';
import type { FlowOutcome, FlowRecord } from './flow-record.ts';
import { createFlowStore, type FlowStore } from './flow-store.ts';
import { currentFlow, fetchFlow, flowView } from './flow-view.ts';
import { pendingSignInKind } from './pending-sign-in.ts';
import {
  createPreparedSignIn,
  type PreparedSignIn,
  type SignInRequest,
} from './prepared-sign-in.ts';
import { checkProduct } from './product-check.ts';
import { isOauth2, type Attempt, type Exchange, type SignInProtocol } from './sign-in-protocol.ts';

/** Interactive sign-in: one attempt at a time, stored before its window opens, used once. */
export interface SignIn extends PreparedSignIn {
  /** An attempt by its id; its outcome is returned once. @throws BrokerError `not_found` */
  get(id: string): Promise<CreatedFlow>;
  cancel(): Promise<void>;
  /** Brings the sign-in window to the front. @throws BrokerError `not_found` */
  show(): Promise<void>;
  /** Removes the last outcome. */
  dismiss(): Promise<void>;
  /** The running attempt, or the last outcome that the person has not dismissed. */
  view(): Promise<CreatedFlow | undefined>;
  /** At each start: closes the window of an earlier worker and stores the outcome of its attempt. */
  recover(): Promise<void>;
  /** Calls back when an attempt has ended and its outcome is stored. */
  onEnded(listener: () => void): void;
}

/** Longest wait for the exchange, in milliseconds. */
const exchangeMs = 20_000;

interface Dependencies {
  readonly clients: Clients;
  readonly sessions: Sessions;
  readonly protocol: SignInProtocol;
  readonly settings: () => Settings;
  readonly world: Pick<
    World,
    | 'session'
    | 'crypto'
    | 'nowMs'
    | 'after'
    | 'fetch'
    | 'identity'
    | 'windows'
    | 'permissions'
    | 'withKeepAlive'
    | 'notifyExtensionPages'
  >;
}

export function createSignIn(dependencies: Dependencies): SignIn {
  const { clients, sessions, world } = dependencies;
  const listeners: (() => void)[] = [];
  const store = createFlowStore(world.session);
  const pending = createPendingRequests(pendingSignInKind, world.session, world.nowMs);
  /** The attempt that this worker runs; a stored attempt with another id was started by an earlier worker. */
  let running: { readonly id: string; readonly controller: AbortController } | undefined;
  const end = async (outcome: FlowOutcome): Promise<void> => {
    await store.end(outcome);
    world.notifyExtensionPages();
    for (const listener of listeners) listener();
  };
  const recover = async (): Promise<void> => {
    const earlier = await store.record();
    if (earlier === undefined || earlier.id === running?.id) return;
    await closeOrphan(earlier, world);
    await end(outcomeOfInterrupted(earlier, dependencies));
  };
  const open = async (
    { id, controller: { signal } }: NonNullable<typeof running>,
    client: StoredClient,
    renews: SessionId | undefined,
  ): Promise<CreatedFlow> => {
    const renewed = renews && sessions.getOrFail(renews);
    const flow = await beginFlow({ id, client, renewed }, store, world);
    const scopes = scopesOfRenewedConsent(client, renewed?.scopes);
    const started = { flow, client, scopes, signal };
    const ended = world.withKeepAlive(() => run(started, store, dependencies).then(end));
    // If the outcome could not be stored, the next worker reports the attempt as interrupted.
    void ended
      .catch(() => undefined)
      .finally(() => {
        running = undefined;
      });
    return flowView(flow, clients);
  };
  const begin = async (
    id: string,
    { clientId, sessionId }: SignInRequest,
  ): Promise<CreatedFlow> => {
    if (running !== undefined) throw new BrokerError('flow_in_progress');
    const client = clients.getOrFail(clientId);
    clients.requireAllowed(client);
    // Set before anything is awaited, so that two clicks do not open two windows.
    running = { id, controller: new AbortController() };
    try {
      await pending.clear();
      return await open(running, client, sessionId);
    } catch (thrown) {
      running = undefined;
      throw thrown;
    }
  };
  const view = (): Promise<CreatedFlow | undefined> => currentFlow(store, dependencies);
  const isRunning = (): boolean => running !== undefined;
  return {
    ...createPreparedSignIn({ ...dependencies, pending, isRunning, begin, view, end }),
    recover,
    get: (id) => fetchFlow(id, store, clients),
    cancel: async () => {
      running?.controller.abort();
      await pending.clear();
      await closeWindow(store, world);
      if (running === undefined) await recover();
    },
    show: () => showWindow(store, world),
    dismiss: () => store.removeOutcome(),
    view,
    onEnded: (listener) => void listeners.push(listener),
  };
}

interface StartedSignIn {
  readonly flow: FlowRecord;
  readonly client: StoredClient;
  readonly scopes: readonly string[];
  /** Aborts when the person cancels. */
  readonly signal: AbortSignal;
}

/** Runs one attempt up to its session. Never rejects: a failure is an outcome. */
async function run(
  started: StartedSignIn,
  store: FlowStore,
  dependencies: Dependencies,
): Promise<FlowOutcome> {
  const { world } = dependencies;
  const { flow } = started;
  try {
    const productFault = await checkProduct(started.client, world, started.signal);
    const begun = await beginAttempt(started, store, dependencies);
    const { attempt, exchange } = await authorize(started, begun, store, dependencies).catch(
      (thrown: unknown) => {
        throw toFault(thrown).code === 'flow_closed' && productFault ? productFault : thrown;
      },
    );
    const redirectedAtMs = world.nowMs();
    await store.removeAttempt(flow);
    throwIfCancelled(started.signal);
    world.notifyExtensionPages();
    const authorized = { flow, attempt, exchange, redirectedAtMs };
    const session = await exchangeTokens(authorized, dependencies);
    return outcomeOf(flow, session, dependencies.clients);
  } catch (thrown) {
    const fault = toFault(thrown);
    const isCancelled = started.signal.aborted && fault.code === 'flow_closed';
    return { ...baseOutcome(flow), fault, ...(isCancelled ? { isCancelled } : {}) };
  }
}

/** Begins an attempt and stores it. */
async function beginAttempt(
  { flow, client, scopes, signal }: StartedSignIn,
  store: FlowStore,
  { protocol, world }: Dependencies,
): Promise<Attempt> {
  const redirectUri = world.identity.redirectUri(client.redirectUriSuffix);
  const limit = deadline(world, exchangeMs, signal);
  try {
    const attempt = await protocol.begin(client, { redirectUri, scopes }, limit.signal);
    throwIfCancelled(signal);
    await store.begin({ ...flow, attempt });
    return attempt;
  } catch (thrown) {
    throw signal.aborted ? new BrokerError('flow_closed', {}, { cause: thrown }) : thrown;
  } finally {
    limit.release();
  }
}

/** Authorizes in the window; opens it a second time if the provider may accept another name of the PKCE method. */
async function authorize(
  { flow, signal }: StartedSignIn,
  attempt: Attempt,
  store: FlowStore,
  { clients, protocol, world }: Dependencies,
): Promise<Pick<Authorized, 'attempt' | 'exchange'>> {
  const open = (one: Attempt): Promise<Exchange> =>
    authorizeInWindow(one, protocol, store, { ...world, signal });
  try {
    return { attempt, exchange: await open(attempt) };
  } catch (thrown) {
    const retry = isOauth2(attempt)
      ? pkceRetryAttempt(clients.getOrFail(flow.clientId), attempt, toFault(thrown))
      : undefined;
    if (retry === undefined) throw thrown;
    await store.begin({ ...flow, attempt: retry });
    return { attempt: retry, exchange: await open(retry) };
  }
}

interface NewFlow {
  readonly id: string;
  readonly client: StoredClient;
  readonly renewed: StoredSession | undefined;
}

/** Stores an attempt, and closes the window of an earlier worker's attempt. */
async function beginFlow(
  { id, client, renewed }: NewFlow,
  store: FlowStore,
  { nowMs, permissions, windows }: Dependencies['world'],
): Promise<FlowRecord> {
  const startedAtMs = nowMs();
  await requireHosts(client, permissions);
  const earlier = await store.record();
  if (earlier !== undefined && earlier.id !== id) await closeOrphan(earlier, { windows });
  const flow: FlowRecord = {
    id,
    clientId: client.id,
    startedAtMs,
    deadlineAtMs: startedAtMs + windowMs,
    state: 'waiting',
    ...(renewed === undefined ? {} : { renews: renewed.id }),
    popupsBefore: await windows.popups(),
  };
  await store.begin(flow);
  return flow;
}

/** An attempt whose authorization response was validated. */
interface Authorized {
  readonly flow: FlowRecord;
  readonly attempt: Attempt;
  readonly exchange: Exchange;
  readonly redirectedAtMs: number;
}

/** Exchanges the authorization response for tokens and opens the session. */
async function exchangeTokens(
  { flow, attempt, exchange, redirectedAtMs }: Authorized,
  { clients, sessions, settings, protocol, world }: Dependencies,
): Promise<StoredSession> {
  const requireUnchanged = (client: StoredClient): void => {
    if (!protocol.isUnchanged(attempt, client)) throw new BrokerError('state_mismatch');
  };
  // If the client was edited or deleted while the window was open, the code is not sent.
  const client = clients.getOrFail(flow.clientId);
  requireUnchanged(client);
  const { clientDelaySeconds, clockSkewSeconds, serverDelaySeconds } = settings();
  // The code has expired, for example while the computer slept.
  const isLate = world.nowMs() - redirectedAtMs > (clientDelaySeconds + clockSkewSeconds) * 1000;
  if (isLate) throw new BrokerError('flow_expired');
  const limit = deadline(world, Math.min(exchangeMs, serverDelaySeconds * 1000));
  try {
    const tokens = await exchange(client, limit.signal);
    const renewing = flow.renews === undefined ? {} : { renews: flow.renews };
    const requestedScopes = isOauth2(attempt) ? attempt.scopes : [];
    const session = await sessions
      .open({ client, requestedScopes, ...renewing }, tokens)
      // After the tokens are stored, which are worth more than this record. The next refresh makes it again.
      // oxlint-disable-next-line typescript/no-misused-promises -- `finally` waits for the promise
      .finally(() => clients.recordAccepted(client.id).catch(() => undefined));
    try {
      requireUnchanged(clients.getOrFail(client.id));
    } catch (thrown) {
      // Without its client, the session could neither be used nor revoked.
      await sessions.signOut([session.id], client);
      throw thrown;
    }
    return session;
  } finally {
    limit.release();
  }
}
