import { profileOf } from '#core/provider/provider-profile.ts';
import { BrokerError } from '#core/values/fault.ts';
import { reveal, secret, type Secret } from '#core/values/secret.ts';
import { decodeCredentials } from '#oauth/oauth1/flow/credential-encoding.ts';
import { clockOffsetMs } from '#oauth/oauth1/signing/clock-offset.ts';
import { percentEncode } from '#oauth/oauth1/signing/form-encoding.ts';
import { nextStep } from '#oauth/oauth1/signing/problem-action.ts';
import { readProblem } from '#oauth/oauth1/signing/problem.ts';
import {
  requestParameters,
  type SignedMessage,
} from '#oauth/oauth1/signing/signature-base-string.ts';
import { signRequest, stampAt } from '#oauth/oauth1/signing/signed-request.ts';
import { bearer, type AuthorizationHeader } from '#oauth/resources/authorization-header.ts';
import type { StoredClient } from '#storage/schema.ts';
import type { World } from '../platform/world.ts';
import type { AccessToken } from '../secrets/access-tokens.ts';
import { randomBytes, type Oauth1Consumer } from './oauth1-consumer.ts';
import type { ServerClocks } from './server-clocks.ts';
import type { SignedRequestLog } from './signed-request-log.ts';

/** Makes the `Authorization` header of a request: the bearer token, or the OAuth 1.0a signature of this request. */
export type RequestAuthorizer = (
  client: StoredClient,
  token: Pick<AccessToken, 'token'>,
  message: SignedMessage,
  options?: SigningOptions,
) => Promise<AuthorizationHeader>;

/** How a request is signed. */
export interface SigningOptions {
  /** The request is kept for diagnostics. Only for our own requests, not for those of pages. */
  readonly isLogged?: boolean;
}

interface Dependencies {
  readonly consumer: Oauth1Consumer;
  readonly clocks: ServerClocks;
  readonly log: SignedRequestLog;
  readonly world: Pick<World, 'nowMs' | 'crypto'>;
}

/** Authorizes requests by the protocol of each client. */
export function createRequestAuthorizer(dependencies: Dependencies): RequestAuthorizer {
  return (client, token, message, options) =>
    profileOf(client.type).protocol === 'oauth1'
      ? signed(client, token, { message, ...options }, dependencies)
      : Promise.resolve(bearer(token.token));
}

async function signed(
  client: StoredClient,
  { token }: Pick<AccessToken, 'token'>,
  { message, isLogged }: SigningOptions & { readonly message: SignedMessage },
  { consumer, clocks, log, world }: Dependencies,
): Promise<AuthorizationHeader> {
  rejectFlowParameters(message);
  const pair = decodeCredentials(token);
  const usedOffsetMs = clocks.offsetMs(message.url);
  const sentAtMs = world.nowMs();
  const stamp = stampAt(sentAtMs, usedOffsetMs, randomBytes(world));
  const identity = await consumer.identity(client);
  const request = await signRequest(world.crypto.subtle, identity, message, stamp, pair);
  return {
    value: request.authorization,
    tokenForms: encodingsOf(pair.token),
    decide: ({ status, headers, tried }) => {
      const isClientError = status >= 400 && status < 500;
      const wwwAuthenticate = headers.get('www-authenticate') ?? undefined;
      const problem = isClientError ? readProblem({ wwwAuthenticate, text: '' }) : undefined;
      const trip = { sentAtMs, receivedAtMs: world.nowMs() };
      const answeredOffsetMs = clockOffsetMs(headers.get('date'), trip);
      const offsets = { usedOffsetMs, answeredOffsetMs };
      if (isLogged) {
        const entry = { phase: 'call', signed: request.baseString, status, ...offsets } as const;
        log.record(client.id, problem === undefined ? entry : { ...entry, problem: problem.name });
      }
      // Without a reason, the token may be valid. Renewing it could fail, and would then end the session.
      if (problem === undefined) return status === 401 ? { act: 'stop' } : undefined;
      const isSignedAgain = tried.includes('sign-again');
      const isRenewed = tried.includes('renew');
      const next = nextStep(problem, {
        phase: 'call',
        nowMs: world.nowMs(),
        ...offsets,
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
 * Rejects a call with an `oauth_` parameter: the response could give the page credentials. The endpoints of the flow are
 * refused when the call is planned. @throws BrokerError `invalid_request`
 */
function rejectFlowParameters(message: SignedMessage): void {
  const reserved = requestParameters(message).find(([name]) => /^oauth_/iu.test(name.trim()));
  if (reserved !== undefined) throw new BrokerError('invalid_request', { subject: reserved[0] });
}

/** A token as it is, as encoded in the header, and as encoded in a base string. */
function encodingsOf(token: Secret): Secret[] {
  const encoded = percentEncode(reveal(token));
  return [...new Set([reveal(token), encoded, percentEncode(encoded)])].map(secret);
}
