import { BrokerError } from '#core/values/fault.ts';
import { secret, type Secret } from '#core/values/secret.ts';
import type { TokenGrant } from '../../refusal-fault.ts';
import type { Problem } from '../signing/problem.ts';
import type { TokenPair } from '../signing/signed-request.ts';
import { responseContent, type ServerResponse } from './credential-response.ts';

/** A longer lifetime counts as unknown, in seconds: a hundred years. */
const maxLifetimeS = 3_155_760_000;

/** The token credentials of a session. @see RFC 5849, section 2.3 */
export interface TokenCredentials extends TokenPair {
  /** By our clock, in epoch milliseconds. Absent when unknown: the server then reports `token_expired`. */
  readonly expiresAtMs?: number;
  /** Renews the token. @see OAuth Session extension */
  readonly sessionHandle?: Secret;
}

/** What was requested, or why the server refused it; `nextStep` decides what to do then. */
export type Granted<T> = { readonly granted: T } | { readonly problem: Problem };

/**
 * Processes the response to a request for temporary credentials.
 * @throws BrokerError `provider_answer_invalid`, also when the server does not confirm the callback: it then supports
 *   only OAuth 1.0, which allows session fixation; and as `responseContent` does
 * @see RFC 5849, section 2.1
 */
export function processTemporaryCredentials(answer: ServerResponse): Granted<TokenPair> {
  const content = responseContent(answer, 'code');
  if ('problem' in content) return content;
  const granted = tokenPair(content.parameters);
  if (content.parameters.get('oauth_callback_confirmed') !== 'true') {
    throw new BrokerError('provider_answer_invalid', { subject: 'oauth_callback_confirmed' });
  }
  return { granted };
}

/**
 * Processes the response to a request for token credentials.
 * @throws BrokerError `provider_answer_invalid`, and as `responseContent` does
 * @see RFC 5849, section 2.3
 */
export function processTokenCredentials(
  answer: ServerResponse,
  nowMs: number,
  grant: TokenGrant = 'code',
): Granted<TokenCredentials> {
  const content = responseContent(answer, grant);
  if ('problem' in content) return content;
  const { parameters } = content;
  const sessionHandle = parameters.get('oauth_session_handle');
  const expiresAtMs = expiryOf(parameters.get('oauth_expires_in'), nowMs);
  return {
    granted: {
      ...tokenPair(parameters),
      ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
      ...(sessionHandle ? { sessionHandle: secret(sessionHandle) } : {}),
    },
  };
}

/** Processes the response to a renewal as {@link processTokenCredentials} does; keeps the session handle if it has none. */
export function processRenewal(
  previous: TokenCredentials,
  answer: ServerResponse,
  nowMs: number,
): Granted<TokenCredentials> {
  const processed = processTokenCredentials(answer, nowMs, 'refresh');
  if ('problem' in processed) return processed;
  const { sessionHandle } = previous;
  return { granted: { ...(sessionHandle && { sessionHandle }), ...processed.granted } };
}

function tokenPair(parameters: ReadonlyMap<string, string>): TokenPair {
  const token = parameters.get('oauth_token');
  const tokenSecret = parameters.get('oauth_token_secret');
  if (!token || tokenSecret === undefined) {
    throw new BrokerError('provider_answer_invalid', { subject: 'oauth_token' });
  }
  return { token: secret(token), tokenSecret: secret(tokenSecret) };
}

/** Undefined, an unknown expiry, for a lifetime that is missing, zero or invalid. */
function expiryOf(lifetime: string | undefined, nowMs: number): number | undefined {
  const seconds = /^\d{1,12}$/u.test(lifetime ?? '') ? Number(lifetime) : 0;
  return seconds > 0 && seconds <= maxLifetimeS ? nowMs + seconds * 1000 : undefined;
}
