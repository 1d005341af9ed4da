import * as oauth from 'oauth4webapi';
import type { ClientConfiguration } from '#core/client/client-configuration.ts';
import { revocationEndpointOf } from '#core/client/client-endpoints.ts';
import { reveal, type Secret } from '#core/values/secret.ts';
import { isolatedRequest, type Fetch } from '../fetch.ts';
import { clientAuthentication, issuerTuple, serverMetadata } from './authorization-server.ts';

/** The token to revoke. Revoking a refresh token ends the whole grant. */
export type Revocable = { readonly refreshToken: Secret } | { readonly accessToken: Secret };

/**
 * Requests the revocation of a token, if the provider has an endpoint for it. Never throws: the session is already
 * removed here, and Atlassian Cloud's endpoint is not documented for 3LO apps.
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
    await oauth.revocationRequest(
      { ...serverMetadata(issuerTuple(client)), revocation_endpoint: endpoint },
      { client_id: client.clientId },
      clientAuthentication(client, clientSecret),
      reveal(isRefreshToken ? token.refreshToken : token.accessToken),
      {
        signal,
        additionalParameters: {
          token_type_hint: isRefreshToken ? 'refresh_token' : 'access_token',
        },
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked to warn; a person allowed http by name
        [oauth.allowInsecureRequests]: client.isHttpAllowed === true,
        [oauth.customFetch]: (
          url: string,
          init: oauth.CustomFetchOptions<'POST', URLSearchParams>,
        ) =>
          fetch(url, {
            method: 'POST',
            headers: init.headers,
            body: init.body,
            signal,
            ...isolatedRequest,
          }),
      },
    );
  } catch {
    // Best effort: there is nothing to retry or to report.
  }
}
