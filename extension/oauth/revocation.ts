import type { ClientConfiguration } from '../core/client-configuration.ts';
import { reveal, type Secret } from '../core/secret.ts';
import type { Fetch } from './token-endpoint.ts';

/**
 * Asks Atlassian to revoke a refresh token. The endpoint is advertised but not documented for 3LO apps,
 * so every outcome is the same: the session is gone here already.
 * @see RFC 7009, section 2.1
 */
export async function revokeBestEffort(
  client: ClientConfiguration,
  clientSecret: Secret | undefined,
  refreshToken: Secret,
  { fetch, signal }: { fetch: Fetch; signal: AbortSignal },
): Promise<void> {
  const body = new URLSearchParams({
    token: reveal(refreshToken),
    token_type_hint: 'refresh_token',
    client_id: client.clientId,
    ...(clientSecret === undefined ? {} : { client_secret: reveal(clientSecret) }),
  });
  try {
    const url = new URL('/oauth/revoke', client.tokenEndpoint);
    await fetch(url.href, {
      method: 'POST',
      body,
      signal,
      redirect: 'error',
      credentials: 'omit',
      cache: 'no-store',
    });
  } catch {
    // Best effort by design: there is nothing left here to keep or to tell.
  }
}
