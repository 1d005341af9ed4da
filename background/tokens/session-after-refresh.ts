import { refreshTokenLifetimeMs } from '#core/provider/provider-profile.ts';
import type { ProviderType } from '#core/provider/provider-type.ts';
import { withStatus, type RefreshJournal } from '#core/session/session.ts';
import type { Settings } from '#core/values/settings.ts';
import type { TokenSet } from '#oauth/token-set.ts';
import type { StoredSession } from '#storage/schema.ts';

/** The session with another journal, or without one. */
export function withJournal(
  { journal: _journal, ...session }: StoredSession,
  journal: RefreshJournal | undefined,
): StoredSession {
  return journal === undefined ? session : { ...session, journal };
}

/** The session after a successful refresh; the same object when nothing changes. */
export function afterRefresh(
  session: StoredSession,
  { scopes }: TokenSet,
  nowMs: number,
): StoredSession {
  const valid = withStatus(session, 'valid', nowMs);
  const isSame = scopes === undefined || scopes.join(' ') === session.scopes.join(' ');
  return isSame ? valid : { ...valid, scopes };
}

/**
 * The session after the provider rejected its refresh token. `unrecoverable` when the token had expired: the refresh
 * token, or the access token of a session without one. Otherwise `recoverable`.
 */
export function afterRejection(
  session: StoredSession,
  type: ProviderType,
  settings: Settings,
  nowMs: number,
): StoredSession {
  const endedAtMs =
    session.endsAtMs ?? session.refreshedAtMs + refreshTokenLifetimeMs(type, settings);
  const status = nowMs > endedAtMs ? 'unrecoverable' : 'recoverable';
  return withJournal(withStatus(session, status, nowMs), undefined);
}
