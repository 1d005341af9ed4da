import * as oauth from 'oauth4webapi';
import type { ClientConfiguration } from '../../core/client/client-configuration.ts';
import { issuerOf } from '../../core/client/client-endpoints.ts';
import type { ProviderType } from '../../core/provider/provider-type.ts';
import { BrokerError } from '../../core/values/fault.ts';
import { reveal, type Secret } from '../../core/values/secret.ts';

/**
 * Where one authorization attempt goes, remembered as a whole: the authorization server alone would
 * not tell two configurations apart whose endpoints differ.
 * @see RFC 9700, section 4.4
 */
export interface IssuerTuple {
  readonly type: ProviderType;
  /** Absent when nobody named it; then an `iss` has to be of the authorization endpoint's own origin. */
  readonly issuer?: string;
  /** Every answer carries `iss`. */
  readonly isIssuerInResponses?: boolean;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
}

/** The tuple of a configuration. */
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

/** The tuple in the form that the protocol library takes; without a known issuer, the one that an answer named. */
export function serverMetadata(tuple: IssuerTuple, named?: string): oauth.AuthorizationServer {
  return {
    issuer: tuple.issuer ?? named ?? new URL(tuple.authorizationEndpoint).origin,
    authorization_response_iss_parameter_supported: tuple.isIssuerInResponses === true,
    authorization_endpoint: tuple.authorizationEndpoint,
    token_endpoint: tuple.tokenEndpoint,
  };
}

/**
 * The client's proof at the token endpoint, the same at exchange and refresh.
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
