import type { RefreshFailure } from '#core/session/refresh-plan.ts';
import { isUsable, type SessionId } from '#core/session/session.ts';
import type { Settings } from '#core/values/settings.ts';
import type { StoredSession } from '#storage/schema.ts';
import type { Clients } from '../clients/clients.ts';
import type { World } from '../platform/world.ts';
import type { Repository } from '../storage/repository.ts';
import { afterFailure, afterRejection, mayShareGrant } from './session-after-refresh.ts';

interface Dependencies {
  readonly sessions: Repository<SessionId, StoredSession>;
  readonly clients: Pick<Clients, 'find' | 'getOrFail'>;
  readonly settings: () => Settings;
  readonly world: Pick<World, 'nowMs' | 'notifyExtensionPages'>;
}

/** Records what a failed attempt showed, see {@link afterFailure}. Leaves a generation other than the known one unchanged. */
export async function recordFailure(
  known: StoredSession,
  failure: RefreshFailure,
  { sessions, world }: Dependencies,
): Promise<void> {
  const { mayHaveRotated, isIntermediary, unknownError } = failure;
  if (mayHaveRotated && !isIntermediary && unknownError === undefined) return;
  await sessions.update(known.id, (session) =>
    session.generation === known.generation ? afterFailure(session, known, failure) : session,
  );
  if (unknownError !== undefined) world.notifyExtensionPages();
}

/**
 * Marks the session so that the refresh token of this generation is not sent again. Leaves a newer generation unchanged. In
 * one write with what the failure showed: between two, a worker that is killed would leave the token without either record.
 * @param refusal the provider's, if it refused the token, rather than that it must not or cannot be sent
 */
export async function recordRejection(
  before: StoredSession,
  { sessions, clients, settings, world }: Dependencies,
  refusal?: RefreshFailure,
): Promise<void> {
  const client = clients.getOrFail(before.clientId);
  const isShared = sessions.list().some((session) => {
    const other = clients.find(session.clientId);
    return other && mayShareGrant({ session: before, client }, { session, client: other });
  });
  const rejection = { type: client.type, isRefused: refusal !== undefined, isShared };
  await sessions.update(before.id, (session) => {
    if (session.generation !== before.generation || !isUsable(session)) return session;
    const failed = refusal === undefined ? session : afterFailure(session, before, refusal);
    return afterRejection(failed, rejection, settings(), world.nowMs());
  });
  world.notifyExtensionPages();
}
