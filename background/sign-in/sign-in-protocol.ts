import { profileOf } from '../../extension/core/provider/provider-profile.ts';
import {
  oauth1AuthorizationUrl,
  readOauth1Callback,
  type Oauth1Attempt,
} from '../../extension/oauth/oauth1/flow/authorization.ts';
import { issuerTuple } from '../../extension/oauth/oauth2/authorization-server.ts';
import {
  authorizationUrl,
  newAttempt,
  readCallback,
  type AuthorizationAttempt,
} from '../../extension/oauth/oauth2/authorization.ts';
import { exchangeRequest, processExchange } from '../../extension/oauth/oauth2/token-endpoint.ts';
import type { TokenSet } from '../../extension/oauth/token-set.ts';
import type { StoredClient } from '../../extension/storage/schema.ts';
import type { Clients } from '../clients/clients.ts';
import type { World } from '../platform/world.ts';
import type { Oauth1Consumer } from '../provider/oauth1-consumer.ts';

/** What one sign-in has to remember, in either protocol. */
export type Attempt = AuthorizationAttempt | Oauth1Attempt;

/** Sends what the person's answer holds, which was judged before. */
export type Exchange = (client: StoredClient, signal: AbortSignal) => Promise<TokenSet>;

/** How a sign-in runs, as far as OAuth 2.0 and OAuth 1.0a differ. */
export interface SignInProtocol {
  /** Begins an attempt; OAuth 1.0a asks the server for it. @throws BrokerError as `Oauth1Consumer.begin` does */
  begin(client: StoredClient, asked: Asked, signal: AbortSignal): Promise<Attempt>;
  /** The address that the person's browser opens. */
  addressOf(attempt: Attempt): Promise<URL>;
  /** Judges the address that the browser was sent back to. @throws BrokerError as `readCallback` does */
  read(attempt: Attempt, answer: string): Exchange;
  /** Whether a client still is what the person consented to. */
  isOf(attempt: Attempt, client: StoredClient): boolean;
}

/** What the person is asked for. */
export interface Asked {
  readonly redirectUri: string;
  readonly scopes: readonly string[];
}

interface Dependencies {
  readonly clients: Pick<Clients, 'secretOf'>;
  readonly consumer: Oauth1Consumer;
  readonly world: Pick<World, 'fetch' | 'nowMs'>;
}

/** Whether an attempt is one of OAuth 2.0. */
export function isOauth2(attempt: Attempt): attempt is AuthorizationAttempt {
  return 'tuple' in attempt;
}

/** See {@link SignInProtocol}. */
export function createSignInProtocol(dependencies: Dependencies): SignInProtocol {
  const { clients, consumer, world } = dependencies;
  return {
    begin: (client, { redirectUri, scopes }, signal) =>
      profileOf(client.type).protocol === 'oauth1'
        ? consumer.begin(client, redirectUri, signal)
        : Promise.resolve(newAttempt(client, issuerTuple(client), redirectUri, scopes)),
    addressOf: (attempt) =>
      isOauth2(attempt)
        ? authorizationUrl(attempt)
        : Promise.resolve(oauth1AuthorizationUrl(attempt)),
    read: (attempt, answer) => {
      if (!isOauth2(attempt)) {
        const verifier = readOauth1Callback(attempt, answer);
        return (client, signal) => consumer.exchange(client, attempt, verifier, signal);
      }
      const callback = readCallback(attempt, answer);
      return async (client, signal) => {
        const clientSecret = await clients.secretOf(client);
        const context = { client, clientSecret, fetch: world.fetch, signal };
        const answered = await exchangeRequest(context, attempt, callback);
        return processExchange(attempt.tuple, answered, world.nowMs());
      };
    },
    isOf: (attempt, { type, clientId, tokenEndpoint }) =>
      isOauth2(attempt)
        ? attempt.tuple.type === type &&
          attempt.oauthClientId === clientId &&
          attempt.tuple.tokenEndpoint === tokenEndpoint
        : profileOf(type).protocol === 'oauth1' &&
          attempt.consumerKey === clientId &&
          attempt.tokenEndpoint === tokenEndpoint,
  };
}
