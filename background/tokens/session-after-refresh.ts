import type { ClientConfiguration } from '#core/client/client-configuration.ts';
import { profileOf, refreshTokenLifetimeMs } from '#core/provider/provider-profile.ts';
import type { ProviderType } from '#core/provider/provider-type.ts';
import type { RefreshFailure } from '#core/session/refresh-plan.ts';
import {
  isSameAccount,
  neverMs,
  withStatus,
  type RefreshJournal,
  type Session,
} from '#core/session/session.ts';
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
  /**
   * The old one is kept because the new one cannot be used, although this provider supersedes refresh tokens: whether the
   * response has an access token. Absent otherwise.
   */
  readonly unusable?: { readonly isAccepted: boolean } | undefined;
}

/** The session with another journal, or without one. */
function withJournal(
  { journal: _journal, ...session }: StoredSession,
  journal: RefreshJournal | undefined,
): StoredSession {
  return journal === undefined ? session : { ...session, journal };
}

/**
 * The session with the refresh token of a response, new or kept. Its journal ends, except after an unusable refresh token: the
 * provider may have replaced the one that is kept, as after a lost response.
 */
export function withRotation(
  { journal, ...session }: StoredSession,
  sealedRefreshToken: Sealed,
  { refreshToken, refreshLifetimeMs, receivedAtMs: refreshedAtMs, unusable }: Rotation,
): StoredSession {
  const { refreshTokenExpiresAtMs: formerMs, ...rest } = session;
  const keptMs = refreshToken === undefined ? formerMs : undefined;
  const expiresAtMs =
    refreshLifetimeMs === undefined ? keptMs : Math.min(refreshedAtMs + refreshLifetimeMs, neverMs);
  const expiry = expiresAtMs === undefined ? {} : { refreshTokenExpiresAtMs: expiresAtMs };
  const rotated = { ...rest, sealedRefreshToken, refreshedAtMs, ...expiry };
  if (unusable === undefined || journal === undefined) return rotated;
  const { generation } = session;
  // If the provider accepted the token that is kept, its retry window begins now.
  return unusable.isAccepted
    ? { ...rotated, journal: { ...withoutLate(journal), generation, startedAtMs: refreshedAtMs } }
    : { ...rotated, journal: { ...journal, generation } };
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
  const opened = isLateUnused
    ? withJournal(session, session.journal && withoutLate(session.journal))
    : session;
  const closed = mayHaveRotated ? opened : withJournal(session, before.journal);
  const count = (session.unknownRefusals?.count ?? 0) + 1;
  return error === undefined ? closed : { ...closed, unknownRefusals: { error, count } };
}

function withoutLate({ lateAtMs: _late, ...journal }: RefreshJournal): RefreshJournal {
  return journal;
}

/** The session after a successful refresh; the same object when nothing changes. Its refusals end. */
export function afterRefresh(
  session: StoredSession,
  { scopes }: TokenSet,
  nowMs: number,
): StoredSession {
  const { unknownRefusals, ...rest } = session;
  const valid = withStatus(unknownRefusals === undefined ? session : rest, 'valid', nowMs);
  const isSame = scopes === undefined || scopes.join(' ') === session.scopes.join(' ');
  return isSame ? valid : { ...valid, scopes };
}

/** Two sessions of this browser, each with its client. */
interface Pair {
  readonly session: Session;
  readonly client: ClientConfiguration;
}

/**
 * Whether the grant of a session may have been replaced or ended by another session of this browser: one of the same app and
 * account, or, if the account of one of the two is not known, one that signed in later.
 */
export function mayShareGrant(one: Pair, other: Pair): boolean {
  const isSameApp =
    one.client.type === other.client.type && one.client.clientId === other.client.clientId;
  if (one.session.id === other.session.id || !isSameApp) return false;
  const accounts = [one.session.account, other.session.account] as const;
  const isUnknown = accounts.some(({ accountId }) => accountId === undefined);
  return isUnknown
    ? other.session.signedInAtMs > one.session.signedInAtMs
    : isSameAccount(...accounts);
}

/**
 * The session after its refresh token was rejected. `unrecoverable` when the token had expired: the refresh token, or the
 * access token of a session without one. Otherwise `recoverable`. If the provider rejected it (`isRefused`), neither for its
 * age nor after a lost response nor for another session of this browser (`isShared`), the account probably signed in to the app in another browser; a changed password and removed access
 * have the same error.
 * @see Atlassian, "OAuth 2.0 (3LO) apps": one grant for each app and account
 */
export function afterRejection(
  session: StoredSession,
  {
    type,
    isRefused,
    isShared,
  }: {
    readonly type: ProviderType;
    readonly isRefused: boolean;
    readonly isShared: boolean;
  },
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
  const isExplained = status === 'unrecoverable' || session.journal !== undefined || isShared;
  return isRefused && hasOneGrantPerAccount && !isExplained
    ? { ...rejected, probableCause: 'signed-in-elsewhere' }
    : rejected;
}
