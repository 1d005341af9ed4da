import { isFresh, type FreshnessRule } from '../../extension/core/protocol/freshness.ts';
import { profileOf } from '../../extension/core/provider/provider-profile.ts';
import type { Secret } from '../../extension/core/values/secret.ts';
import { issuerTuple } from '../../extension/oauth/oauth2/authorization-server.ts';
import { processRefresh, refreshRequest } from '../../extension/oauth/oauth2/token-endpoint.ts';
import type { TokenSet } from '../../extension/oauth/token-set.ts';
import type { StoredClient } from '../../extension/storage/schema.ts';
import { deadline } from '../platform/deadline.ts';
import type { World } from '../platform/world.ts';
import type { Oauth1Consumer } from '../provider/oauth1-consumer.ts';

/**
 * Refreshes tokens and saves nothing: Data Center's `TokenService`. Only the token handler may use it, for it
 * alone knows that no other refresh of the session is on its way.
 * @see Atlassian, "OAuth 2.0 client" (`TokenService.forceRefresh`, `TokenService.refreshIfNeeded`)
 */
export interface TokenService {
  /**
   * Sends the refresh token once.
   * @throws BrokerError `grant_rejected`, `client_rejected`, `authorization_failed`, `rate_limited`,
   *   `provider_unreachable`, `provider_answer_invalid`, and what `keep` throws
   */
  forceRefresh(grant: RefreshGrant, keep: Keep): Promise<TokenSet>;
  /**
   * Makes sure, before anything is noted, that a client can prove itself.
   * @throws BrokerError `locked`, `seal_broken`, `client_rejected`
   */
  requireReady(client: StoredClient): Promise<void>;
  /** As {@link TokenService.forceRefresh} when the access token does not last; undefined when it does. */
  refreshIfNeeded(
    current: { readonly issuedAtMs: number; readonly expiresAtMs: number } | undefined,
    rule: FreshnessRule,
    grant: () => Promise<RefreshGrant>,
    keep: Keep,
  ): Promise<TokenSet | undefined>;
}

/** What is sent, and how long its answer is waited for. */
export interface RefreshGrant {
  readonly client: StoredClient;
  readonly clientSecret: Secret | undefined;
  readonly refreshToken: Secret;
  /** The scopes that the session holds. */
  readonly scopes: readonly string[];
  readonly limitMs: number;
}

/** What an answer means for the refresh token, before anything in it was judged. */
export interface Rotated {
  /** Absent: the one that was sent goes on. @see RFC 6749, section 6 */
  readonly refreshToken?: Secret;
  /** The answer named one that cannot be believed. */
  readonly isDamaged: boolean;
  readonly receivedAtMs: number;
}

/**
 * Makes a rotated token durable. It is awaited before anything can reject the rest of the answer; `judge` reads
 * that rest, for a handler that could not store the token and has to come back to it.
 */
export type Keep = (rotated: Rotated, judge: () => Promise<TokenSet>) => Promise<void>;

/** See {@link TokenService}. */
export function createTokenService(
  consumer: Pick<Oauth1Consumer, 'renew' | 'identity'>,
  world: Pick<World, 'fetch' | 'nowMs' | 'after' | 'identity'>,
): TokenService {
  const renew: TokenService['forceRefresh'] = async ({ client, refreshToken, limitMs }, keep) => {
    const limit = deadline(world, limitMs);
    try {
      const tokens = await consumer.renew(client, refreshToken, limit.signal);
      const { refreshToken: next } = tokens;
      const rotated = { receivedAtMs: world.nowMs(), isDamaged: false };
      const kept = next === undefined ? rotated : { ...rotated, refreshToken: next };
      await keep(kept, () => Promise.resolve(tokens));
      return tokens;
    } finally {
      limit.release();
    }
  };
  const refresh: TokenService['forceRefresh'] = async (grant, keep) => {
    const { client, clientSecret, refreshToken } = grant;
    const tuple = issuerTuple(client);
    const limit = deadline(world, grant.limitMs);
    try {
      const context = { client, clientSecret, fetch: world.fetch, signal: limit.signal };
      const redirectUri = world.identity.redirectUri(client.redirectUriSuffix);
      const granted = { redirectUri, scopes: grant.scopes };
      const answer = await refreshRequest(context, tuple, refreshToken, granted);
      const receivedAtMs = world.nowMs();
      const judge = (): Promise<TokenSet> => processRefresh(tuple, answer, receivedAtMs);
      if (!answer.response.ok) return await judge();
      const rotated = { receivedAtMs, isDamaged: answer.isRefreshTokenDamaged === true };
      const { refreshToken: next } = answer;
      await keep(next === undefined ? rotated : { ...rotated, refreshToken: next }, judge);
      return await judge();
    } finally {
      limit.release();
    }
  };
  const forceRefresh: TokenService['forceRefresh'] = (grant, keep) =>
    profileOf(grant.client.type).protocol === 'oauth1' ? renew(grant, keep) : refresh(grant, keep);
  return {
    requireReady: async (client) => {
      if (profileOf(client.type).protocol === 'oauth1') await consumer.identity(client);
    },
    forceRefresh,
    refreshIfNeeded: async (current, rule, grant, keep) =>
      current && isFresh(current, world.nowMs(), rule)
        ? undefined
        : forceRefresh(await grant(), keep),
  };
}
