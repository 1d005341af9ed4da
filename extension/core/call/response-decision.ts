import { readRetryAfterMs } from '../protocol/retry-after.ts';
import type { HttpMethod } from './http-method.ts';
import { rejectionReasonOf } from './rejection-reason.ts';

/** A pause of random length in this range, in milliseconds, so that many callers do not retry at the same time. */
export interface PauseRange {
  readonly minMs: number;
  readonly maxMs: number;
}

/** How a call is retried: what is done before it is sent again. */
export type Retry =
  | { readonly act: 'refresh-and-retry' }
  | { readonly act: 'sign-again-and-retry' }
  | { readonly act: 'reinstall-rules-and-retry' }
  | { readonly act: 'retry-after-consent'; readonly pause: PauseRange }
  | { readonly act: 'retry-read'; readonly pause: PauseRange };

/** What is done after a response. */
export type Decision =
  | Retry
  /** The request was not made with the session's rights: the page gets neither body nor status. */
  | { readonly act: 'refuse'; readonly code: 'answered_as_anonymous' | 'outcome_unknown' }
  | { readonly act: 'deliver'; readonly showsStaleSites: boolean };

/** A call that was sent. */
export interface SentCall {
  readonly method: HttpMethod;
  /** Whether the call changes nothing: `GET`, `HEAD` and searches by `POST`. */
  readonly isReading: boolean;
  /** The earlier retries of this call, in order. */
  readonly retries: readonly Retry['act'][];
  readonly nowMs: number;
}

/** A response, with the call that it answers. */
export interface ReceivedResponse extends SentCall {
  readonly status: number;
  /** The body or its beginning when {@link isBodyNeeded}; else empty. */
  readonly bodyText: string;
  /** The header `Retry-After`. */
  readonly retryAfter: string | null;
  /** Whether the response names another user than the session's account, or none. */
  readonly isForOtherUser: boolean;
  /** The access token that was sent. */
  readonly token: { readonly expiresAtMs: number };
  /** When the person last gave consent. */
  readonly consentedAtMs: number;
}

/** A call is sent at most this often, for all reasons to retry together. */
export const maxAttempts = 4;

/** For this long after a consent, in milliseconds, the gateway may not know the new scopes yet. */
const newConsentMs = 60_000;
const consentPause: PauseRange = { minMs: 750, maxMs: 750 };
/** Before the first and before the second retry of a read. */
const readPauses: readonly PauseRange[] = [
  { minMs: 250, maxMs: 500 },
  { minMs: 500, maxMs: 1500 },
];
/** A response with a longer `Retry-After`, in milliseconds, is delivered at once. */
const maxRetryAfterMs = 5000;

/** Whether the decision on a response of this status needs its body. */
export function isBodyNeeded(status: number): boolean {
  return status === 401 || status === 403 || status === 404;
}

/**
 * Decides what is done after a response. A call is retried when the response proves that it was not processed and its
 * cause can be removed, or when the call only reads. Each kind of retry happens once, `retry-read` twice, and
 * {@link maxAttempts} limits all of them together. Bodies are in memory, so every method can be sent again.
 */
export function decideOnResponse(response: ReceivedResponse): Decision {
  const { status, bodyText, isForOtherUser } = response;
  const retry = retryFor(response);
  if (retry !== undefined) return retry;
  // A transient error proves nothing about the token.
  if (isForOtherUser && status < 500 && status !== 429) return decideOnOtherUser(response);
  return { act: 'deliver', showsStaleSites: showsStaleSites(status, bodyText) };
}

/**
 * Decides what is done after the server rejected an OAuth 1.0a signature, or the token that it was made with. Such a
 * request was not processed, so every method may be retried.
 */
export function decideOnRejectedSignature(
  rejected: 'sign-again' | 'renew' | 'stop',
  retries: readonly Retry['act'][],
): Decision {
  const acts = { 'sign-again': 'sign-again-and-retry', renew: 'refresh-and-retry' } as const;
  const retry = rejected === 'stop' ? undefined : once({ retries }, { act: acts[rejected] });
  return retry ?? { act: 'deliver', showsStaleSites: false };
}

/**
 * The retry after the connection broke before a response arrived; undefined for none. A write may have taken effect
 * and is never repeated.
 */
export function retryAfterBrokenConnection(sent: SentCall): Retry | undefined {
  return retryOfRead(sent, null);
}

/** Whether the response shows that the stored sites of the session, or their scopes, are out of date. */
export function showsStaleSites(status: number, bodyText: string): boolean {
  const reason = rejectionReasonOf(status, bodyText);
  return reason === 'scope' || reason === 'site';
}

function retryFor(response: ReceivedResponse): Retry | undefined {
  switch (response.status) {
    case 401:
      return retryOfUnauthorized(response);
    case 403:
    case 404:
      return retryOfForbidden(response);
    case 500:
    case 502:
    case 503:
    case 504:
      return retryOfRead(response, response.retryAfter);
    default:
      return undefined;
  }
}

/**
 * The server did not accept the token, whatever the status says. A read is repeated with another token. A write ran
 * without the account's rights; unless it was rejected, its effect is unknown.
 */
function decideOnOtherUser(response: ReceivedResponse): Decision {
  const { status, isReading } = response;
  const retry = isReading ? once(response, { act: 'refresh-and-retry' }) : undefined;
  const isRejected = status === 401 || status === 403 || status === 404;
  const code = isReading || isRejected ? 'answered_as_anonymous' : 'outcome_unknown';
  return retry ?? { act: 'refuse', code };
}

function retryOfUnauthorized(response: ReceivedResponse): Retry | undefined {
  const { bodyText, nowMs, consentedAtMs } = response;
  const reason = rejectionReasonOf(401, bodyText);
  if (reason === 'scope') {
    const sinceConsentMs = nowMs - consentedAtMs;
    const isNewConsent = sinceConsentMs >= 0 && sinceConsentMs < newConsentMs;
    return isNewConsent && isBodiless(response)
      ? once(response, { act: 'retry-after-consent', pause: consentPause })
      : undefined;
  }
  const isSafe = reason === 'token' || isBodiless(response);
  return isSafe ? once(response, { act: 'refresh-and-retry' }) : undefined;
}

/** The gateway also answers an expired token with 403 or 404. The stored expiry tells these cases apart. */
function retryOfForbidden(response: ReceivedResponse): Retry | undefined {
  const { status, bodyText, token, nowMs, isReading } = response;
  const reason = rejectionReasonOf(status, bodyText);
  if (reason === 'xsrf') return once(response, { act: 'reinstall-rules-and-retry' });
  const isSafe = isReading || reason !== 'other';
  return isSafe && nowMs >= token.expiresAtMs
    ? once(response, { act: 'refresh-and-retry' })
    : undefined;
}

function retryOfRead(sent: SentCall, retryAfter: string | null): Retry | undefined {
  const earlier = sent.retries.filter((act) => act === 'retry-read').length;
  const pause = readPauses[earlier];
  if (pause === undefined || !isBodiless(sent) || isLastAttempt(sent)) return undefined;
  const requestedMs = readRetryAfterMs(retryAfter, sent.nowMs) ?? 0;
  if (requestedMs > maxRetryAfterMs) return undefined;
  const minMs = Math.max(requestedMs, pause.minMs);
  return {
    act: 'retry-read',
    pause: { minMs, maxMs: minMs + pause.maxMs - pause.minMs },
  };
}

function once(sent: Pick<SentCall, 'retries'>, retry: Retry): Retry | undefined {
  return isLastAttempt(sent) || sent.retries.includes(retry.act) ? undefined : retry;
}

function isLastAttempt({ retries }: Pick<SentCall, 'retries'>): boolean {
  return retries.length + 1 >= maxAttempts;
}

function isBodiless({ method }: SentCall): boolean {
  return method === 'GET' || method === 'HEAD';
}
