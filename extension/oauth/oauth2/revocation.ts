import * as oauth from 'oauth4webapi';
import type { ClientConfiguration } from '#core/client/client-configuration.ts';
import { revocationEndpointOf } from '#core/client/client-endpoints.ts';
import { reveal, type Secret } from '#core/values/secret.ts';
import type { Fetch } from '../fetch.ts';
import {
  clientAuthentication,
  issuerTuple,
  requestOptions,
  serverMetadata,
} from './authorization-server.ts';

/** The token to revoke. Revoking a refresh token ends the whole grant. */
export type Revocable = { readonly refreshToken: Secret } | { readonly accessToken: Secret };

/**
 * Requests the revocation of a token, if the provider has an endpoint for it. Never throws: the token is not used any more,
 * and Atlassian Cloud's endpoint is not documented for 3LO apps.
 * @see RFC 7009, section 2.1
 */
export async function revokeBestEffort(
  client: ClientConfiguration,
  clientSecret: Secret | undefined,
  token: Revocable,
  { fetch, signal }: { fetch: Fetch; signal: AbortSignal },
): Promise<void> {
  const endpoint = revocationEndpointOf(client);
  if (endpoint === undefined) return;
  const isRefreshToken = 'refreshToken' in token;
  try {
    const response = await oauth.revocationRequest(
      { ...serverMetadata(issuerTuple(client)), revocation_endpoint: endpoint },
      { client_id: client.clientId },
      clientAuthentication(client, clientSecret),
      reveal(isRefreshToken ? token.refreshToken : token.accessToken),
      {
        ...requestOptions({ fetch, signal, isHttpAllowed: client.isHttpAllowed === true }),
        additionalParameters: {
          token_type_hint: isRefreshToken ? 'refresh_token' : 'access_token',
        },
      },
    );
    await response.body?.cancel();
  } catch {
    // Best effort: there is nothing to retry or to report.
  }
}
