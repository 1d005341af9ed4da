import type { ClientId } from '../client/client-configuration.ts';
import type { Brand } from '../values/brand.ts';
import type { Settings } from '../values/settings.ts';
import type { Site, SiteKey } from './site.ts';

/** Id of a session: a random UUID. */
export type SessionId = Brand<'SessionId'>;

/** The end of a token that has none: the last instant of all, in epoch milliseconds. @see ECMA-262, "Time Values" */
export const neverMs = 8_640_000_000_000_000;

/** How a session stands, in the words of Data Center's OAuth 2.0 client. */
export const sessionStatuses = ['unknown', 'valid', 'recoverable', 'unrecoverable'] as const;
/** See {@link sessionStatuses}. `recoverable` and `unrecoverable` ask for consent again. */
export type SessionStatus = (typeof sessionStatuses)[number];

/** Who signed in, as `/me` told it; all unknown when the scope `read:me` was not granted. */
export interface Account {
  readonly accountId?: string;
  /** What stays when a user of Jira or Confluence Data Center is renamed, whose name is the `accountId`. */
  readonly key?: string;
  readonly name?: string;
  readonly email?: string;
}

/** Written before a refresh is sent and cleared with its result, so that a crash between shows. */
export interface RefreshJournal {
  /** The generation whose refresh token was sent. */
  readonly generation: number;
  readonly startedAtMs: number;
  readonly attempts: number;
  /** When the last of them was sent. */
  readonly lastAttemptAtMs?: number;
  /** When the one attempt after the provider's retry window was sent; absent before it. */
  readonly lateAtMs?: number;
}

/** One grant of one account. Holds no token: those are sealed beside it or live in memory. */
export interface Session {
  readonly id: SessionId;
  readonly clientId: ClientId;
  readonly account: Account;
  readonly sites: readonly Site[];
  readonly sitesReadAtMs: number;
  /** Sites that the grant reached once and no longer does. */
  readonly lostSites: readonly Site[];
  /** False while nobody could be asked yet whose session it is. */
  readonly isIdentified: boolean;
  /** The site that the popup shows as current. */
  readonly currentSite?: SiteKey;
  readonly scopes: readonly string[];
  readonly status: SessionStatus;
  readonly statusSinceMs: number;
  /** Grows by one with every rotation; a lower generation never overwrites a higher one. */
  readonly generation: number;
  readonly signedInAtMs: number;
  readonly refreshedAtMs: number;
  /** When a session without a refresh token ends, or `neverMs`; absent when it can be refreshed. */
  readonly endsAtMs?: number;
  readonly journal?: RefreshJournal;
}

/** Whether two answers tell of one account; the key decides where both have one. */
export function isSameAccount(one: Account, other: Account): boolean {
  if (one.key !== undefined && other.key !== undefined) return one.key === other.key;
  return one.accountId !== undefined && one.accountId === other.accountId;
}

/** Whether a session that cannot be refreshed lives too short to be of use, and is told so. */
export function isShortLived(
  { endsAtMs, refreshedAtMs }: Pick<Session, 'endsAtMs' | 'refreshedAtMs'>,
  { minimumAccessTokenOnlyLifetimeDays: days }: Settings,
): boolean {
  return endsAtMs !== undefined && endsAtMs - refreshedAtMs < days * 86_400_000;
}

/** Whether the session can serve calls without the person. */
export function isUsable({ status }: Pick<Session, 'status'>): boolean {
  return status === 'valid' || status === 'unknown';
}

/** The same session with another status; keeps the moment when the status is the same. */
export function withStatus<S extends Session>(session: S, status: SessionStatus, nowMs: number): S {
  return session.status === status ? session : { ...session, status, statusSinceMs: nowMs };
}
