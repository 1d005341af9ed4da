import { apiBaseOf } from '#core/client/client-endpoints.ts';
import { fault } from '#core/values/fault.ts';
import type { StoredSession } from '#storage/schema.ts';
import type { Clients } from '../clients/clients.ts';
import { noSiteFault, type Sessions } from '../sessions/sessions.ts';
import type { FlowOutcome, FlowRecord } from './flow-record.ts';

/** The outcome of an attempt, without its result: a session or a fault. */
export function baseOutcome({ id, clientId, startedAtMs, renews }: FlowRecord): FlowOutcome {
  return { id, clientId, startedAtMs, ...(renews === undefined ? {} : { renews }) };
}

/** The outcome of an attempt that created or renewed a session. */
export function outcomeOf(flow: FlowRecord, session: StoredSession, clients: Clients): FlowOutcome {
  const client = clients.find(session.clientId);
  // A provider without an API that pages may call has no site, so none is missing.
  const isSiteExpected = client !== undefined && apiBaseOf(client) !== undefined;
  const isWithoutSite = session.sites.length === 0 && isSiteExpected;
  return {
    ...baseOutcome(flow),
    sessionId: session.id,
    ...(isWithoutSite ? { fault: fault(noSiteFault(session)) } : {}),
  };
}

/** The outcome of an attempt of an earlier worker. If that worker stored the tokens, the sign-in succeeded. */
export function outcomeOfInterrupted(
  flow: FlowRecord,
  { sessions, clients }: { readonly sessions: Sessions; readonly clients: Clients },
): FlowOutcome {
  const session = sessions
    .ofClient(flow.clientId)
    .find(({ signedInAtMs }) => flow.state === 'exchanging' && signedInAtMs >= flow.startedAtMs);
  return session
    ? outcomeOf(flow, session, clients)
    : { ...baseOutcome(flow), fault: fault('flow_interrupted') };
}
