import { profileOf, refreshTokenLifetimeMs } from '#core/provider/provider-profile.ts';
import type { ProviderType } from '#core/provider/provider-type.ts';
import type { RefreshFailure } from '#core/session/refresh-plan.ts';
import { neverMs, withStatus, type RefreshJournal } from '#core/session/session.ts';
import type { Secret } from '#core/values/secret.ts';
import type { Settings } from '#core/values/settings.ts';
import type { TokenSet } from '#oauth/token-set.ts';
import type { StoredSession } from '#storage/schema.ts';
import type { Sealed } from '#storage/sealed.ts';

/** What a response says of the refresh token. */
interface Rotation {
  /** The new one; absent when the old one is kept. */
  readonly refreshToken?: Secret;
  readonly refreshLifetimeMs?: number;
  readonly receivedAtMs: number;
}

/** The session with another journal, or without one. */
function withJournal(
  { journal: _journal, ...session }: StoredSession,
  journal: RefreshJournal | undefined,
): StoredSession {
  return journal === undefined ? session : { ...session, journal };
}

/** The session with the refresh token of a response, new or kept. Its journal and its refusals end. */
export function withRotation(
  { journal: _journal, unknownRefusals: _refusals, ...session }: StoredSession,
  sealedRefreshToken: Sealed,
  { refreshToken, refreshLifetimeMs, receivedAtMs: refreshedAtMs }: Rotation,
): StoredSession {
  const { refreshTokenExpiresAtMs: formerMs, ...rest } = session;
  const keptMs = refreshToken === undefined ? formerMs : undefined;
  const expiresAtMs =
    refreshLifetimeMs === undefined ? keptMs : Math.min(refreshedAtMs + refreshLifetimeMs, neverMs);
  const expiry = expiresAtMs === undefined ? {} : { refreshTokenExpiresAtMs: expiresAtMs };
  return { ...rest, sealedRefreshToken, refreshedAtMs, ...expiry };
}

/**
 * The session after a failed attempt. If the provider certainly did not rotate the token, the journal is as it was before;
 * if an intermediary responded, only the late attempt is not used up.
 */
export function afterFailure(
  session: StoredSession,
  before: StoredSession,
  { mayHaveRotated, isIntermediary, unknownError: error }: RefreshFailure,
): StoredSession {
  const isLateUnused = isIntermediary && before.journal?.lateAtMs === undefined;
  const opened = isLateUnused ? withJournal(session, withoutLate(session.journal)) : session;
  const closed = mayHaveRotated ? opened : withJournal(session, before.journal);
  const count = (session.unknownRefusals?.count ?? 0) + 1;
  return error === undefined ? closed : { ...closed, unknownRefusals: { error, count } };
}

function withoutLate(journal: RefreshJournal | undefined): RefreshJournal | undefined {
  if (journal === undefined) return undefined;
  const { lateAtMs: _late, ...rest } = journal;
  return rest;
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
 * The session after its refresh token was rejected. `unrecoverable` when the token had expired: the refresh token, or the
 * access token of a session without one. Otherwise `recoverable`. If the provider rejected it (`isRefused`), neither for its
 * age nor after a lost response, the account probably signed in to the app elsewhere; a changed password and removed access
 * have the same error.
 * @see Atlassian, "OAuth 2.0 (3LO) apps": one grant for each app and account
 */
export function afterRejection(
  session: StoredSession,
  { type, isRefused }: { readonly type: ProviderType; readonly isRefused: boolean },
  settings: Settings,
  nowMs: number,
): StoredSession {
  const endedAtMs =
    session.endsAtMs ??
    session.refreshTokenExpiresAtMs ??
    session.refreshedAtMs + refreshTokenLifetimeMs(type, settings);
  const status = nowMs > endedAtMs ? 'unrecoverable' : 'recoverable';
  const rejected = withJournal(withStatus(session, status, nowMs), undefined);
  const { hasOneGrantPerAccount } = profileOf(type);
  const isExplained = status === 'unrecoverable' || session.journal !== undefined;
  return isRefused && hasOneGrantPerAccount && !isExplained
    ? { ...rejected, probableCause: 'signed-in-elsewhere' }
    : rejected;
}
