import { BrokerError } from '../../core/fault.ts';
import { reveal, secret, type Secret } from '../../core/secret.ts';
import type { Oauth1Endpoints } from './credential-requests.ts';
import type { TokenPair } from './signed-request.ts';

/** What one attempt has to remember until its answer comes. Kept where it never reaches a disk. */
export interface Oauth1Attempt {
  readonly endpoints: Oauth1Endpoints;
  readonly temporary: TokenPair;
  readonly redirectUri: string;
}

/** The callback of a server that shows the verifier for copying. @see RFC 5849, section 2.1 */
export const outOfBand = 'oob';

/** What Atlassian sends in place of a verifier when the person refuses. */
const denied = 'denied';

/** The address that the person's browser opens. @see RFC 5849, section 2.2 */
export function oauth1AuthorizationUrl({ endpoints, temporary }: Oauth1Attempt): URL {
  const url = new URL(endpoints.authorization);
  url.searchParams.set('oauth_token', reveal(temporary.token));
  return url;
}

/**
 * Judges the address that the browser was sent back to; the answer is the verifier. The temporary token takes the
 * part of OAuth 2.0's `state`: an answer with another one belongs to another attempt.
 * @throws BrokerError `redirect_rejected`, `state_mismatch`, `consent_denied`, `authorization_failed`
 * @see RFC 5849, section 2.2
 */
export function readOauth1Callback(attempt: Oauth1Attempt, answer: string): Secret {
  const url = URL.canParse(answer) ? new URL(answer) : undefined;
  if (url === undefined || `${url.origin}${url.pathname}` !== attempt.redirectUri) {
    throw new BrokerError('redirect_rejected');
  }
  const parameters = url.searchParams;
  const isRefused = parameters.has('denied') || parameters.get('oauth_problem') === 'user_refused';
  // A provider's `denied=<token>` stands in the place of `oauth_token`.
  const [token, ...otherTokens] = [
    ...parameters.getAll('oauth_token'),
    ...parameters.getAll('denied'),
  ];
  if (token !== reveal(attempt.temporary.token) || otherTokens.some((other) => other !== token)) {
    throw new BrokerError('state_mismatch');
  }
  const [verifier, ...otherVerifiers] = parameters.getAll('oauth_verifier');
  if (isRefused || verifier === denied) throw new BrokerError('consent_denied');
  if (parameters.has('oauth_problem')) throw new BrokerError('authorization_failed');
  if (!verifier || otherVerifiers.length > 0) throw new BrokerError('state_mismatch');
  return secret(verifier);
}

/**
 * Reads a verifier that the person copied from the server's page.
 * @throws BrokerError `consent_denied`; `state_mismatch` when it is empty or no single word
 */
export function readTypedVerifier(text: string): Secret {
  const verifier = text.trim();
  if (verifier === denied) throw new BrokerError('consent_denied');
  if (!/^\S{1,255}$/u.test(verifier)) throw new BrokerError('state_mismatch');
  return secret(verifier);
}
