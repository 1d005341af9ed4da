import { unknownErrorSubject, unprocessed } from '#core/session/refresh-plan.ts';
import { BrokerError, type FaultCode } from '#core/values/fault.ts';

/** The grant of a token request. The same error can mean different things for each. */
export type TokenGrant = 'code' | 'refresh';

/** What is known of an unsuccessful response of a token endpoint. */
export interface TokenRefusal {
  readonly status: number;
  /** The OAuth error of its body, see `oauthErrorOf`. */
  readonly error: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** What a definitive error code means, for each grant. */
type Meaning = Readonly<Record<TokenGrant, FaultCode>>;
const forBoth = (code: FaultCode): Meaning => ({ code, refresh: code });
const clientRejected = forBoth('client_rejected');
const grantRejected = forBoth('grant_rejected');
const requestRejected = forBoth('authorization_failed');
const rateLimited = forBoth('rate_limited');

/**
 * @see RFC 6749, sections 4.1.2.1 and 5.2; RFC 8628, section 3.5; RFC 8707, section 2
 * @see Atlassian, "OAuth 2.0 (3LO) apps", "Known issues and FAQ" (`access_denied` for a wrong client secret)
 * @see GitHub, "Troubleshooting OAuth app access token request errors"; Slack, `oauth.v2.access`; Microsoft, "Microsoft
 *   identity platform and OAuth 2.0 authorization code flow", "Error codes for token endpoint errors"
 */
const meanings: Readonly<Record<string, Meaning>> = {
  invalid_client: clientRejected,
  access_denied: clientRejected,
  incorrect_client_credentials: clientRejected,
  bad_client_secret: clientRejected,
  invalid_client_id: clientRejected,
  invalid_client_secret: clientRejected,
  unauthorized_client: { code: 'client_rejected', refresh: 'grant_rejected' },
  invalid_grant: grantRejected,
  bad_refresh_token: grantRejected,
  bad_verification_code: grantRejected,
  consent_required: grantRejected,
  expired_token: grantRejected,
  interaction_required: grantRejected,
  invalid_code: grantRejected,
  invalid_refresh_token: grantRejected,
  invalid_request: requestRejected,
  invalid_scope: requestRejected,
  invalid_target: requestRejected,
  redirect_uri_mismatch: requestRejected,
  unsupported_grant_type: requestRejected,
  rate_limited: rateLimited,
  rate_limit_exceeded: rateLimited,
  ratelimited: rateLimited,
  slow_down: rateLimited,
  too_many_requests: rateLimited,
};

/** Error codes of a server that failed. @see RFC 6749, section 4.1.2.1 */
const serverErrors: ReadonlySet<string> = new Set(['server_error', 'temporarily_unavailable']);

/**
 * The fault for an unsuccessful response of a token endpoint. Only an OAuth error rejects grant or client, with any
 * status: Atlassian responds to an invalid refresh token with 403, GitHub with 200. Without an OAuth error, or with an
 * unknown one, an intermediary or another server may have responded, and the status says what is known of the token:
 * with 503 it was not rotated, and a 3xx or 4xx is not from the token endpoint.
 */
export function tokenFault(
  grant: TokenGrant,
  { status, error, retryAfterMs }: TokenRefusal,
): BrokerError {
  const code = meaningOf(error)?.[grant];
  if (code === 'rate_limited' || (code === undefined && status === 429))
    return new BrokerError('rate_limited', retryAfterMs === undefined ? {} : { retryAfterMs });
  if (code !== undefined && error !== undefined) return new BrokerError(code, { subject: error });
  return isServerFailure({ status, error })
    ? new BrokerError('provider_unreachable', subjectOf(grant, { status, error }))
    : unreadable(grant, { status, error });
}

function meaningOf(error = ''): Meaning | undefined {
  return Object.hasOwn(meanings, error) ? meanings[error] : undefined;
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

/** What tells {@link refreshFailure} whether the token may have been rotated. */
function subjectOf(grant: TokenGrant, { status, error }: TokenRefusal): { subject?: string } {
  if (status === 503) return { subject: unprocessed };
  if (error !== undefined && !serverErrors.has(error) && grant === 'refresh')
    return { subject: unknownErrorSubject(error) };
  const isRefused = status >= 300 && status < 500 && status !== 408 && error === undefined;
  return isRefused ? { subject: String(status) } : {};
}
