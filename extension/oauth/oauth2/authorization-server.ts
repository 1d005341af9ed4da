import * as oauth from 'oauth4webapi';
import type { ClientConfiguration } from '#core/client/client-configuration.ts';
import { issuerOf } from '#core/client/client-endpoints.ts';
import type { ProviderType } from '#core/provider/provider-type.ts';
import { BrokerError } from '#core/values/fault.ts';
import { reveal, type Secret } from '#core/values/secret.ts';
import { isolatedRequest, type Fetch } from '../fetch.ts';

/**
 * The authorization server of one attempt, stored with the attempt: a later edit of the configuration must not change
 * where its code is sent.
 * @see RFC 9700, section 4.4
 */
export interface IssuerTuple {
  readonly type: ProviderType;
  /** Absent when it is not known; then `iss` must have the origin of the authorization endpoint. */
  readonly issuer?: string;
  /** Whether every authorization response contains `iss`. @see RFC 9207, section 3 */
  readonly isIssuerInResponses?: boolean;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
}

/** The issuer tuple of a configuration. */
export function issuerTuple(client: ClientConfiguration): IssuerTuple {
  const issuer = issuerOf(client);
  return {
    type: client.type,
    ...(issuer === undefined ? {} : { issuer }),
    ...(client.isIssuerInResponses === true ? { isIssuerInResponses: true } : {}),
    authorizationEndpoint: client.authorizationEndpoint,
    tokenEndpoint: client.tokenEndpoint,
  };
}

/**
 * The tuple as server metadata for the protocol library.
 * @param iss used as the issuer when the tuple has none
 */
export function serverMetadata(tuple: IssuerTuple, iss?: string): oauth.AuthorizationServer {
  return {
    issuer: tuple.issuer ?? iss ?? new URL(tuple.authorizationEndpoint).origin,
    authorization_response_iss_parameter_supported: tuple.isIssuerInResponses === true,
    authorization_endpoint: tuple.authorizationEndpoint,
    token_endpoint: tuple.tokenEndpoint,
  };
}

/**
 * How the client authenticates at the token endpoint, at exchange and refresh.
 * @throws BrokerError `client_rejected` when a secret is needed and none is stored
 * @see RFC 6749, section 2.3.1
 */
export function clientAuthentication(
  client: Pick<ClientConfiguration, 'clientAuthentication'>,
  clientSecret: Secret | undefined,
): oauth.ClientAuth {
  if (client.clientAuthentication === 'none') return oauth.None();
  if (clientSecret === undefined) throw new BrokerError('client_rejected');
  const text = reveal(clientSecret);
  return client.clientAuthentication === 'basic'
    ? oauth.ClientSecretBasic(text)
    : oauth.ClientSecretPost(text);
}

/** What every request of the protocol library needs. */
export interface RequestContext {
  readonly fetch: Fetch;
  /** Aborts the request, e.g. at its timeout. */
  readonly signal: AbortSignal;
  readonly isHttpAllowed: boolean;
}

type LibraryRequest = oauth.CustomFetchOptions<'GET' | 'POST', URLSearchParams | undefined>;

/** The options of the protocol library for an isolated request; `change` sets members of the request in another way. */
export function requestOptions(
  { fetch, signal, isHttpAllowed }: RequestContext,
  change: (request: LibraryRequest) => RequestInit = () => ({}),
) {
  return {
    signal,
    // oxlint-disable-next-line typescript/no-deprecated -- marked to warn; a person allowed http by name
    [oauth.allowInsecureRequests]: isHttpAllowed,
    [oauth.customFetch]: (url: string, request: LibraryRequest) => {
      const { method, headers, body = null } = request;
      return fetch(url, { method, headers, body, signal, ...isolatedRequest, ...change(request) });
    },
  };
}
