import { BrokerError } from '../../../core/values/fault.ts';
import { secret, type Secret } from '../../../core/values/secret.ts';
import type { Problem } from '../signing/problem.ts';
import type { TokenPair } from '../signing/signed-request.ts';
import { responseContent, type ServerResponse } from './credential-response.ts';

/** Longest lifetime that is believed, in seconds: a hundred years. */
const longestLifetimeS = 3_155_760_000;

/** What calls are signed with once the person has agreed. */
export interface TokenCredentials extends TokenPair {
  /** Unknown when the server does not say: it will report `token_expired` in time. */
  readonly expiresAtMs?: number;
  /** What a new token is got with. @see OAuth Session extension */
  readonly sessionHandle?: Secret;
}

/** What was asked for, or why the server refused it; `nextStep` says what to do then. */
export type Granted<T> = { readonly granted: T } | { readonly problem: Problem };

/**
 * Judges the answer to a request for temporary credentials.
 * @throws BrokerError `provider_answer_invalid`, also when the server does not confirm the callback: it speaks
 *   OAuth 1.0 then, whose sign-in somebody else can finish; and as `responseContent` does
 * @see RFC 5849, section 2.1
 */
export function processTemporaryCredentials(answer: ServerResponse): Granted<TokenPair> {
  const content = responseContent(answer);
  if ('problem' in content) return content;
  const granted = tokenPair(content.parameters);
  if (content.parameters.get('oauth_callback_confirmed') !== 'true') {
    throw new BrokerError('provider_answer_invalid', { subject: 'oauth_callback_confirmed' });
  }
  return { granted };
}

/**
 * Judges the answer to a request for token credentials.
 * @throws BrokerError `provider_answer_invalid`, and as `responseContent` does
 * @see RFC 5849, section 2.3
 */
export function processTokenCredentials(
  answer: ServerResponse,
  nowMs: number,
): Granted<TokenCredentials> {
  const content = responseContent(answer);
  if ('problem' in content) return content;
  const { parameters } = content;
  const sessionHandle = parameters.get('oauth_session_handle');
  const expiresAtMs = endMs(parameters.get('oauth_expires_in'), nowMs);
  return {
    granted: {
      ...tokenPair(parameters),
      ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
      ...(sessionHandle ? { sessionHandle: secret(sessionHandle) } : {}),
    },
  };
}

/** Judges the answer to a renewal as {@link processTokenCredentials} does; what is not sent anew stays as it was. */
export function processRenewal(
  previous: TokenCredentials,
  answer: ServerResponse,
  nowMs: number,
): Granted<TokenCredentials> {
  const processed = processTokenCredentials(answer, nowMs);
  if ('problem' in processed) return processed;
  const { sessionHandle } = previous;
  return {
    granted: {
      ...(sessionHandle === undefined ? {} : { sessionHandle }),
      ...processed.granted,
    },
  };
}

function tokenPair(parameters: ReadonlyMap<string, string>): TokenPair {
  const token = parameters.get('oauth_token');
  const tokenSecret = parameters.get('oauth_token_secret');
  if (!token || tokenSecret === undefined) {
    throw new BrokerError('provider_answer_invalid', { subject: 'oauth_token' });
  }
  return { token: secret(token), tokenSecret: secret(tokenSecret) };
}

/** Nothing, zero and nonsense all mean that the end is unknown. */
function endMs(lifetime: string | undefined, nowMs: number): number | undefined {
  const seconds = /^\d{1,12}$/u.test(lifetime ?? '') ? Number(lifetime) : 0;
  return seconds > 0 && seconds <= longestLifetimeS ? nowMs + seconds * 1000 : undefined;
}
