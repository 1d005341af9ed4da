import { unknownErrorSubject, unprocessed } from '#core/session/refresh-plan.ts';
import { BrokerError } from '#core/values/fault.ts';

/** The grant of a request for tokens. The same error can mean different things for each. */
export type TokenGrant = 'code' | 'refresh';

/** What is known of an unsuccessful response to a request for tokens. */
export interface TokenRefusal {
  readonly status: number;
  /** The error code of its body or its challenge; undefined for a response that has none. */
  readonly error: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** Error codes of a server that failed. @see RFC 6749, section 4.1.2.1 */
const serverErrors: ReadonlySet<string> = new Set(['server_error', 'temporarily_unavailable']);

/**
 * The fault for a response without an error code, or with an unknown one: an intermediary or another server may have
 * responded. No status rejects grant or client. It says what is known of the token: with 503 it was not rotated, and a
 * 3xx or 4xx is not from the endpoint.
 */
export function unknownRefusal(
  grant: TokenGrant,
  { status, error, retryAfterMs }: TokenRefusal,
): BrokerError {
  if (status === 429)
    return new BrokerError('rate_limited', retryAfterMs === undefined ? {} : { retryAfterMs });
  const refusal = { status, error };
  return isServerFailure(refusal)
    ? new BrokerError('provider_unreachable', subjectOf(grant, refusal))
    : unreadable(grant, refusal);
}

/** Whether the server failed, or did not respond in time: the outcome of the request is not known. */
export function isServerFailure({ status, error }: TokenRefusal): boolean {
  return status >= 500 || status === 408 || serverErrors.has(error ?? '');
}

function unreadable(grant: TokenGrant, { status, error }: TokenRefusal): BrokerError {
  if (grant === 'code' && error !== undefined)
    return new BrokerError('authorization_failed', { subject: error });
  return new BrokerError('provider_answer_invalid', subjectOf(grant, { status, error }));
}

/** What tells `refreshFailure` whether the token may have been rotated. */
function subjectOf(grant: TokenGrant, { status, error }: TokenRefusal): { subject?: string } {
  if (status === 503) return { subject: unprocessed };
  if (error !== undefined && !serverErrors.has(error) && grant === 'refresh')
    return { subject: unknownErrorSubject(error) };
  const isRefused = status >= 300 && status < 500 && status !== 408 && error === undefined;
  return isRefused ? { subject: String(status) } : {};
}
