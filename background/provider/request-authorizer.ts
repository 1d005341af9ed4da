import { requestTokenEndpointOf } from '../../extension/core/client/client-endpoints.ts';
import { profileOf } from '../../extension/core/provider/provider-profile.ts';
import { BrokerError } from '../../extension/core/values/fault.ts';
import { reveal, secret, type Secret } from '../../extension/core/values/secret.ts';
import { decodeCredentials } from '../../extension/oauth/oauth1/flow/credential-encoding.ts';
import { clockOffsetMs } from '../../extension/oauth/oauth1/signing/clock-offset.ts';
import { percentEncode } from '../../extension/oauth/oauth1/signing/form-encoding.ts';
import { nextStep } from '../../extension/oauth/oauth1/signing/problem-action.ts';
import { readProblem } from '../../extension/oauth/oauth1/signing/problem.ts';
import {
  requestParameters,
  type SignedMessage,
} from '../../extension/oauth/oauth1/signing/signature-base-string.ts';
import { signRequest, stampAt } from '../../extension/oauth/oauth1/signing/signed-request.ts';
import {
  bearer,
  type AuthorizationHeader,
} from '../../extension/oauth/resources/authorization-header.ts';
import type { StoredClient } from '../../extension/storage/schema.ts';
import type { World } from '../platform/world.ts';
import type { AccessToken } from '../secrets/access-tokens.ts';
import { randomBytes, type Oauth1Consumer } from './oauth1-consumer.ts';
import type { ServerClocks } from './server-clocks.ts';
import type { SignedRequestLog } from './signed-request-log.ts';

/** Makes the `Authorization` header of a request: the bearer token, or OAuth 1.0a's signature over this very request. */
export type RequestAuthorizer = (
  client: StoredClient,
  token: Pick<AccessToken, 'token'>,
  message: SignedMessage,
  options?: SigningOptions,
) => Promise<AuthorizationHeader>;

/** Whose request it is. */
export interface SigningOptions {
  /** It is our own, and is kept for diagnostics. What pages send is theirs. */
  readonly isLogged?: boolean;
}

interface Dependencies {
  readonly consumer: Oauth1Consumer;
  readonly clocks: ServerClocks;
  readonly log: SignedRequestLog;
  readonly world: Pick<World, 'nowMs' | 'crypto'>;
}

/** See {@link RequestAuthorizer}. */
export function createRequestAuthorizer(dependencies: Dependencies): RequestAuthorizer {
  return (client, token, message, options) =>
    profileOf(client.type).protocol === 'oauth1'
      ? signed(client, token, { message, ...options }, dependencies)
      : Promise.resolve(bearer(token.token));
}

async function signed(
  client: StoredClient,
  packed: Pick<AccessToken, 'token'>,
  { message, isLogged }: SigningOptions & { readonly message: SignedMessage },
  { consumer, clocks, log, world }: Dependencies,
): Promise<AuthorizationHeader> {
  refuseOwnParts(client, message);
  const pair = decodeCredentials(packed.token);
  const usedOffsetMs = clocks.offsetMs(message.url);
  const sentAtMs = world.nowMs();
  const stamp = stampAt(sentAtMs, usedOffsetMs, randomBytes(world));
  const identity = await consumer.identity(client);
  const request = await signRequest(world.crypto.subtle, identity, message, stamp, pair);
  return {
    value: request.authorization,
    tokenForms: spellingsOf(pair.token),
    decide: ({ status, headers, tried }) => {
      const isRefused = status >= 400 && status < 500;
      const wwwAuthenticate = headers.get('www-authenticate') ?? undefined;
      const problem = isRefused ? readProblem({ wwwAuthenticate, text: '' }) : undefined;
      const trip = { sentAtMs, receivedAtMs: world.nowMs() };
      const answeredOffsetMs = clockOffsetMs(headers.get('date'), trip);
      const offsets = { usedOffsetMs, answeredOffsetMs };
      const outcome = { status, ...(problem === undefined ? {} : { problem: problem.name }) };
      if (isLogged)
        log.note(client.id, { phase: 'call', signed: request.baseString, ...outcome, ...offsets });
      // A refusal without a reason says nothing of the token: renewing it may be in vain, and end the session.
      if (problem === undefined) return status === 401 ? { act: 'stop' } : undefined;
      const isSignedAgain = tried.includes('sign-again');
      const isRenewed = tried.includes('renew');
      const next = nextStep(problem, {
        ...{ phase: 'call', nowMs: world.nowMs(), ...offsets },
        tried: { clock: isSignedAgain, nonce: isSignedAgain, renewal: isRenewed },
      });
      if (next.step === 'retry') {
        if (next.reason === 'clock') clocks.learn(message.url, next.clockOffsetMs);
        return { act: 'sign-again', problem };
      }
      return { act: next.step, problem };
    },
  };
}

/**
 * A call is no part of the dance: its parameters and addresses are ours, and a page that could send them would be
 * answered with credentials. @throws BrokerError `invalid_request`
 */
function refuseOwnParts(client: StoredClient, message: SignedMessage): void {
  const own = requestParameters(message).find(([name]) => /^oauth_/iu.test(name.trim()));
  if (own !== undefined) throw new BrokerError('invalid_request', { subject: own[0] });
  const { origin, pathname } = new URL(message.url);
  const { authorizationEndpoint, tokenEndpoint } = client;
  const dance = [requestTokenEndpointOf(client), authorizationEndpoint, tokenEndpoint];
  const isDance = dance.some((url) => {
    const of = url === undefined ? undefined : new URL(url);
    return of?.origin === origin && of.pathname === pathname;
  });
  if (isDance) throw new BrokerError('invalid_request', { subject: 'path' });
}

/** A token as it is, as it stands in the header, and as it stands in a base string. */
function spellingsOf(token: Secret): Secret[] {
  const encoded = percentEncode(reveal(token));
  return [...new Set([reveal(token), encoded, percentEncode(encoded)])].map(secret);
}
