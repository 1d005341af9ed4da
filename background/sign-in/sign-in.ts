import { scopesOfRenewedConsent } from '../../extension/core/protocol/scope.ts';
import type { SessionId } from '../../extension/core/session/session.ts';
import { BrokerError, toFault } from '../../extension/core/values/fault.ts';
import type { Settings } from '../../extension/core/values/settings.ts';
import { pkceRetryAttempt } from '../../extension/oauth/oauth2/authorization.ts';
import type { StoredClient, StoredSession } from '../../extension/storage/schema.ts';
import type { CreatedFlow } from '../../extension/wire/views.ts';
import { requireHosts } from '../clients/client-hosts.ts';
import type { Clients } from '../clients/clients.ts';
import { deadline } from '../platform/deadline.ts';
import type { World } from '../platform/world.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { createPendingRequests } from '../storage/pending-requests.ts';
import { askPerson, requireWanted, windowMs } from './authorization-window.ts';
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

/** The interactive flow: one at a time, stored before its window opens, used once. */
export interface SignIn extends PreparedSignIn {
  /** An attempt by its id; how it ended is told once. @throws BrokerError `not_found` */
  get(id: string): Promise<CreatedFlow>;
  cancel(): Promise<void>;
  /** @throws BrokerError `not_found` */
  show(): Promise<void>;
  dismiss(): Promise<void>;
  view(): Promise<CreatedFlow | undefined>;
  /** Closes what an earlier worker left open and tells the person. Runs at start. */
  recover(): Promise<void>;
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

/** See {@link SignIn}. */
export function createSignIn(dependencies: Dependencies): SignIn {
  const { clients, sessions, world } = dependencies;
  const store = createFlowStore(world.session);
  const pending = createPendingRequests(pendingSignInKind, world.session, world.nowMs);
  /** The attempt that this worker waits for; a stored one that is not this is an orphan. */
  let running: { readonly id: string; readonly controller: AbortController } | undefined;
  const end = async (outcome: FlowOutcome): Promise<void> => {
    await store.end(outcome);
    world.notifyExtensionPages();
  };
  const recover = async (): Promise<void> => {
    const left = await store.record();
    if (left === undefined || left.id === running?.id) return;
    await closeOrphan(left, world);
    await end(outcomeOfInterrupted(left, dependencies));
  };
  const open = async (
    { id, controller: { signal } }: NonNullable<typeof running>,
    client: StoredClient,
    renews: SessionId | undefined,
  ): Promise<CreatedFlow> => {
    const renewed = renews && sessions.getOrFail(renews);
    const flow = await beginFlow(newFlow(id, client, renewed, world), client, store, world);
    const started = {
      flow,
      client,
      scopes: scopesOfRenewedConsent(client, renewed?.scopes),
      signal,
    };
    const ended = world.withKeepAlive(() => run(started, store, dependencies).then(end));
    // An outcome that could not be noted is told by the next worker, as of an attempt that was interrupted.
    void ended
      .catch(() => undefined)
      .finally(() => {
        running = undefined;
      });
    return flowView(flow, client);
  };
  const begin = async (
    id: string,
    { clientId, sessionId }: SignInRequest,
  ): Promise<CreatedFlow> => {
    if (running !== undefined) throw new BrokerError('flow_in_progress');
    const client = clients.getOrFail(clientId);
    // Taken before anything is awaited, so that two clicks do not open two windows.
    running = { id, controller: new AbortController() };
    try {
      await pending.clear();
      return await open(running, client, sessionId);
    } catch (thrown) {
      running = undefined;
      throw thrown;
    }
  };
  const view = (): Promise<CreatedFlow | undefined> => currentFlow(store, clients);
  const isRunning = (): boolean => running !== undefined;
  return {
    ...createPreparedSignIn({ ...dependencies, pending, isRunning, begin, view }),
    recover,
    get: (id) => fetchFlow(id, store, clients),
    cancel: async () => {
      running?.controller.abort();
      await pending.clear();
      await closeWindow(store, world);
      if (running === undefined) await recover();
    },
    show: () => showWindow(store, world),
    dismiss: () => store.forgetOutcome(),
    view,
  };
}

type SignInWorld = Dependencies['world'];

async function closeWindow(store: FlowStore, { windows }: SignInWorld): Promise<void> {
  const flow = await store.record();
  if (flow?.windowId !== undefined) await windows.close(flow.windowId);
}

async function showWindow(store: FlowStore, { windows }: SignInWorld): Promise<void> {
  const flow = await store.record();
  const isShown = flow?.windowId !== undefined && (await windows.show(flow.windowId));
  if (!isShown) throw new BrokerError('not_found', { subject: 'sign-in window' });
}

/** What a sign-in begins with. */
interface Started {
  readonly flow: FlowRecord;
  readonly client: StoredClient;
  readonly scopes: readonly string[];
  /** Ends when the person cancels it. */
  readonly signal: AbortSignal;
}

/** One attempt from its beginning to its session; whatever happens is an outcome. */
async function run(
  started: Started,
  store: FlowStore,
  dependencies: Dependencies,
): Promise<FlowOutcome> {
  const { world } = dependencies;
  const { flow } = started;
  try {
    const doubt = await checkProduct(started.client, world, started.signal);
    const attempt = await beginAttempt(started, store, dependencies);
    const { asked, exchange } = await answerTo(started, attempt, store, dependencies).catch(
      (thrown: unknown) => {
        throw toFault(thrown).code === 'flow_closed' && doubt !== undefined ? doubt : thrown;
      },
    );
    const redirectedAtMs = world.nowMs();
    await store.takeAttempt(flow);
    requireWanted(started.signal);
    world.notifyExtensionPages();
    const answered = { flow, attempt: asked, exchange, redirectedAtMs };
    const session = await openAnswered(answered, dependencies);
    return outcomeOf(flow, session, dependencies.clients);
  } catch (thrown) {
    return { ...baseOutcome(flow), fault: toFault(thrown) };
  }
}

/** The attempt, which is stored before its window opens. */
async function beginAttempt(
  { flow, client, scopes, signal }: Started,
  store: FlowStore,
  { protocol, world }: Dependencies,
): Promise<Attempt> {
  const redirectUri = world.identity.redirectUri(client.redirectUriSuffix);
  const limit = deadline(world, exchangeMs, signal);
  try {
    const attempt = await protocol.begin(client, { redirectUri, scopes }, limit.signal);
    requireWanted(signal);
    await store.begin({ ...flow, attempt });
    return attempt;
  } catch (thrown) {
    throw signal.aborted ? new BrokerError('flow_closed', {}, { cause: thrown }) : thrown;
  } finally {
    limit.release();
  }
}

/** The person's answer; asked once more where the provider may spell the PKCE method otherwise. */
async function answerTo(
  { flow, signal }: Started,
  attempt: Attempt,
  store: FlowStore,
  { clients, protocol, world }: Dependencies,
): Promise<{ readonly asked: Attempt; readonly exchange: Exchange }> {
  const asking = { ...world, signal };
  try {
    return { asked: attempt, exchange: await askPerson(attempt, protocol, store, asking) };
  } catch (thrown) {
    const again = isOauth2(attempt)
      ? pkceRetryAttempt(clients.getOrFail(flow.clientId), attempt, toFault(thrown))
      : undefined;
    if (again === undefined) throw thrown;
    await store.begin({ ...flow, attempt: again });
    return { asked: again, exchange: await askPerson(again, protocol, store, asking) };
  }
}

function newFlow(
  id: string,
  client: StoredClient,
  renewed: StoredSession | undefined,
  world: SignInWorld,
): FlowRecord {
  const startedAtMs = world.nowMs();
  const deadlineAtMs = startedAtMs + windowMs;
  return {
    ...{ id, clientId: client.id, startedAtMs, deadlineAtMs, state: 'waiting' },
    ...(renewed === undefined ? {} : { renews: renewed.id }),
  };
}

/** Stores an attempt, in the place of what an earlier worker left. */
async function beginFlow(
  blank: FlowRecord,
  client: StoredClient,
  store: FlowStore,
  world: SignInWorld,
): Promise<FlowRecord> {
  await requireHosts(client, world.permissions);
  const left = await store.record();
  if (left !== undefined && left.id !== blank.id) await closeOrphan(left, world);
  const flow = { ...blank, popupsBefore: await world.windows.popups() };
  await store.begin(flow);
  return flow;
}

/**
 * An orphaned window would make every further flow fail until somebody closes it. One that the worker did not
 * live to note is known by being the only popup window that was not there before.
 */
async function closeOrphan(
  { state, windowId, popupsBefore }: FlowRecord,
  { windows }: SignInWorld,
): Promise<void> {
  if (windowId !== undefined) return windows.close(windowId);
  if (state !== 'waiting' || popupsBefore === undefined) return;
  const [orphan, ...others] = (await windows.popups()).filter((id) => !popupsBefore.includes(id));
  if (orphan !== undefined && others.length === 0) await windows.close(orphan);
}

/** An attempt whose answer has come. */
interface Answered {
  readonly flow: FlowRecord;
  readonly attempt: Attempt;
  readonly exchange: Exchange;
  readonly redirectedAtMs: number;
}

async function openAnswered(
  { flow, attempt, exchange, redirectedAtMs }: Answered,
  { clients, sessions, settings, protocol, world }: Dependencies,
): Promise<StoredSession> {
  const requireSame = (client: StoredClient): void => {
    if (!protocol.isOf(attempt, client)) throw new BrokerError('state_mismatch');
  };
  // It may have been edited or deleted while the window was open: then the code is not sent.
  const client = clients.getOrFail(flow.clientId);
  requireSame(client);
  const { clientDelaySeconds, clockSkewSeconds, serverDelaySeconds } = settings();
  // As after a sleep: the code has ended long since.
  const isLate = world.nowMs() - redirectedAtMs > (clientDelaySeconds + clockSkewSeconds) * 1000;
  if (isLate) throw new BrokerError('flow_expired');
  const limit = deadline(world, Math.min(exchangeMs, serverDelaySeconds * 1000));
  try {
    const tokens = await exchange(client, limit.signal);
    await clients.noteAccepted(client.id);
    const renewing = flow.renews === undefined ? {} : { renews: flow.renews };
    const requestedScopes = isOauth2(attempt) ? attempt.scopes : [];
    const session = await sessions.open({ client, requestedScopes, ...renewing }, tokens);
    try {
      requireSame(clients.getOrFail(client.id));
    } catch (thrown) {
      // Nobody would look after a session without its client.
      await sessions.signOut([session.id], client);
      throw thrown;
    }
    return session;
  } finally {
    limit.release();
  }
}
