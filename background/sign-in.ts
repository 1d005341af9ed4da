import type { ClientId } from '../extension/core/client-configuration.ts';
import { BrokerError, fault, toFault } from '../extension/core/fault.ts';
import { scopesToAsk } from '../extension/core/scope.ts';
import type { SessionId } from '../extension/core/session.ts';
import type { Settings } from '../extension/core/settings.ts';
import { apiBaseOf, requiredOrigins } from '../extension/core/client-provider.ts';
import {
  newAttempt,
  respelt,
  type AuthorizationAttempt,
} from '../extension/oauth/authorization.ts';
import { issuerTuple } from '../extension/oauth/authorization-server.ts';
import { exchangeRequest, processExchange } from '../extension/oauth/token-endpoint.ts';
import type { StoredClient, StoredSession } from '../extension/storage/schema.ts';
import type { CreatedFlow } from '../extension/wire/views.ts';
import { askPerson, windowMs } from './authorization-window.ts';
import type { Clients } from './clients.ts';
import { deadline } from './deadline.ts';
import type { FlowOutcome, FlowRecord } from './flow-record.ts';
import { createFlowStore, type FlowStore } from './flow-store.ts';
import { createFlowWishes } from './flow-wishes.ts';
import { createPreparedFlow } from './prepared-flow.ts';
import type { Sessions } from './sessions.ts';
import type { World } from './world.ts';

/** The interactive flow: one at a time, stored before its window opens, used once. */
export interface SignIn {
  /**
   * Notes a sign-in before the browser asks for the hosts of its client; resolves to the id that {@link start} takes.
   * @throws BrokerError `flow_in_progress`, `not_found`
   */
  prepare(wanted: WantedFlow): Promise<string>;
  /** After the person answered the browser's prompt: starts what was prepared, if all its hosts are allowed now. */
  startPrepared(): Promise<void>;
  /** Opens the window; the outcome comes later and is told by {@link view}. @throws BrokerError `not_found` */
  start(wanted: WantedFlow & { readonly preparedId?: string }): Promise<CreatedFlow>;
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

/** What the person wants to sign in for. */
export interface WantedFlow {
  readonly clientId: ClientId;
  /** The session that is to be renewed. */
  readonly sessionId?: SessionId;
}

/** Longest wait for the exchange, in milliseconds. */
const exchangeMs = 20_000;

interface Dependencies {
  readonly clients: Clients;
  readonly sessions: Sessions;
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
    | 'tellOwnPages'
  >;
}

/** See {@link SignIn}. */
export function createSignIn(dependencies: Dependencies): SignIn {
  const { clients, sessions, world } = dependencies;
  const store = createFlowStore(world.session);
  const wishes = createFlowWishes(world.session, world.nowMs);
  /** The attempt that this worker waits for; a stored one that is not this is an orphan. */
  let running: string | undefined;
  const end = async (outcome: FlowOutcome): Promise<void> => {
    await store.end(outcome);
    world.tellOwnPages();
  };
  const recover = async (): Promise<void> => {
    const left = await store.record();
    if (left === undefined || left.id === running) return;
    await closeOrphan(left, world);
    await end(outcomeOfInterrupted(left, dependencies));
  };
  const open = async (
    id: string,
    client: StoredClient,
    renews: SessionId | undefined,
  ): Promise<CreatedFlow> => {
    const renewed = renews && sessions.getOrFail(renews);
    const { flow, attempt } = await noteFlow(id, client, renewed, store, world);
    const ended = world.withKeepAlive(() => run(flow, attempt, store, dependencies).then(end));
    // An outcome that could not be noted is told by the next worker, as of an attempt that was interrupted.
    void ended
      .catch(() => undefined)
      .finally(() => {
        running = undefined;
      });
    return flowView(flow, client);
  };
  const begin = async (id: string, { clientId, sessionId }: WantedFlow): Promise<CreatedFlow> => {
    if (running !== undefined) throw new BrokerError('flow_in_progress');
    const client = clients.getOrFail(clientId);
    // Taken before anything is awaited, so that two clicks do not open two windows.
    running = id;
    try {
      await wishes.end();
      return await open(id, client, sessionId);
    } catch (thrown) {
      running = undefined;
      throw thrown;
    }
  };
  const view = (): Promise<CreatedFlow | undefined> => viewOf(store, clients);
  const isRunning = (): boolean => running !== undefined;
  return {
    ...createPreparedFlow({ ...dependencies, wishes, isRunning, begin, view }),
    recover,
    get: (id) => fetchFlow(id, store, clients),
    cancel: async () => {
      await wishes.end();
      const flow = await store.record();
      if (flow?.windowId !== undefined) await world.windows.close(flow.windowId);
      if (running === undefined) await recover();
    },
    show: () => show(store, world),
    dismiss: () => store.forgetOutcome(),
    view,
  };
}

type SignInWorld = Dependencies['world'];

async function show(store: FlowStore, { windows }: SignInWorld): Promise<void> {
  const flow = await store.record();
  const isShown = flow?.windowId !== undefined && (await windows.show(flow.windowId));
  if (!isShown) throw new BrokerError('not_found', { subject: 'sign-in window' });
}

/** One attempt from its window to its session; whatever happens is an outcome. */
async function run(
  flow: FlowRecord,
  attempt: AuthorizationAttempt,
  store: FlowStore,
  dependencies: Dependencies,
): Promise<FlowOutcome> {
  const { world } = dependencies;
  try {
    const { asked, callback } = await answerTo(flow, attempt, store, dependencies);
    const redirectedAtMs = world.nowMs();
    await store.takeAttempt(flow);
    world.tellOwnPages();
    const answered = { flow, attempt: asked, callback, redirectedAtMs };
    const session = await exchange(answered, dependencies);
    return outcomeOf(flow, session, dependencies.clients);
  } catch (thrown) {
    return { ...endOf(flow), fault: toFault(thrown) };
  }
}

/** The person's answer; asked once more where the provider may spell the PKCE method otherwise. */
async function answerTo(
  flow: FlowRecord,
  attempt: AuthorizationAttempt,
  store: FlowStore,
  { clients, world }: Dependencies,
): Promise<Pick<Answered, 'callback'> & { readonly asked: AuthorizationAttempt }> {
  try {
    return { asked: attempt, callback: await askPerson(attempt, store, world) };
  } catch (thrown) {
    const again = respelt(clients.getOrFail(flow.clientId), attempt, toFault(thrown));
    if (again === undefined) throw thrown;
    await store.begin({ ...flow, attempt: again });
    return { asked: again, callback: await askPerson(again, store, world) };
  }
}

function endOf({ id, clientId, startedAtMs, renews }: FlowRecord): FlowOutcome {
  return { id, clientId, startedAtMs, ...(renews === undefined ? {} : { renews }) };
}

function outcomeOf(flow: FlowRecord, session: StoredSession, clients: Clients): FlowOutcome {
  const client = clients.list().find(({ id }) => id === session.clientId);
  // A provider without an API that pages may call has no site, and nothing is missing.
  const isSiteExpected = client !== undefined && apiBaseOf(client) !== undefined;
  const noSite = session.sites.length === 0 && isSiteExpected ? { fault: fault('no_site') } : {};
  return { ...endOf(flow), sessionId: session.id, ...noSite };
}

/** A worker that died after the exchange had its tokens stored: then the sign-in worked. */
function outcomeOfInterrupted(
  flow: FlowRecord,
  { sessions, clients }: Pick<Dependencies, 'sessions' | 'clients'>,
): FlowOutcome {
  const made = sessions
    .ofClient(flow.clientId)
    .find(({ signedInAtMs }) => flow.state === 'exchanging' && signedInAtMs >= flow.startedAtMs);
  return made
    ? outcomeOf(flow, made, clients)
    : { ...endOf(flow), fault: fault('flow_interrupted') };
}

async function viewOf(store: FlowStore, clients: Clients): Promise<CreatedFlow | undefined> {
  const flow = await store.record();
  if (flow) return flowView(flow, clientOf(clients, flow.clientId));
  const outcome = await store.outcome();
  return outcome && outcomeView(outcome, clientOf(clients, outcome.clientId));
}

async function fetchFlow(id: string, store: FlowStore, clients: Clients): Promise<CreatedFlow> {
  const flow = await store.record();
  if (flow?.id === id) return flowView(flow, clientOf(clients, flow.clientId));
  const outcome = await store.fetchOutcome(id);
  if (outcome === undefined) throw new BrokerError('not_found', { subject: 'flow' });
  return outcomeView(outcome, clientOf(clients, outcome.clientId));
}

/** The client of an attempt, which may be deleted by now. */
function clientOf(clients: Clients, id: ClientId): StoredClient | undefined {
  return clients.list().find((client) => client.id === id);
}

/** Stores a new attempt, so that its window may open; ends what an earlier one left. */
async function noteFlow(
  id: string,
  client: StoredClient,
  renewed: StoredSession | undefined,
  store: FlowStore,
  world: SignInWorld,
): Promise<ReturnType<typeof newFlow>> {
  await requireHosts(client, world);
  const left = await store.record();
  if (left !== undefined && left.id !== id) await closeOrphan(left, world);
  const made = newFlow(id, client, renewed, world);
  await store.begin({ ...made.flow, popupsBefore: await world.windows.popups() });
  return made;
}

function newFlow(
  id: string,
  client: StoredClient,
  renewed: StoredSession | undefined,
  world: SignInWorld,
): { flow: FlowRecord; attempt: AuthorizationAttempt } {
  const redirectUri = world.identity.redirectUri(client.redirectUriSuffix);
  const scopes = scopesToAsk(client, renewed?.scopes);
  const attempt = newAttempt(client, issuerTuple(client), redirectUri, scopes);
  const startedAtMs = world.nowMs();
  const deadlineAtMs = startedAtMs + windowMs;
  return {
    flow: {
      ...{ id, clientId: client.id, startedAtMs, deadlineAtMs, state: 'waiting', attempt },
      ...(renewed === undefined ? {} : { renews: renewed.id }),
    },
    attempt,
  };
}

async function requireHosts(client: StoredClient, { permissions }: SignInWorld): Promise<void> {
  const patterns = requiredOrigins(client).map(permissions.patternOf);
  if (!(await permissions.has(patterns))) {
    throw new BrokerError('permission_missing', { subject: patterns.join(' ') });
  }
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
  readonly attempt: AuthorizationAttempt;
  readonly callback: URLSearchParams;
  readonly redirectedAtMs: number;
}

async function exchange(
  { flow, attempt, callback, redirectedAtMs }: Answered,
  { clients, sessions, settings, world }: Dependencies,
): Promise<StoredSession> {
  // It may have been edited or deleted while the window was open: then the code is not sent.
  const client = clients.getOrFail(flow.clientId);
  requireSame(client, attempt);
  const { clientDelaySeconds, clockSkewSeconds, serverDelaySeconds } = settings();
  // As after a sleep: the code has ended long since.
  const isLate = world.nowMs() - redirectedAtMs > (clientDelaySeconds + clockSkewSeconds) * 1000;
  if (isLate) throw new BrokerError('flow_expired');
  const limit = deadline(world, Math.min(exchangeMs, serverDelaySeconds * 1000));
  try {
    const clientSecret = await clients.secretOf(client);
    const context = { client, clientSecret, fetch: world.fetch, signal: limit.signal };
    const answer = await exchangeRequest(context, attempt, callback);
    const tokens = await processExchange(attempt.tuple, answer, world.nowMs());
    await clients.noteAccepted(client.id);
    const renewing = flow.renews === undefined ? {} : { renews: flow.renews };
    const session = await sessions.open({ client, asked: attempt, ...renewing }, tokens);
    try {
      requireSame(clients.getOrFail(client.id), attempt);
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

/** Whether a client still is what the person consented to. @throws BrokerError `state_mismatch` */
function requireSame(
  { clientId, tokenEndpoint }: StoredClient,
  { oauthClientId, tuple }: AuthorizationAttempt,
): void {
  if (clientId !== oauthClientId || tokenEndpoint !== tuple.tokenEndpoint)
    throw new BrokerError('state_mismatch');
}

function flowView(flow: FlowRecord, client: StoredClient | undefined): CreatedFlow {
  return { ...endOf(flow), clientName: client?.name ?? '', state: flow.state };
}

function outcomeView(
  { isFetched: _, ...outcome }: FlowOutcome,
  client: StoredClient | undefined,
): CreatedFlow {
  const state = outcome.sessionId === undefined ? 'failed' : 'succeeded';
  return { ...outcome, clientName: client?.name ?? '', state };
}
