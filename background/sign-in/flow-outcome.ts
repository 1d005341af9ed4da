import { apiBaseOf } from '../../extension/core/client/client-endpoints.ts';
import { BrokerError, fault } from '../../extension/core/values/fault.ts';
import type { StoredClient, StoredSession } from '../../extension/storage/schema.ts';
import type { CreatedFlow } from '../../extension/wire/views.ts';
import type { Clients } from '../clients/clients.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { FlowOutcome, FlowRecord } from './flow-record.ts';
import type { FlowStore } from './flow-store.ts';

/** What an outcome says of its attempt. */
export function endOf({ id, clientId, startedAtMs, renews }: FlowRecord): FlowOutcome {
  return { id, clientId, startedAtMs, ...(renews === undefined ? {} : { renews }) };
}

/** The outcome of an attempt that made a session. */
export function outcomeOf(flow: FlowRecord, session: StoredSession, clients: Clients): FlowOutcome {
  const client = clients.find(session.clientId);
  // A provider without an API that pages may call has no site, and nothing is missing.
  const isSiteExpected = client !== undefined && apiBaseOf(client) !== undefined;
  const noSite = session.sites.length === 0 && isSiteExpected ? { fault: fault('no_site') } : {};
  return { ...endOf(flow), sessionId: session.id, ...noSite };
}

/** A worker that died after the exchange had its tokens stored: then the sign-in worked. */
export function outcomeOfInterrupted(
  flow: FlowRecord,
  { sessions, clients }: { readonly sessions: Sessions; readonly clients: Clients },
): FlowOutcome {
  const made = sessions
    .ofClient(flow.clientId)
    .find(({ signedInAtMs }) => flow.state === 'exchanging' && signedInAtMs >= flow.startedAtMs);
  return made
    ? outcomeOf(flow, made, clients)
    : { ...endOf(flow), fault: fault('flow_interrupted') };
}

/** The running attempt, or the last outcome that the person has not dismissed. */
export async function viewOf(store: FlowStore, clients: Clients): Promise<CreatedFlow | undefined> {
  const flow = await store.record();
  if (flow) return flowView(flow, clients.find(flow.clientId));
  const outcome = await store.outcome();
  return outcome && outcomeView(outcome, clients.find(outcome.clientId));
}

/** An attempt by its id. @throws BrokerError `not_found` */
export async function fetchFlow(
  id: string,
  store: FlowStore,
  clients: Clients,
): Promise<CreatedFlow> {
  const flow = await store.record();
  if (flow?.id === id) return flowView(flow, clients.find(flow.clientId));
  const outcome = await store.fetchOutcome(id);
  if (outcome === undefined) throw new BrokerError('not_found', { subject: 'flow' });
  return outcomeView(outcome, clients.find(outcome.clientId));
}

/** A running attempt as the extension's pages see it. */
export function flowView(flow: FlowRecord, client: StoredClient | undefined): CreatedFlow {
  return { ...endOf(flow), clientName: client?.name ?? '', state: flow.state };
}

function outcomeView(
  { isFetched: _, ...outcome }: FlowOutcome,
  client: StoredClient | undefined,
): CreatedFlow {
  const state = outcome.sessionId === undefined ? 'failed' : 'succeeded';
  return { ...outcome, clientName: client?.name ?? '', state };
}
