import { profileOf } from '#core/provider/provider-profile.ts';
import {
  oauth1AuthorizationUrl,
  readOauth1Callback,
  type Oauth1Attempt,
} from '#oauth/oauth1/flow/authorization.ts';
import { issuerTuple } from '#oauth/oauth2/authorization-server.ts';
import {
  authorizationUrl,
  newAttempt,
  readCallback,
  type AuthorizationAttempt,
} from '#oauth/oauth2/authorization.ts';
import { exchangeRequest, processExchange } from '#oauth/oauth2/token-endpoint.ts';
import type { TokenSet } from '#oauth/token-set.ts';
import type { StoredClient } from '#storage/schema.ts';
import type { Clients } from '../clients/clients.ts';
import type { World } from '../platform/world.ts';
import type { Oauth1Consumer } from '../provider/oauth1-consumer.ts';

/** What a sign-in stores until the authorization response arrives. */
export type Attempt = AuthorizationAttempt | Oauth1Attempt;

/** Exchanges an authorization response that was validated for tokens. */
export type Exchange = (client: StoredClient, signal: AbortSignal) => Promise<TokenSet>;

/** How a sign-in runs, as far as OAuth 2.0 and OAuth 1.0a differ. */
export interface SignInProtocol {
  /**
   * Begins an attempt; OAuth 1.0a requests temporary credentials from the server for it.
   * @throws BrokerError as `Oauth1Consumer.begin` does
   */
  begin(client: StoredClient, request: AuthorizationRequest, signal: AbortSignal): Promise<Attempt>;
  /** The URL that the sign-in window opens. */
  authorizationUrl(attempt: Attempt): Promise<URL>;
  /** Validates the URL that the window was redirected to. @throws BrokerError as `readCallback` does */
  readResponse(attempt: Attempt, redirectedTo: string): Exchange;
  /** Whether provider, client id and token endpoint are still those of the attempt. */
  isUnchanged(attempt: Attempt, client: StoredClient): boolean;
}

export interface AuthorizationRequest {
  readonly redirectUri: string;
  readonly scopes: readonly string[];
}

interface Dependencies {
  readonly clients: Pick<Clients, 'secretOf'>;
  readonly consumer: Oauth1Consumer;
  readonly world: Pick<World, 'fetch' | 'nowMs'>;
}

export function isOauth2(attempt: Attempt): attempt is AuthorizationAttempt {
  return 'tuple' in attempt;
}

export function createSignInProtocol(dependencies: Dependencies): SignInProtocol {
  const { clients, consumer, world } = dependencies;
  return {
    begin: (client, { redirectUri, scopes }, signal) =>
      profileOf(client.type).protocol === 'oauth1'
        ? consumer.begin(client, redirectUri, signal)
        : Promise.resolve(newAttempt(client, issuerTuple(client), redirectUri, scopes)),
    authorizationUrl: (attempt) =>
      isOauth2(attempt)
        ? authorizationUrl(attempt)
        : Promise.resolve(oauth1AuthorizationUrl(attempt)),
    readResponse: (attempt, redirectedTo) => {
      if (!isOauth2(attempt)) {
        const verifier = readOauth1Callback(attempt, redirectedTo);
        return (client, signal) => consumer.exchange(client, attempt, verifier, signal);
      }
      const callback = readCallback(attempt, redirectedTo);
      return async (client, signal) => {
        const clientSecret = await clients.secretOf(client);
        const context = { client, clientSecret, fetch: world.fetch, signal };
        const response = await exchangeRequest(context, attempt, callback);
        return processExchange(response, world.nowMs());
      };
    },
    isUnchanged: (attempt, { type, clientId, tokenEndpoint }) =>
      isOauth2(attempt)
        ? attempt.tuple.type === type &&
          attempt.oauthClientId === clientId &&
          attempt.tuple.tokenEndpoint === tokenEndpoint
        : profileOf(type).protocol === 'oauth1' &&
          attempt.consumerKey === clientId &&
          attempt.tokenEndpoint === tokenEndpoint,
  };
}
