import type { ClientConfiguration } from '#core/client/client-configuration.ts';
import { isProblemName } from '#core/protocol/oauth1-problems.ts';
import { BrokerError } from '#core/values/fault.ts';
import { reveal, secret, type Secret } from '#core/values/secret.ts';
import { responseParameters } from '../../redirect-uri.ts';
import type { TokenPair } from '../signing/signed-request.ts';

/** One authorization attempt, kept until its response arrives, in memory or `storage.session` only. */
export interface Oauth1Attempt {
  readonly consumerKey: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly redirectUri: string;
  /** The temporary credentials. @see RFC 5849, section 2.1 */
  readonly requestToken: string;
  readonly requestTokenSecret: string;
}

/** Creates an attempt with temporary credentials. */
export function newOauth1Attempt(
  client: Pick<ClientConfiguration, 'clientId' | 'authorizationEndpoint' | 'tokenEndpoint'>,
  redirectUri: string,
  { token, tokenSecret }: TokenPair,
): Oauth1Attempt {
  return {
    consumerKey: client.clientId,
    authorizationEndpoint: client.authorizationEndpoint,
    tokenEndpoint: client.tokenEndpoint,
    redirectUri,
    requestToken: reveal(token),
    requestTokenSecret: reveal(tokenSecret),
  };
}

/** The temporary credentials of an attempt. */
export function temporaryPairOf(attempt: Oauth1Attempt): TokenPair {
  return { token: secret(attempt.requestToken), tokenSecret: secret(attempt.requestTokenSecret) };
}

/** Atlassian sends this instead of a verifier when the person denies access. */
const denied = 'denied';

/** The URL at which the person authorizes the client. @see RFC 5849, section 2.2 */
export function oauth1AuthorizationUrl(attempt: Oauth1Attempt): URL {
  const url = new URL(attempt.authorizationEndpoint);
  url.searchParams.set('oauth_token', attempt.requestToken);
  return url;
}

/**
 * Validates the URL to which the browser was redirected, and returns the verifier. The temporary token has the role of
 * OAuth 2.0's `state`: a response with another one belongs to another attempt.
 * @throws BrokerError `redirect_rejected`, `state_mismatch`, `consent_denied`, `authorization_failed`
 * @see RFC 5849, section 2.2
 */
export function readOauth1Callback(attempt: Oauth1Attempt, redirect: string): Secret {
  const parameters = responseParameters(attempt.redirectUri, redirect);
  const isRefused = parameters.has('denied') || parameters.get('oauth_problem') === 'user_refused';
  // Some providers send `denied=<token>` instead of `oauth_token`.
  const [token, ...otherTokens] = [
    ...parameters.getAll('oauth_token'),
    ...parameters.getAll('denied'),
  ];
  if (token !== attempt.requestToken || otherTokens.some((other) => other !== token)) {
    throw new BrokerError('state_mismatch');
  }
  const [verifier, ...otherVerifiers] = parameters.getAll('oauth_verifier');
  if (isRefused || verifier === denied) throw new BrokerError('consent_denied');
  const problem = parameters.get('oauth_problem');
  if (problem !== null) {
    const subject = isProblemName(problem) ? { subject: problem } : {};
    throw new BrokerError('authorization_failed', subject);
  }
  if (!verifier || otherVerifiers.length > 0) throw new BrokerError('state_mismatch');
  return secret(verifier);
}
