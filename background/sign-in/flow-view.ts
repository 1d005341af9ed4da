import { isUsable } from '#core/session/session.ts';
import { BrokerError } from '#core/values/fault.ts';
import type { CreatedFlow } from '#wire/views.ts';
import { hostPatternsOf } from '../clients/client-hosts.ts';
import type { Clients } from '../clients/clients.ts';
import type { World } from '../platform/world.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { baseOutcome } from './flow-outcome.ts';
import type { FlowOutcome, FlowRecord } from './flow-record.ts';
import type { FlowStore } from './flow-store.ts';

interface Dependencies {
  readonly clients: Clients;
  readonly sessions: Pick<Sessions, 'find'>;
  readonly world: Pick<World, 'permissions'>;
}

/** The running attempt, or the last outcome that the person has not dismissed, as long as it is true. */
export async function currentFlow(
  store: FlowStore,
  dependencies: Dependencies,
): Promise<CreatedFlow | undefined> {
  const { clients } = dependencies;
  const flow = await store.record();
  if (flow) return flowView(flow, clients);
  const outcome = await store.outcome();
  if (outcome === undefined) return undefined;
  const current = await currentOutcome(outcome, dependencies);
  if (current === undefined) await store.removeOutcome();
  return current && outcomeView(current, clients);
}

/** What is still true of an outcome; undefined when nothing is. */
async function currentOutcome(
  outcome: FlowOutcome,
  { clients, sessions, world }: Dependencies,
): Promise<FlowOutcome | undefined> {
  const { fault: _fault, ...succeeded } = outcome;
  if (outcome.sessionId !== undefined) {
    const session = sessions.find(outcome.sessionId);
    // Signed out, or to be signed in again: "signed in" is not true any more.
    if (session === undefined || !isUsable(session)) return undefined;
    return session.sites.length > 0 ? succeeded : outcome;
  }
  const client = clients.find(outcome.clientId);
  if (client === undefined) return undefined;
  if (outcome.fault?.code !== 'permission_missing') return outcome;
  const isAllowed = await world.permissions.has(hostPatternsOf(client, world.permissions));
  return isAllowed ? undefined : outcome;
}

/** An attempt by its id. An outcome is returned once. @throws BrokerError `not_found` */
export async function fetchFlow(
  id: string,
  store: FlowStore,
  clients: Clients,
): Promise<CreatedFlow> {
  const flow = await store.record();
  if (flow?.id === id) return flowView(flow, clients);
  const outcome = await store.fetchOutcome(id);
  if (outcome === undefined) throw new BrokerError('not_found', { subject: 'flow' });
  return outcomeView(outcome, clients);
}

/** A running attempt as the extension's pages see it; its client may have been deleted. */
export function flowView(flow: FlowRecord, clients: Clients): CreatedFlow {
  return { ...baseOutcome(flow), ...clientOf(flow, clients), state: flow.state };
}

function outcomeView({ isFetched: _, ...outcome }: FlowOutcome, clients: Clients): CreatedFlow {
  return {
    ...outcome,
    ...clientOf(outcome, clients),
    state: outcome.sessionId === undefined ? 'failed' : 'succeeded',
  };
}

/** What a view says of the client of an attempt. */
function clientOf(
  { clientId }: Pick<FlowRecord, 'clientId'>,
  clients: Clients,
): Pick<CreatedFlow, 'clientName' | 'clientType' | 'redirectUri'> {
  const client = clients.find(clientId);
  if (client === undefined) return { clientName: '' };
  const { redirectUri } = clients.view(client);
  return { clientName: client.name, clientType: client.type, redirectUri };
}
