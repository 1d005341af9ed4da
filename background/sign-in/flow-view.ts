import { BrokerError } from '#core/values/fault.ts';
import type { CreatedFlow } from '#wire/views.ts';
import type { Clients } from '../clients/clients.ts';
import { baseOutcome } from './flow-outcome.ts';
import type { FlowOutcome, FlowRecord } from './flow-record.ts';
import type { FlowStore } from './flow-store.ts';

/** The running attempt, or the last outcome that the person has not dismissed. */
export async function currentFlow(
  store: FlowStore,
  clients: Clients,
): Promise<CreatedFlow | undefined> {
  const flow = await store.record();
  if (flow) return flowView(flow, clients);
  const outcome = await store.outcome();
  return outcome && outcomeView(outcome, clients);
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
