import type { ProviderType } from '#core/provider/provider-type.ts';
import { BrokerError, type FaultCode } from '#core/values/fault.ts';
import { unknownRefusal, type TokenGrant, type TokenRefusal } from '../refusal-fault.ts';

/** What a definitive error code means, for each grant. */
type Meaning = Readonly<Record<TokenGrant, FaultCode>>;
const forBoth = (code: FaultCode): Meaning => ({ code, refresh: code });
const clientRejected = forBoth('client_rejected');
const grantRejected = forBoth('grant_rejected');
const requestRejected = forBoth('authorization_failed');
const rateLimited = forBoth('rate_limited');

type Meanings = Readonly<Record<string, Meaning>>;

/** @see RFC 6749, section 5.2; RFC 8628, section 3.5 (`slow_down`); RFC 8707, section 2 */
const ofEveryType: Meanings = {
  invalid_client: clientRejected,
  unauthorized_client: clientRejected,
  invalid_grant: grantRejected,
  invalid_request: requestRejected,
  invalid_scope: requestRejected,
  invalid_target: requestRejected,
  unsupported_grant_type: requestRejected,
  rate_limited: rateLimited,
  rate_limit_exceeded: rateLimited,
  ratelimited: rateLimited,
  slow_down: rateLimited,
  too_many_requests: rateLimited,
};

/** Sent by Auth0 for a wrong client secret. */
const ofAuth0: Meanings = { access_denied: clientRejected };

/** @see Atlassian, "OAuth 2.0 (3LO) apps", "Known issues and FAQ" */
const ofAtlassianCloud: Meanings = {
  ...ofEveryType,
  ...ofAuth0,
  // `refresh_token is invalid`
  unauthorized_client: { code: 'client_rejected', refresh: 'grant_rejected' },
};

/**
 * The person has to sign in again: the refresh token does not suffice any more. OpenID Connect has these codes at the
 * authorization endpoint alone.
 * @see Microsoft, "Microsoft identity platform and OAuth 2.0 authorization code flow", "Error codes for token endpoint
 *   errors"; MSAL, `InteractionRequiredAuthErrorCodes`, those that a server sends
 */
const ofMicrosoft: Meanings = {
  ...ofEveryType,
  bad_token: grantRejected,
  consent_required: grantRejected,
  interaction_required: grantRejected,
  login_required: grantRejected,
};

/**
 * The codes of all providers that a person may describe. Slack's `token_expired` and `token_revoked` are not among them:
 * they concern the token of an API call.
 * @see GitHub, "Troubleshooting OAuth app access token request errors"; "Refreshing user access tokens"
 * @see Slack, `oauth.v2.access`
 */
const ofAnyProvider: Meanings = {
  ...ofAuth0,
  ...ofMicrosoft,
  incorrect_client_credentials: clientRejected,
  bad_client_secret: clientRejected,
  invalid_client_id: clientRejected,
  invalid_client_secret: clientRejected,
  bad_refresh_token: grantRejected,
  bad_verification_code: grantRejected,
  // Registered for device codes, which are never sent here: the token that expired is the one of the request.
  expired_token: grantRejected,
  invalid_code: grantRejected,
  invalid_refresh_token: grantRejected,
  redirect_uri_mismatch: requestRejected,
};

const meanings: Readonly<Record<ProviderType, Meanings>> = {
  'atlassian-cloud': ofAtlassianCloud,
  'atlassian-gov-cloud': ofAtlassianCloud,
  // @see Atlassian, "OAuth 2.0 provider API", "Error responses"
  'data-center': ofEveryType,
  'application-link': {},
  generic: ofAnyProvider,
  // @see Google, "Using OAuth 2.0 for Web Server Applications", "Errors"
  google: { ...ofEveryType, redirect_uri_mismatch: requestRejected },
  microsoft: ofMicrosoft,
  oauth1: {},
};

/** Whether the documentation of a type of provider says what an OAuth error means. */
export function isKnownError(type: ProviderType, error: string): boolean {
  return Object.hasOwn(meanings[type], error);
}

/**
 * The fault for an unsuccessful response of a token endpoint. Only an OAuth error that the type of provider is known to
 * send rejects grant or client, with any status: Atlassian responds to an invalid refresh token with 403, GitHub with 200.
 */
export function tokenFault(
  type: ProviderType,
  grant: TokenGrant,
  refusal: TokenRefusal,
): BrokerError {
  const { error = '', retryAfterMs } = refusal;
  const code = isKnownError(type, error) ? meanings[type][error]?.[grant] : undefined;
  if (code === undefined) return unknownRefusal(grant, refusal);
  if (code !== 'rate_limited') return new BrokerError(code, { subject: error });
  return new BrokerError(code, retryAfterMs === undefined ? {} : { retryAfterMs });
}
