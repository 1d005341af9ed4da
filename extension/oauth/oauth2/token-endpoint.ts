import * as oauth from 'oauth4webapi';
import type { ClientConfiguration } from '#core/client/client-configuration.ts';
import { refreshParametersOf, tokenParametersOf } from '#core/client/client-endpoints.ts';
import { readRetryAfterMs } from '#core/protocol/retry-after.ts';
import { profileOf } from '#core/provider/provider-profile.ts';
import { BrokerError } from '#core/values/fault.ts';
import { reveal, type Secret } from '#core/values/secret.ts';
import type { Fetch } from '../fetch.ts';
import type { TokenGrant } from '../refusal-fault.ts';
import type { TokenSet } from '../token-set.ts';
import {
  clientAuthentication,
  requestOptions,
  serverMetadata,
  type IssuerTuple,
} from './authorization-server.ts';
import type { AuthorizationAttempt, CallbackParameters } from './authorization.ts';
import { tokenFault } from './token-fault.ts';
import { expiryMs, refreshTokenExpiryMs } from './token-lifetime.ts';
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
  return sent(context, () =>
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
  return sent(context, () =>
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
 * @throws BrokerError `grant_rejected`, `client_rejected`, `authorization_failed`, `rate_limited`,
 *   `provider_answer_invalid`, `provider_unreachable`
 */
export function processExchange(received: TokenResponse, nowMs: number): TokenSet {
  return processed('code', received, nowMs);
}

/** Processes the response to {@link refreshRequest}; throws as {@link processExchange} does. */
export function processRefresh(received: TokenResponse, nowMs: number): TokenSet {
  return processed('refresh', received, nowMs);
}

async function sent(
  { client, signal }: TokenRequestContext,
  request: () => Promise<Response>,
): Promise<TokenResponse> {
  try {
    return await readTokenResponse(await request(), client.type, signal);
  } catch (thrown) {
    if (thrown instanceof BrokerError) throw thrown;
    throw new BrokerError('provider_unreachable', {}, { cause: thrown });
  }
}

function processed(grant: TokenGrant, received: TokenResponse, nowMs: number): TokenSet {
  const { issued, refreshToken, refreshLifetimeMs } = received;
  if (issued === undefined) {
    const { type, status, error, retryAfter } = received;
    const retryAfterMs = readRetryAfterMs(retryAfter, nowMs);
    throw tokenFault(type, grant, { status, error, retryAfterMs });
  }
  const isRenewable = grant === 'refresh' || refreshToken !== undefined;
  return {
    accessToken: issued.accessToken,
    expiresAtMs: expiryMs(issued.lifetimeMs, { nowMs, isRenewable }),
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(refreshLifetimeMs === undefined
      ? {}
      : { refreshTokenExpiresAtMs: refreshTokenExpiryMs(refreshLifetimeMs, nowMs) }),
    ...(issued.scopes === undefined ? {} : { scopes: issued.scopes }),
  };
}

function tokenOptions(
  { client, fetch, signal }: TokenRequestContext,
  parameters: Readonly<Record<string, string>> = {},
): oauth.TokenEndpointRequestOptions {
  const isJson = profileOf(client.type).tokenRequestFormat === 'json';
  const context = { fetch, signal, isHttpAllowed: client.isHttpAllowed === true };
  return {
    ...requestOptions(context, ({ headers, body = [] }) => {
      // Not followed: a redirect is a response of an intermediary, not a lost connection.
      const redirect = 'manual';
      if (!isJson) return { redirect };
      const json = JSON.stringify(Object.fromEntries(body));
      return { headers: { ...headers, 'content-type': 'application/json' }, body: json, redirect };
    }),
    additionalParameters: { ...tokenParametersOf(client), ...parameters },
  };
}
