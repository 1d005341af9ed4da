import type { ClientId } from '../client/client-configuration.ts';
import type { Brand } from '../values/brand.ts';
import { BrokerError } from '../values/fault.ts';
import type { Settings } from '../values/settings.ts';
import type { KnownSites } from './site-changes.ts';

/** Id of a session: a random UUID. */
export type SessionId = Brand<'SessionId'>;

/** The expiry of a token that does not expire: the latest time value, in epoch milliseconds. @see ECMA-262, "Time Values" */
export const neverMs = 8_640_000_000_000_000;

/** The states of a session, named as in Data Center's OAuth 2.0 client. */
export const sessionStatuses = ['unknown', 'valid', 'recoverable', 'unrecoverable'] as const;
/** `valid` and `unknown` can serve calls; `recoverable` and `unrecoverable` need a new sign-in. */
export type SessionStatus = (typeof sessionStatuses)[number];

/** The account that signed in, from `/me`. Empty when the scope `read:me` was not granted. */
export interface Account {
  readonly accountId?: string;
  /** Of Jira and Confluence Data Center: stays the same when the user is renamed. There the `accountId` is the user name. */
  readonly key?: string;
  readonly name?: string;
  readonly email?: string;
}

/** Written before a refresh is sent and cleared with its result, so that a crash in between is detected. */
export interface RefreshJournal {
  /** The generation whose refresh token was sent. */
  readonly generation: number;
  readonly startedAtMs: number;
  readonly attempts: number;
  /** When the last attempt was sent. */
  readonly lastAttemptAtMs?: number;
  /** When the one attempt after the provider's retry window was sent; absent before it. */
  readonly lateAtMs?: number;
}

/** How often the provider refused a refresh with an OAuth error whose meaning is not known, since the last success. */
export interface UnknownRefusals {
  /** The last error. */
  readonly error: string;
  readonly count: number;
}

/**
 * Why a session needs a new sign-in.
 * - `signed-in-elsewhere`: the provider refused the refresh token. Its error names no cause, and other causes look the same.
 * - `client-edited`: an edit of the client ended the session, which could not be removed yet.
 */
export const probableCauses = ['signed-in-elsewhere', 'client-edited'] as const;
export type ProbableCause = (typeof probableCauses)[number];

/** The sites of a session as they were read last. */
export interface SessionSites extends KnownSites {
  /** When they were read, in epoch milliseconds; 0 when they could not be read yet. */
  readonly sitesReadAtMs: number;
  /** How many entries of the last list of sites could not be read; absent when there was none. */
  readonly unreadableSites?: number;
}

/** One grant of one account. Without tokens: they are stored encrypted beside it, or kept in memory. */
export interface Session extends SessionSites {
  readonly id: SessionId;
  readonly clientId: ClientId;
  readonly account: Account;
  /** The person's own name for the session, see {@link normaliseLabel}. */
  readonly label?: string;
  /** False until the account has been read. */
  readonly isIdentified: boolean;
  /** The session that the person chose to renew; absent when the account has been read. */
  readonly renews?: SessionId;
  readonly scopes: readonly string[];
  readonly status: SessionStatus;
  readonly statusSinceMs: number;
  /** Increases by one with every rotation. A lower generation never overwrites a higher one. */
  readonly generation: number;
  readonly signedInAtMs: number;
  readonly refreshedAtMs: number;
  /** When a session without a refresh token ends, or `neverMs`; absent when it can be refreshed. */
  readonly endsAtMs?: number;
  /** When the refresh token expires, if the provider said so. */
  readonly refreshTokenExpiresAtMs?: number;
  readonly unknownRefusals?: UnknownRefusals;
  /** Why the session has its status, if that is known or there is a guess. */
  readonly probableCause?: ProbableCause;
  readonly journal?: RefreshJournal;
}

/** The most characters of a session's label. */
export const maxLabelLength = 60;

/** A label as it is stored: without characters that control the text, and trimmed; undefined for none. */
export function normaliseLabel(text: string): string | undefined {
  const label = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ').trim();
  if (label === '') return undefined;
  return label
    .slice(0, maxLabelLength)
    .replace(/\p{Surrogate}$/u, '')
    .trim();
}

/** What a person reads for the account of a session; undefined when neither a name nor an e-mail address is known. */
export function displayName({
  label,
  account,
}: Pick<Session, 'label' | 'account'>): string | undefined {
  return label ?? account.name ?? account.email;
}

/** Whether both are the same account. Compares the keys if both have one, otherwise the ids. */
export function isSameAccount(one: Account, other: Account): boolean {
  if (one.key !== undefined && other.key !== undefined) return one.key === other.key;
  return one.accountId !== undefined && one.accountId === other.accountId;
}

/**
 * Whose session it is, as one string: all members of the account, none if the provider does not name it, or the session that
 * is to be renewed while the account is unknown. Its tokens are bound to this. Never reorder or remove a member, and never
 * change one in a migration: stored tokens could not be decrypted.
 */
export function holderOf({
  account,
  isIdentified,
  renews,
}: Pick<Session, 'account' | 'isIdentified' | 'renews'>): string {
  const { accountId, key, name, email } = account;
  const members = [isIdentified, renews, accountId, key, name, email];
  return JSON.stringify(members.map((member) => member ?? null));
}

/** Whether a session without a refresh token is shorter than the setting allows, and is reported. */
export function isShortLived(
  { endsAtMs, refreshedAtMs }: Pick<Session, 'endsAtMs' | 'refreshedAtMs'>,
  { minimumAccessTokenOnlyLifetimeDays: days }: Settings,
): boolean {
  return endsAtMs !== undefined && endsAtMs - refreshedAtMs < days * 86_400_000;
}

/** After so many refusals with an unknown error they are reported. */
const toleratedRefusals = 3;

/** The OAuth error to report, with which the provider repeatedly refuses to refresh the session. */
export function reportedRefusal({
  unknownRefusals,
}: Pick<Session, 'unknownRefusals'>): string | undefined {
  return unknownRefusals && unknownRefusals.count >= toleratedRefusals
    ? unknownRefusals.error
    : undefined;
}

/** Whether the session can serve calls without a new sign-in. */
export function isUsable({ status }: Pick<Session, 'status'>): boolean {
  return status === 'valid' || status === 'unknown';
}

/**
 * Checks that a session can serve calls.
 * @throws BrokerError `consent_required` when it is deleted, or needs a new sign-in
 */
export function requireUsable<S extends Session>(session: S | undefined): S {
  if (session === undefined || !isUsable(session)) throw new BrokerError('consent_required');
  return session;
}

/** The session with another status, and without the cause of the former one; the same object when the status is the same. */
export function withStatus<S extends Session>(session: S, status: SessionStatus, nowMs: number): S {
  if (session.status === status) return session;
  const { probableCause: _former, ...others } = session;
  return { ...others, status, statusSinceMs: nowMs } as S;
}

/** A usable session after an edit of its client that ends it. */
export function endedByEdit<S extends Session>(session: S, nowMs: number): S {
  return { ...withStatus(session, 'recoverable', nowMs), probableCause: 'client-edited' };
}
