import * as oauth from 'oauth4webapi';
import type { ClientConfiguration } from '../../core/client/client-configuration.ts';
import { scopesToRequest, authorizationParametersOf } from '../../core/client/client-endpoints.ts';
import { profileOf } from '../../core/provider/provider-profile.ts';
import type { PkceMethod } from '../../core/provider/provider-type.ts';
import { BrokerError, type Fault } from '../../core/values/fault.ts';
import { responseParameters } from '../redirect-uri.ts';
import { serverMetadata, type IssuerTuple } from './authorization-server.ts';

/** What one attempt has to remember until its answer comes. Kept where it never reaches a disk. */
export interface AuthorizationAttempt {
  readonly tuple: IssuerTuple;
  readonly oauthClientId: string;
  readonly redirectUri: string;
  /** One-time, unguessable. @see RFC 6749, section 10.12 */
  readonly state: string;
  /** 43 characters of 32 random bytes. @see RFC 7636, section 4.1 */
  readonly codeVerifier: string;
  readonly scopes: readonly string[];
  readonly pkceMethod: PkceMethod;
  /** What the request carries besides; nothing of the protocol's own is among it. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** The answer to an attempt after it proved to belong to it; the protocol library marks the object. */
export type CallbackParameters = URLSearchParams;

/** A fresh attempt with its own state and verifier. */
export function newAttempt(
  client: ClientConfiguration,
  tuple: IssuerTuple,
  redirectUri: string,
  scopes: readonly string[] = client.scopes,
): AuthorizationAttempt {
  return {
    tuple,
    oauthClientId: client.clientId,
    redirectUri,
    state: oauth.generateRandomState(),
    codeVerifier: oauth.generateRandomCodeVerifier(),
    scopes: scopesToRequest(client, scopes),
    pkceMethod: client.pkceMethod ?? 'S256',
    parameters: authorizationParametersOf(client),
  };
}

/**
 * The attempt with the provider's other spelling of the PKCE method, if it was the method that may have been refused
 * and nobody chose it; with a state and a verifier of its own. `plain` is never tried.
 * @see Atlassian, "OAuth 2.0 provider API" (the documentation says `sha256`, the product takes `S256`)
 */
export function pkceRetryAttempt(
  client: Pick<ClientConfiguration, 'pkceMethod'>,
  attempt: AuthorizationAttempt,
  { code, subject }: Pick<Fault, 'code' | 'subject'>,
): AuthorizationAttempt | undefined {
  const { pkceRetryMethod } = profileOf(attempt.tuple.type);
  const isRefused = code === 'authorization_failed' && subject === 'invalid_request';
  const isOver = client.pkceMethod !== undefined || attempt.pkceMethod === pkceRetryMethod;
  if (!isRefused || isOver || pkceRetryMethod === undefined) return undefined;
  return {
    ...attempt,
    pkceMethod: pkceRetryMethod,
    state: oauth.generateRandomState(),
    codeVerifier: oauth.generateRandomCodeVerifier(),
  };
}

/**
 * The address that the person's browser opens: authorization code with PKCE and state.
 * `resource` (RFC 8707) is never sent: Atlassian's exchange fails with `invalid_target` then.
 * @see RFC 6749, section 4.1.1; RFC 7636, section 4.3
 */
export async function authorizationUrl(attempt: AuthorizationAttempt): Promise<URL> {
  const url = new URL(attempt.tuple.authorizationEndpoint);
  const parameters: Record<string, string> = {
    ...attempt.parameters,
    response_type: 'code',
    client_id: attempt.oauthClientId,
    redirect_uri: attempt.redirectUri,
    scope: attempt.scopes.join(' '),
    state: attempt.state,
    code_challenge: await codeChallenge(attempt),
    code_challenge_method: attempt.pkceMethod,
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url;
}

function codeChallenge({
  pkceMethod,
  codeVerifier,
}: AuthorizationAttempt): string | Promise<string> {
  return pkceMethod === 'plain' ? codeVerifier : oauth.calculatePKCECodeChallenge(codeVerifier);
}

/**
 * Checks the address that the browser was redirected to.
 * @throws BrokerError `redirect_rejected`, `state_mismatch`, `consent_denied`, `authorization_failed`
 * @see RFC 6749, section 4.1.2; RFC 9207, section 2.4
 */
export function readCallback(attempt: AuthorizationAttempt, answer: string): CallbackParameters {
  const callback = validated(attempt, responseParameters(attempt.redirectUri, answer));
  // The protocol library looks at the code only when it sends it.
  const [code, ...others] = callback.getAll('code');
  if (!code || others.length > 0) throw new BrokerError('state_mismatch');
  return callback;
}

function validated(attempt: AuthorizationAttempt, answer: URLSearchParams): CallbackParameters {
  try {
    return oauth.validateAuthResponse(
      serverMetadata(attempt.tuple, namedIssuer(attempt, answer)),
      { client_id: attempt.oauthClientId },
      answer,
      attempt.state,
    );
  } catch (thrown) {
    throw callbackFault(thrown);
  }
}

/** An issuer that nobody told of before is believed as far as it is where the person was sent. */
function namedIssuer({ tuple }: AuthorizationAttempt, answer: URLSearchParams): string | undefined {
  const named = answer.get('iss');
  const isOfOrigin =
    named !== null &&
    URL.canParse(named) &&
    new URL(named).origin === new URL(tuple.authorizationEndpoint).origin;
  return isOfOrigin ? named : undefined;
}

function callbackFault(thrown: unknown): BrokerError {
  if (!(thrown instanceof oauth.AuthorizationResponseError))
    return new BrokerError('state_mismatch');
  if (thrown.error === 'access_denied') return new BrokerError('consent_denied');
  return new BrokerError('authorization_failed', oauthErrorSubject(thrown.error));
}

/** An OAuth error code as it may be shown: a short word, never the provider's prose. */
export function oauthErrorSubject(error: unknown): { subject?: string } {
  return typeof error === 'string' && /^[a-z_]{1,64}$/u.test(error) ? { subject: error } : {};
}
