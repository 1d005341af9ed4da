import { BrokerError } from '#core/values/fault.ts';
import { reveal, type Secret } from '#core/values/secret.ts';
import { isolatedRequest, type Fetch } from '../../fetch.ts';
import type { Parameter } from '../signing/form-encoding.ts';
import type { SignatureBaseString } from '../signing/signature-base-string.ts';
import {
  signRequest,
  type Consumer,
  type Stamp,
  type TokenPair,
} from '../signing/signed-request.ts';
import { readServerResponse, type ServerResponse } from './credential-response.ts';
import type { TokenCredentials } from './credentials.ts';

/** The endpoints to which a consumer sends signed requests. @see RFC 5849, section 2 */
export interface Oauth1Endpoints {
  readonly requestTokenEndpoint: string;
  readonly tokenEndpoint: string;
}

/** What each request for credentials needs besides its own parameters. */
export interface CredentialRequestContext {
  readonly subtle: SubtleCrypto;
  readonly consumer: Consumer;
  readonly endpoints: Oauth1Endpoints;
  readonly stamp: Stamp;
  readonly fetch: Fetch;
  /** Aborts the request, e.g. at its timeout. */
  readonly signal: AbortSignal;
  /** The current time by our clock, in epoch milliseconds. */
  readonly now: () => number;
}

/** The response to a request for credentials, with what was signed. */
export interface CredentialResponse {
  readonly answer: ServerResponse;
  readonly signed: SignatureBaseString;
}

/**
 * Requests temporary credentials.
 * @param callback the redirect URI, or `oob` when the person copies the verifier
 * @throws BrokerError `provider_unreachable`
 * @see RFC 5849, section 2.1
 */
export function temporaryCredentialsRequest(
  context: CredentialRequestContext,
  callback: string,
): Promise<CredentialResponse> {
  const url = context.endpoints.requestTokenEndpoint;
  return credentialRequest(context, url, undefined, [['oauth_callback', callback]]);
}

/**
 * Exchanges the temporary credentials and the verifier for token credentials.
 * @throws BrokerError `provider_unreachable`
 * @see RFC 5849, section 2.3
 */
export function tokenCredentialsRequest(
  context: CredentialRequestContext,
  temporary: TokenPair,
  verifier: Secret,
): Promise<CredentialResponse> {
  const url = context.endpoints.tokenEndpoint;
  return credentialRequest(context, url, temporary, [['oauth_verifier', reveal(verifier)]]);
}

/**
 * Renews the token with the session handle, without the person.
 * @throws BrokerError `grant_rejected` when there is no handle, `provider_unreachable`
 * @see OAuth Session extension
 */
export async function renewalRequest(
  context: CredentialRequestContext,
  credentials: TokenCredentials,
): Promise<CredentialResponse> {
  const handle = credentials.sessionHandle;
  if (handle === undefined) throw new BrokerError('grant_rejected');
  const url = context.endpoints.tokenEndpoint;
  return credentialRequest(context, url, credentials, [['oauth_session_handle', reveal(handle)]]);
}

async function credentialRequest(
  { subtle, consumer, stamp, fetch, signal, now }: CredentialRequestContext,
  url: string,
  token: TokenPair | undefined,
  extra: readonly Parameter[],
): Promise<CredentialResponse> {
  const message = { method: 'POST', url };
  const request = await signRequest(subtle, consumer, message, stamp, token, extra);
  const sentAtMs = now();
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: request.authorization, accept: '*/*' },
      signal,
      ...isolatedRequest,
      // Not followed: a redirect is a response of an intermediary, not a lost connection.
      redirect: 'manual',
    });
    const trip = { sentAtMs, receivedAtMs: now() };
    const answer = await readServerResponse(response, trip, signal);
    return { answer, signed: request.baseString };
  } catch (thrown) {
    throw new BrokerError('provider_unreachable', {}, { cause: thrown });
  }
}
