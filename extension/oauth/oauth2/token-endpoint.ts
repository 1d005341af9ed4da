import * as oauth from 'oauth4webapi';
import type { ClientConfiguration } from '#core/client/client-configuration.ts';
import { refreshParametersOf, tokenParametersOf } from '#core/client/client-endpoints.ts';
import { readRetryAfterMs } from '#core/protocol/retry-after.ts';
import { splitScopes } from '#core/protocol/scope.ts';
import { profileOf } from '#core/provider/provider-profile.ts';
import { BrokerError } from '#core/values/fault.ts';
import { reveal, secret, type Secret } from '#core/values/secret.ts';
import type { Fetch } from '../fetch.ts';
import { expiryMs, type TokenSet } from '../token-set.ts';
import {
  clientAuthentication,
  requestOptions,
  serverMetadata,
  type IssuerTuple,
} from './authorization-server.ts';
import type { AuthorizationAttempt, CallbackParameters } from './authorization.ts';
import { tokenFault, type TokenGrant } from './token-fault.ts';
import { readTokenResponse, type TokenResponse } from './token-response.ts';

export type { TokenResponse } from './token-response.ts';

/** What a token request needs besides its grant. */
export interface TokenRequestContext {
  readonly client: ClientConfiguration;
  readonly clientSecret: Secret | undefined;
  readonly fetch: Fetch;
  /** Aborts the request, e.g. at its timeout. */
  readonly signal: AbortSignal;
}

/**
 * Exchanges an authorization code for tokens.
 * @throws BrokerError `provider_unreachable`, `client_rejected`
 * @see RFC 6749, section 4.1.3; RFC 7636, section 4.5
 */
export function exchangeRequest(
  context: TokenRequestContext,
  attempt: AuthorizationAttempt,
  callback: CallbackParameters,
): Promise<TokenResponse> {
  return sent(() =>
    oauth.authorizationCodeGrantRequest(
      serverMetadata(attempt.tuple),
      { client_id: attempt.oauthClientId },
      clientAuthentication(context.client, context.clientSecret),
      callback,
      attempt.redirectUri,
      attempt.codeVerifier,
      tokenOptions(context),
    ),
  );
}

/** Values of the authorization request that some providers require at a refresh, too. */
export interface PreviousGrant {
  readonly redirectUri: string;
  readonly scopes: readonly string[];
}

/**
 * Sends a refresh token.
 * @throws BrokerError `provider_unreachable`, `client_rejected`
 * @see RFC 6749, section 6
 */
export function refreshRequest(
  context: TokenRequestContext,
  tuple: IssuerTuple,
  refreshToken: Secret,
  granted: PreviousGrant,
): Promise<TokenResponse> {
  const parameters = refreshParametersOf(context.client, granted);
  return sent(() =>
    oauth.refreshTokenGrantRequest(
      serverMetadata(tuple),
      { client_id: context.client.clientId },
      clientAuthentication(context.client, context.clientSecret),
      reveal(refreshToken),
      tokenOptions(context, parameters),
    ),
  );
}

/**
 * Processes the response to {@link exchangeRequest}.
 * @throws BrokerError `grant_rejected`, `client_rejected`, `provider_answer_invalid`, `provider_unreachable`
 */
export function processExchange(
  tuple: IssuerTuple,
  received: TokenResponse,
  nowMs: number,
): Promise<TokenSet> {
  return processed('code', received, nowMs, (client) =>
    oauth.processAuthorizationCodeResponse(serverMetadata(tuple), client, received.response),
  );
}

/** Processes the response to {@link refreshRequest}; throws as {@link processExchange} does. */
export function processRefresh(
  tuple: IssuerTuple,
  received: TokenResponse,
  nowMs: number,
): Promise<TokenSet> {
  return processed('refresh', received, nowMs, (client) =>
    oauth.processRefreshTokenResponse(serverMetadata(tuple), client, received.response),
  );
}

async function sent(request: () => Promise<Response>): Promise<TokenResponse> {
  try {
    return await readTokenResponse(await request());
  } catch (thrown) {
    if (thrown instanceof BrokerError) throw thrown;
    throw new BrokerError('provider_unreachable', {}, { cause: thrown });
  }
}

async function processed(
  grant: TokenGrant,
  { refreshToken, response }: TokenResponse,
  nowMs: number,
  validate: (client: oauth.Client) => Promise<oauth.TokenEndpointResponse>,
): Promise<TokenSet> {
  try {
    // The client ID is only compared with that of an ID token, which was removed.
    const body = await validate({ client_id: 'unused' });
    return {
      accessToken: secret(body.access_token),
      expiresAtMs: expiryMs(body.expires_in, nowMs),
      ...(refreshToken === undefined ? {} : { refreshToken }),
      ...(body.scope === undefined ? {} : { scopes: splitScopes(body.scope) }),
    };
  } catch (thrown) {
    // `thrown` may contain the whole response with its tokens, so it is not the `cause`.
    const error = thrown instanceof oauth.ResponseBodyError ? thrown.error : undefined;
    const retryAfterMs = readRetryAfterMs(response.headers.get('retry-after'), nowMs);
    throw tokenFault(grant, response.status, error, retryAfterMs);
  }
}

function tokenOptions(
  { client, fetch, signal }: TokenRequestContext,
  parameters: Readonly<Record<string, string>> = {},
): oauth.TokenEndpointRequestOptions {
  const isJson = profileOf(client.type).tokenRequestFormat === 'json';
  const context = { fetch, signal, isHttpAllowed: client.isHttpAllowed === true };
  return {
    ...requestOptions(context, ({ headers, body = [] }) => {
      if (!isJson) return {};
      const json = JSON.stringify(Object.fromEntries(body));
      return { headers: { ...headers, 'content-type': 'application/json' }, body: json };
    }),
    additionalParameters: { ...tokenParametersOf(client), ...parameters },
  };
}
