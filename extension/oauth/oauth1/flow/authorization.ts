import type { ClientConfiguration } from '../../../core/client/client-configuration.ts';
import { isProblemName } from '../../../core/protocol/oauth1-problems.ts';
import { BrokerError } from '../../../core/values/fault.ts';
import { reveal, secret, type Secret } from '../../../core/values/secret.ts';
import { responseParameters } from '../../redirect-uri.ts';
import type { TokenPair } from '../signing/signed-request.ts';

/** What one attempt has to remember until its answer comes. Kept where it never reaches a disk. */
export interface Oauth1Attempt {
  readonly consumerKey: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly redirectUri: string;
  /** The temporary credentials. @see RFC 5849, section 2.1 */
  readonly requestToken: string;
  readonly requestTokenSecret: string;
}

/** An attempt that begins with these temporary credentials. */
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

/** What Atlassian sends in place of a verifier when the person refuses. */
const denied = 'denied';

/** The address that the person's browser opens. @see RFC 5849, section 2.2 */
export function oauth1AuthorizationUrl(attempt: Oauth1Attempt): URL {
  const url = new URL(attempt.authorizationEndpoint);
  url.searchParams.set('oauth_token', attempt.requestToken);
  return url;
}

/**
 * Judges the address that the browser was sent back to; the answer is the verifier. The temporary token takes the
 * part of OAuth 2.0's `state`: an answer with another one belongs to another attempt.
 * @throws BrokerError `redirect_rejected`, `state_mismatch`, `consent_denied`, `authorization_failed`
 * @see RFC 5849, section 2.2
 */
export function readOauth1Callback(attempt: Oauth1Attempt, answer: string): Secret {
  const parameters = responseParameters(attempt.redirectUri, answer);
  const isRefused = parameters.has('denied') || parameters.get('oauth_problem') === 'user_refused';
  // A provider's `denied=<token>` stands in the place of `oauth_token`.
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
