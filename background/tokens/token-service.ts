import { isFresh, type FreshnessRule } from '#core/protocol/freshness.ts';
import { profileOf } from '#core/provider/provider-profile.ts';
import { reveal, type Secret } from '#core/values/secret.ts';
import { issuerTuple } from '#oauth/oauth2/authorization-server.ts';
import {
  processRefresh,
  refreshRequest,
  type TokenResponse,
} from '#oauth/oauth2/token-endpoint.ts';
import type { TokenSet } from '#oauth/token-set.ts';
import type { StoredClient } from '#storage/schema.ts';
import { deadline } from '../platform/deadline.ts';
import type { World } from '../platform/world.ts';
import type { Oauth1Consumer } from '../provider/oauth1-consumer.ts';

/**
 * Sends refresh requests and stores nothing: Data Center's `TokenService`. Only the token handler may use it, because
 * it runs one refresh of a session at a time.
 * @see Atlassian, "OAuth 2.0 client" (`TokenService.forceRefresh`, `TokenService.refreshIfNeeded`)
 */
export interface TokenService {
  /**
   * Sends the refresh token once. The caller stores the rotated token of the response, then calls
   * {@link TokenService.processResponse}.
   * @throws BrokerError `grant_rejected`, `client_rejected`, `authorization_failed`, `rate_limited`,
   *   `provider_unreachable`, `provider_answer_invalid`
   */
  forceRefresh(grant: RefreshGrant): Promise<RefreshResponse>;
  /**
   * {@link TokenService.forceRefresh} when the access token is missing or about to expire by `rule`; otherwise undefined.
   * No caller: part of the API of Data Center's OAuth 2.0 client, and kept for that reason.
   */
  refreshIfNeeded(
    current: { readonly issuedAtMs: number; readonly expiresAtMs: number } | undefined,
    rule: FreshnessRule,
    grant: () => Promise<RefreshGrant>,
  ): Promise<RefreshResponse | undefined>;
  /** Validates the rest of a response, once. @throws BrokerError `provider_answer_invalid` */
  processResponse(response: RefreshResponse): TokenSet;
  /**
   * Checks that a client can authenticate, before an attempt is recorded.
   * @throws BrokerError `locked`, `seal_broken`, `client_rejected`
   */
  requireReady(client: StoredClient): Promise<void>;
}

/** A refresh request. */
export interface RefreshGrant {
  readonly client: StoredClient;
  readonly clientSecret: Secret | undefined;
  readonly refreshToken: Secret;
  /** The scopes that the session holds. */
  readonly scopes: readonly string[];
  /** Longest wait for the response with its body, in milliseconds. */
  readonly limitMs: number;
}

/** A successful response. Its refresh token must be stored before anything can reject the rest. */
export interface RefreshResponse {
  /** The rotated token. Absent: the token that was sent stays valid. @see RFC 6749, section 6 */
  readonly refreshToken?: Secret;
  /** The lifetime of the refresh token, if the provider named it. */
  readonly refreshLifetimeMs?: number;
  /** The response had a refresh token that cannot be used. */
  readonly isRefreshTokenDamaged: boolean;
  readonly receivedAtMs: number;
  /** OAuth 2.0: not validated yet. OAuth 1.0a: a response is only known to be a success once all of it is valid. */
  readonly rest: { readonly response: TokenResponse } | { readonly tokens: TokenSet };
}

/** Whether the provider may have replaced the refresh token that was sent. */
function hasRotated({ refreshToken, isRefreshTokenDamaged }: TokenResponse, sent: Secret): boolean {
  if (isRefreshTokenDamaged) return true;
  return refreshToken !== undefined && reveal(refreshToken) !== reveal(sent);
}

/** Sends refresh requests by the protocol of each client. */
export function createTokenService(
  consumer: Pick<Oauth1Consumer, 'renew' | 'identity'>,
  world: Pick<World, 'fetch' | 'nowMs' | 'after' | 'identity'>,
): TokenService {
  const send = async (grant: RefreshGrant, signal: AbortSignal): Promise<RefreshResponse> => {
    const { client, clientSecret, refreshToken, scopes } = grant;
    if (profileOf(client.type).protocol === 'oauth1') {
      const tokens = await consumer.renew(client, refreshToken, signal);
      const { refreshToken: handle } = tokens;
      return refreshResponse(handle === undefined ? {} : { refreshToken: handle }, { tokens });
    }
    const redirectUri = world.identity.redirectUri(client.redirectUriSuffix);
    const context = { client, clientSecret, fetch: world.fetch, signal };
    const granted = { redirectUri, scopes };
    const response = await refreshRequest(context, issuerTuple(client), refreshToken, granted);
    // Throws: nothing was issued, and there is nothing to store first.
    if (response.issued === undefined && !hasRotated(response, refreshToken))
      processRefresh(response, world.nowMs());
    return refreshResponse(response, { response });
  };
  const refreshResponse = (
    received: Pick<TokenResponse, 'refreshToken' | 'refreshLifetimeMs' | 'isRefreshTokenDamaged'>,
    rest: RefreshResponse['rest'],
  ): RefreshResponse => {
    const { refreshToken, refreshLifetimeMs, isRefreshTokenDamaged = false } = received;
    return {
      ...(refreshToken === undefined ? {} : { refreshToken }),
      ...(refreshLifetimeMs === undefined ? {} : { refreshLifetimeMs }),
      isRefreshTokenDamaged,
      receivedAtMs: world.nowMs(),
      rest,
    };
  };
  const forceRefresh: TokenService['forceRefresh'] = async (grant) => {
    const limit = deadline(world, grant.limitMs);
    try {
      return await send(grant, limit.signal);
    } finally {
      limit.release();
    }
  };
  return {
    forceRefresh,
    refreshIfNeeded: async (current, rule, grant) =>
      current && isFresh(current, world.nowMs(), rule) ? undefined : forceRefresh(await grant()),
    processResponse: ({ rest, receivedAtMs }) =>
      'tokens' in rest ? rest.tokens : processRefresh(rest.response, receivedAtMs),
    requireReady: async (client) => {
      if (profileOf(client.type).protocol === 'oauth1') await consumer.identity(client);
    },
  };
}
