import * as oauth from 'oauth4webapi';
import type { ClientConfiguration } from '#core/client/client-configuration.ts';
import { scopesToRequest, authorizationParametersOf } from '#core/client/client-endpoints.ts';
import { profileOf } from '#core/provider/provider-profile.ts';
import type { PkceMethod } from '#core/provider/provider-type.ts';
import { BrokerError, type Fault } from '#core/values/fault.ts';
import { responseParameters } from '../redirect-uri.ts';
import { serverMetadata, type IssuerTuple } from './authorization-server.ts';
import { errorCode } from './token-error.ts';

/** One authorization attempt, kept until its response arrives, in memory or `storage.session` only. */
export interface AuthorizationAttempt {
  readonly tuple: IssuerTuple;
  readonly oauthClientId: string;
  readonly redirectUri: string;
  /** Random, used once. @see RFC 6749, section 10.12 */
  readonly state: string;
  /** 43 characters of 32 random bytes. @see RFC 7636, section 4.1 */
  readonly codeVerifier: string;
  readonly scopes: readonly string[];
  readonly pkceMethod: PkceMethod;
  /** Additional parameters; never one of the protocol's own. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** The validated parameters of an authorization response; the protocol library accepts only objects that it validated. */
export type CallbackParameters = URLSearchParams;

/** Creates an attempt with a new state and code verifier. */
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
 * The attempt to retry with the provider's other name of the PKCE method. Undefined unless the fault may be due to the
 * method, the person did not choose the method, and the other name was not tried yet. `plain` is never tried.
 * @see Atlassian, "OAuth 2.0 provider API" (the documentation says `sha256`, the product accepts `S256`)
 */
export function pkceRetryAttempt(
  client: Pick<ClientConfiguration, 'pkceMethod'>,
  attempt: AuthorizationAttempt,
  { code, subject }: Pick<Fault, 'code' | 'subject'>,
): AuthorizationAttempt | undefined {
  const { pkceRetryMethod } = profileOf(attempt.tuple.type);
  const isRefused = code === 'authorization_failed' && subject === 'invalid_request';
  const isFinal = client.pkceMethod !== undefined || attempt.pkceMethod === pkceRetryMethod;
  if (!isRefused || isFinal || pkceRetryMethod === undefined) return undefined;
  return {
    ...attempt,
    pkceMethod: pkceRetryMethod,
    state: oauth.generateRandomState(),
    codeVerifier: oauth.generateRandomCodeVerifier(),
  };
}

/**
 * The URL of the authorization request, for a code with PKCE and state.
 * `resource` (RFC 8707) is never sent: Atlassian's exchange would fail with `invalid_target`.
 * @see RFC 6749, sections 3.3 and 4.1.1; RFC 7636, section 4.3
 */
export async function authorizationUrl(attempt: AuthorizationAttempt): Promise<URL> {
  const { codeVerifier, pkceMethod } = attempt;
  const isPlain = pkceMethod === 'plain';
  const url = new URL(attempt.tuple.authorizationEndpoint);
  const parameters: Record<string, string> = {
    ...attempt.parameters,
    response_type: 'code',
    client_id: attempt.oauthClientId,
    redirect_uri: attempt.redirectUri,
    // Without scopes the provider uses its default; an empty parameter is not valid.
    ...(attempt.scopes.length === 0 ? {} : { scope: attempt.scopes.join(' ') }),
    state: attempt.state,
    code_challenge: isPlain ? codeVerifier : await oauth.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: pkceMethod,
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url;
}

/**
 * Validates the URL to which the browser was redirected.
 * @throws BrokerError `redirect_rejected`, `state_mismatch`, `consent_denied`, `authorization_failed`
 * @see RFC 6749, section 4.1.2; RFC 9207, section 2.4
 */
export function readCallback(attempt: AuthorizationAttempt, redirect: string): CallbackParameters {
  const callback = validated(attempt, responseParameters(attempt.redirectUri, redirect));
  // The protocol library validates the code only when it sends it.
  const [code, ...others] = callback.getAll('code');
  if (!code || others.length > 0) throw new BrokerError('state_mismatch');
  return callback;
}

function validated(attempt: AuthorizationAttempt, response: URLSearchParams): CallbackParameters {
  try {
    return oauth.validateAuthResponse(
      serverMetadata(attempt.tuple, issuerOfResponse(attempt, response)),
      { client_id: attempt.oauthClientId },
      response,
      attempt.state,
    );
  } catch (thrown) {
    throw callbackFault(thrown);
  }
}

/** The `iss` of a response, if it has the origin of the authorization endpoint. Used when the issuer is not known. */
function issuerOfResponse(
  { tuple }: AuthorizationAttempt,
  response: URLSearchParams,
): string | undefined {
  const iss = response.get('iss');
  const isSameOrigin =
    iss !== null &&
    URL.canParse(iss) &&
    new URL(iss).origin === new URL(tuple.authorizationEndpoint).origin;
  return isSameOrigin ? iss : undefined;
}

function callbackFault(thrown: unknown): BrokerError {
  if (!(thrown instanceof oauth.AuthorizationResponseError))
    return new BrokerError('state_mismatch');
  if (thrown.error === 'access_denied') return new BrokerError('consent_denied');
  const subject = errorCode(thrown.error);
  return new BrokerError('authorization_failed', subject === undefined ? {} : { subject });
}
