import { refreshTokenLifetimeMs } from '../../extension/core/provider/provider-profile.ts';
import type { ProviderType } from '../../extension/core/provider/provider-type.ts';
import { withStatus, type RefreshJournal } from '../../extension/core/session/session.ts';
import type { Settings } from '../../extension/core/values/settings.ts';
import type { TokenSet } from '../../extension/oauth/token-set.ts';
import type { StoredSession } from '../../extension/storage/schema.ts';

/** The session with another note of its refresh, or with none. */
export function withJournal(
  { journal: _journal, ...session }: StoredSession,
  journal: RefreshJournal | undefined,
): StoredSession {
  return journal === undefined ? session : { ...session, journal };
}

/** The session after a refresh that worked; the same object when it says nothing new. */
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
 * The session after the provider's verdict. Its status is `unrecoverable` at once when nothing could have
 * been expected: its refresh token, or an access token that had none beside it, had come to its end.
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
