import { BrokerError, type FaultCode } from '#core/values/fault.ts';
import { unknownRefusal, type TokenGrant, type TokenRefusal } from '../refusal-fault.ts';

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

/**
 * The fault for an unsuccessful response of a token endpoint. Only an OAuth error rejects grant or client, with any
 * status: Atlassian responds to an invalid refresh token with 403, GitHub with 200.
 */
export function tokenFault(grant: TokenGrant, refusal: TokenRefusal): BrokerError {
  const { error = '', retryAfterMs } = refusal;
  const meaning = Object.hasOwn(meanings, error) ? meanings[error] : undefined;
  if (meaning === undefined) return unknownRefusal(grant, refusal);
  const code = meaning[grant];
  if (code !== 'rate_limited') return new BrokerError(code, { subject: error });
  return new BrokerError(code, retryAfterMs === undefined ? {} : { retryAfterMs });
}
