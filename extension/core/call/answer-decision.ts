import { readRetryAfterMs } from '../protocol/retry-after.ts';
import type { HttpMethod } from './http-method.ts';
import { readRefusal } from './refusal.ts';

/** How long to wait: somewhere in a range, in milliseconds, so that many callers do not come back at once. */
export interface PauseRange {
  readonly leastMs: number;
  readonly mostMs: number;
}

/** A reason to send a call again, and what comes before. */
export type Retry =
  | { readonly act: 'refresh-and-retry' }
  | { readonly act: 'sign-again-and-retry' }
  | { readonly act: 'reinstall-rules-and-retry' }
  | { readonly act: 'retry-after-consent'; readonly pause: PauseRange }
  | { readonly act: 'retry-read'; readonly pause: PauseRange };

/** What to do with an answer. */
export type Verdict =
  | Retry
  /** It was not made with the session's rights: the page gets neither its body nor its status. */
  | { readonly act: 'refuse'; readonly code: 'answered_as_anonymous' | 'outcome_unknown' }
  | { readonly act: 'deliver'; /** See {@link provesStale}. */ readonly provesStale: boolean };

/** What is known of one call when it is judged. */
export interface Sent {
  readonly method: HttpMethod;
  /** Whether it changes nothing, as `GET`, `HEAD` and searches by `POST`. */
  readonly isReading: boolean;
  /** What this call was sent again for before, in order. */
  readonly retries: readonly Retry['act'][];
  readonly nowMs: number;
}

/** An answer with what is known of its call. */
export interface Answered extends Sent {
  readonly status: number;
  /** The body of a status of which {@link isToldByBody} is true, or its beginning. */
  readonly bodyText: string;
  readonly retryAfter: string | null;
  /** Whether it says itself that it is not for the session's account. */
  readonly isForStranger: boolean;
  /** The token that was sent: when it ends as far as is known. */
  readonly token: { readonly expiresAtMs: number };
  /** When the person last consented. */
  readonly consentedAtMs: number;
}

/** The bound of everything below together: no call is sent more often. */
export const mostSendings = 4;

/** Within so many milliseconds after a consent, the gateway may not know of its scopes yet. */
const freshConsentMs = 60_000;
const consentPause: PauseRange = { leastMs: 750, mostMs: 750 };
/** Before the first and the second time that a read is repeated. */
const readPauses: readonly PauseRange[] = [
  { leastMs: 250, mostMs: 500 },
  { leastMs: 500, mostMs: 1500 },
];
/** A page waits no longer than this for a Retry-After, in milliseconds; then it gets the answer as it is. */
const longestRetryAfterMs = 5000;

/** Whether the verdict on this status needs the body. */
export function isToldByBody(status: number): boolean {
  return status === 401 || status === 403 || status === 404;
}

/**
 * What to do with an answer. A call is sent again when the answer proves that nothing ran and there is
 * something to mend, or when it only reads; each remedy is taken once, repeating a read twice, and
 * {@link mostSendings} holds for all of them together. Bodies are in memory, so any method can be repeated.
 */
export function answerVerdict(answered: Answered): Verdict {
  const { status, bodyText, retries, isForStranger } = answered;
  const retry = retries.length + 1 < mostSendings ? remedy(answered) : undefined;
  if (retry !== undefined) return retry;
  // Weather tells nothing of the token.
  if (isForStranger && status < 500 && status !== 429) return strangerVerdict(answered);
  return { act: 'deliver', provesStale: provesStale(status, bodyText) };
}

/**
 * What to do when the server refused the signature of OAuth 1.0a, or the token that it was made with: by that
 * nothing ran, so any method may be repeated.
 */
export function signatureVerdict(
  refused: 'sign-again' | 'renew' | 'stop',
  retries: readonly Retry['act'][],
): Verdict {
  const acts = { 'sign-again': 'sign-again-and-retry', renew: 'refresh-and-retry' } as const;
  const isOver = refused === 'stop' || retries.length + 1 >= mostSendings;
  return isOver || retries.includes(acts[refused])
    ? { act: 'deliver', provesStale: false }
    : { act: acts[refused] };
}

/**
 * What to do when the connection broke before an answer was there: the way to repeat a read, or undefined. A
 * write may have taken effect and is never repeated.
 */
export function brokenVerdict(sent: Sent): Retry | undefined {
  return sent.retries.length + 1 < mostSendings ? readAgain(sent, null) : undefined;
}

/** Whether the answer shows that the session's sites or their scopes are not what they were. */
export function provesStale(status: number, bodyText: string): boolean {
  if (status !== 401 && status !== 403) return false;
  const refusal = readRefusal(status, bodyText);
  return refusal === 'scope' || refusal === 'site';
}

function remedy(answered: Answered): Retry | undefined {
  switch (answered.status) {
    case 401:
      return remedyOfUnauthorized(answered);
    case 403:
    case 404:
      return remedyOfForbidden(answered);
    case 500:
    case 502:
    case 503:
    case 504:
      return readAgain(answered, answered.retryAfter);
    default:
      return undefined;
  }
}

/**
 * The token was not taken, whatever the status says. A read is repeated with another token; a write was judged
 * without the person's rights, and unless it was turned away nobody knows what it did.
 */
function strangerVerdict(answered: Answered): Verdict {
  const { status, isReading, retries } = answered;
  const refresh = { act: 'refresh-and-retry' } as const;
  const retry =
    isReading && retries.length + 1 < mostSendings ? once(answered, refresh) : undefined;
  const isTurnedAway = status === 401 || status === 403 || status === 404;
  const code = isReading || isTurnedAway ? 'answered_as_anonymous' : 'outcome_unknown';
  return retry ?? { act: 'refuse', code };
}

function remedyOfUnauthorized(answered: Answered): Retry | undefined {
  const { bodyText, nowMs, consentedAtMs } = answered;
  const refusal = readRefusal(401, bodyText);
  if (refusal === 'scope') {
    const sinceConsentMs = nowMs - consentedAtMs;
    const isFresh = sinceConsentMs >= 0 && sinceConsentMs < freshConsentMs;
    return isFresh && isBodiless(answered)
      ? once(answered, { act: 'retry-after-consent', pause: consentPause })
      : undefined;
  }
  const isSafe = refusal === 'token' || isBodiless(answered);
  return isSafe ? once(answered, { act: 'refresh-and-retry' }) : undefined;
}

/** The gateway has answered an expired token with 403 and 404 as well; by the stored expiry they are told apart. */
function remedyOfForbidden(answered: Answered): Retry | undefined {
  const { status, bodyText, token, nowMs, isReading } = answered;
  const refusal = readRefusal(status, bodyText);
  if (refusal === 'xsrf') return once(answered, { act: 'reinstall-rules-and-retry' });
  const isSafe = isReading || refusal !== 'other';
  return isSafe && nowMs >= token.expiresAtMs
    ? once(answered, { act: 'refresh-and-retry' })
    : undefined;
}

function readAgain(sent: Sent, retryAfter: string | null): Retry | undefined {
  const earlier = sent.retries.filter((act) => act === 'retry-read').length;
  const pause = readPauses[earlier];
  if (pause === undefined || !isBodiless(sent)) return undefined;
  const askedMs = readRetryAfterMs(retryAfter, sent.nowMs) ?? 0;
  if (askedMs > longestRetryAfterMs) return undefined;
  const leastMs = Math.max(askedMs, pause.leastMs);
  return {
    act: 'retry-read',
    pause: { leastMs, mostMs: leastMs + pause.mostMs - pause.leastMs },
  };
}

function once({ retries }: Sent, retry: Retry): Retry | undefined {
  return retries.includes(retry.act) ? undefined : retry;
}

function isBodiless({ method }: Sent): boolean {
  return method === 'GET' || method === 'HEAD';
}
