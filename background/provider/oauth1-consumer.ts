import { signatureMethodOf } from '#core/client/client-configuration.ts';
import { requestTokenEndpointOf } from '#core/client/client-endpoints.ts';
import { neverMs } from '#core/session/session.ts';
import { BrokerError } from '#core/values/fault.ts';
import type { Secret } from '#core/values/secret.ts';
import {
  newOauth1Attempt,
  temporaryPairOf,
  type Oauth1Attempt,
} from '#oauth/oauth1/flow/authorization.ts';
import {
  encodeCredentials,
  encodeTokenPair,
  decodeCredentials,
} from '#oauth/oauth1/flow/credential-encoding.ts';
import {
  renewalRequest,
  temporaryCredentialsRequest,
  tokenCredentialsRequest,
  type CredentialResponse,
  type CredentialRequestContext,
} from '#oauth/oauth1/flow/credential-requests.ts';
import type { ServerResponse } from '#oauth/oauth1/flow/credential-response.ts';
import {
  processRenewal,
  processTemporaryCredentials,
  processTokenCredentials,
  type Granted,
  type TokenCredentials,
} from '#oauth/oauth1/flow/credentials.ts';
import { nextStep, type SignedPhase } from '#oauth/oauth1/signing/problem-action.ts';
import type { SigningKey } from '#oauth/oauth1/signing/signature.ts';
import { stampAt, type Consumer } from '#oauth/oauth1/signing/signed-request.ts';
import type { TokenSet } from '#oauth/token-set.ts';
import type { StoredClient } from '#storage/schema.ts';
import type { Clients } from '../clients/clients.ts';
import type { World } from '../platform/world.ts';
import type { ConsumerKeyChain } from '../secrets/consumer-keys.ts';
import type { ServerClocks } from './server-clocks.ts';
import type { SignedRequestLog } from './signed-request-log.ts';

/** The consumer's side of OAuth 1.0a: the three signed requests of its flow. @see RFC 5849, section 2 */
export interface Oauth1Consumer {
  /** Requests temporary credentials. @throws BrokerError the same as {@link Oauth1Consumer.renew} */
  begin(client: StoredClient, redirectUri: string, signal: AbortSignal): Promise<Oauth1Attempt>;
  /** Sends the verifier and receives token credentials. @throws BrokerError the same as {@link Oauth1Consumer.renew} */
  exchange(
    client: StoredClient,
    attempt: Oauth1Attempt,
    verifier: Secret,
    signal: AbortSignal,
  ): Promise<TokenSet>;
  /**
   * Requests a new token with the session handle.
   * @param encoded the current credentials, encoded by `encodeCredentials`
   * @throws BrokerError `client_rejected`, `grant_rejected` and `authorization_failed` with the server's
   *   `oauth_problem` as their subject, `provider_unreachable`, `provider_answer_invalid`, `seal_broken`, `locked`
   */
  renew(client: StoredClient, encoded: Secret, signal: AbortSignal): Promise<TokenSet>;
  /** The key that a client signs with. @throws BrokerError `seal_broken`, `client_rejected`, `locked` */
  identity(client: StoredClient): Promise<Consumer>;
}

interface Dependencies {
  readonly clients: Pick<Clients, 'secretOf'>;
  readonly keys: ConsumerKeyChain;
  readonly clocks: ServerClocks;
  readonly log: SignedRequestLog;
  readonly world: Pick<World, 'fetch' | 'nowMs' | 'crypto'>;
}

export function createOauth1Consumer(dependencies: Dependencies): Oauth1Consumer {
  const { world } = dependencies;
  const identity = (client: StoredClient): Promise<Consumer> => consumerOf(client, dependencies);
  return {
    identity,
    begin: async (client, redirectUri, signal) => {
      const temporary = await sendRequest(
        { client, signal, phase: 'temporary-credentials' },
        (context) => temporaryCredentialsRequest(context, redirectUri),
        processTemporaryCredentials,
        dependencies,
      );
      return newOauth1Attempt(client, redirectUri, temporary);
    },
    exchange: async (client, attempt, verifier, signal) => {
      const temporary = temporaryPairOf(attempt);
      const credentials = await sendRequest(
        { client, signal, phase: 'token-credentials' },
        (context) => tokenCredentialsRequest(context, temporary, verifier),
        (response) => processTokenCredentials(response, world.nowMs()),
        dependencies,
      );
      return tokenSetOf(credentials);
    },
    renew: async (client, encoded, signal) => {
      const before = decodeCredentials(encoded);
      const credentials = await sendRequest(
        { client, signal, phase: 'renewal' },
        (context) => renewalRequest(context, before),
        (response) => processRenewal(before, response, world.nowMs()),
        dependencies,
      );
      return tokenSetOf(credentials);
    },
  };
}

/** One request of the flow. */
interface FlowRequest {
  readonly client: StoredClient;
  readonly phase: Exclude<SignedPhase, 'call'>;
  readonly signal: AbortSignal;
}

/** Sends a request until it succeeds or its error is final. It is repeated once for each reason, such as a wrong clock. */
async function sendRequest<T>(
  { client, phase, signal }: FlowRequest,
  request: (context: CredentialRequestContext) => Promise<CredentialResponse>,
  process: (response: ServerResponse) => Granted<T>,
  dependencies: Dependencies,
): Promise<T> {
  const { clocks, log, world } = dependencies;
  const { tokenEndpoint } = client;
  const consumer = await consumerOf(client, dependencies);
  let tried = { clock: false, nonce: false, renewal: false };
  for (;;) {
    const usedOffsetMs = clocks.offsetMs(tokenEndpoint);
    const stamp = stampAt(world.nowMs(), usedOffsetMs, randomBytes(world));
    const endpoints = { requestTokenEndpoint: requestTokenEndpointOf(client) ?? '', tokenEndpoint };
    const { fetch, nowMs: now, crypto } = world;
    const context = { consumer, endpoints, stamp, fetch, signal, now, subtle: crypto.subtle };
    const { answer, signed } = await request(context);
    const { status, clockOffsetMs: answeredOffsetMs } = answer;
    const offsets = { usedOffsetMs, answeredOffsetMs };
    const entry = { phase, signed, status, ...offsets };
    let processed: Granted<T>;
    try {
      processed = process(answer);
    } catch (thrown) {
      log.record(client.id, entry);
      throw thrown;
    }
    if ('granted' in processed) {
      log.record(client.id, entry);
      return processed.granted;
    }
    const { problem } = processed;
    log.record(client.id, { ...entry, problem: problem.name });
    const next = nextStep(problem, { phase, tried, nowMs: world.nowMs(), ...offsets });
    if (next.step !== 'retry') {
      const code = next.step === 'stop' ? next.fault : 'grant_rejected';
      throw new BrokerError(code, { subject: problem.name });
    }
    if (next.reason === 'clock') clocks.learn(tokenEndpoint, next.clockOffsetMs);
    tried = { ...tried, [next.reason]: true };
  }
}

async function consumerOf(client: StoredClient, dependencies: Dependencies): Promise<Consumer> {
  const signingKey = await signingKeyOf(client, dependencies);
  return { key: client.clientId, signingKey, sendsVersion: true };
}

async function signingKeyOf(
  client: StoredClient,
  { clients, keys }: Pick<Dependencies, 'clients' | 'keys'>,
): Promise<SigningKey> {
  if (signatureMethodOf(client) === 'RSA-SHA1')
    return { method: 'RSA-SHA1', privateKey: await keys.privateKeyOf(client.keyPair) };
  const consumerSecret = await clients.secretOf(client);
  if (consumerSecret === undefined) throw new BrokerError('client_rejected');
  return { method: 'HMAC-SHA1', consumerSecret };
}

/** Bytes for a nonce. */
export function randomBytes({ crypto }: Pick<World, 'crypto'>): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(16));
}

function tokenSetOf(credentials: TokenCredentials): TokenSet {
  return {
    accessToken: encodeTokenPair(credentials),
    expiresAtMs: credentials.expiresAtMs ?? neverMs,
    ...(credentials.sessionHandle === undefined
      ? {}
      : { refreshToken: encodeCredentials(credentials) }),
    scopes: [],
  };
}
