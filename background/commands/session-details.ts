import type { ActivityEntry, CallEntry } from '#core/activity/activity-entry.ts';
import { maxEntries } from '#core/activity/activity-ring.ts';
import { profileOf } from '#core/provider/provider-profile.ts';
import { isUsable, type SessionId } from '#core/session/session.ts';
import { knownRefreshTokenEnd } from '#core/session/upkeep-plan.ts';
import type { StoredSession } from '#storage/schema.ts';
import type { SessionDetails } from '#wire/list-views.ts';
import type { Services } from './services.ts';

/** How many calls that did not succeed are listed. */
const mostProblems = 5;

/** What the person is told of one session. @throws BrokerError `not_found`, `storage_failed` */
export async function sessionDetails(services: Services, id: SessionId): Promise<SessionDetails> {
  const { sessions, clients, grants, lists, permits } = services;
  const calls = await recordedCalls(services);
  const session = sessions.getOrFail(id);
  const problems = calls.filter(
    ({ site, result }) => site?.sessionId === id && (result === 'refused' || result === 'failed'),
  );
  const recentProblems = await permits.explain(problems.slice(0, mostProblems));
  const renewableUntilMs = renewableUntil(services, session);
  return {
    row: lists.session(session),
    requestedScopes: clients.find(session.clientId)?.scopes ?? [],
    products: [...new Set(session.sites.map(({ product }) => product))],
    pages: grants.list().flatMap(({ origin, sites }) => {
      const own = sites.filter(({ sessionId }) => sessionId === id);
      return own.length === 0 ? [] : [{ origin, isOnlySession: own.length === sites.length }];
    }),
    recentProblems,
    ...(renewableUntilMs === undefined ? {} : { renewableUntilMs }),
  };
}

async function recordedCalls({ activity }: Services): Promise<readonly CallEntry[]> {
  const { entries } = await activity.list({ limit: maxEntries });
  return entries.filter(isCall);
}

function isCall(entry: ActivityEntry): entry is CallEntry {
  return entry.kind === 'call';
}

/** Until when a session can be renewed, if it is not renewed before; undefined when it cannot be, or that is not known. */
function renewableUntil({ clients }: Services, session: StoredSession): number | undefined {
  const client = clients.find(session.clientId);
  if (client === undefined || !isUsable(session) || session.endsAtMs !== undefined)
    return undefined;
  return knownRefreshTokenEnd({ session, profile: profileOf(client.type) });
}
