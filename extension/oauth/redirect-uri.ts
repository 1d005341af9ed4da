import { toBase64url } from '#core/values/bytes-as-text.ts';
import { BrokerError } from '#core/values/fault.ts';

/**
 * The last path segment of a client's redirect URI: the first 16 bytes of the SHA-256 of its authorization endpoint,
 * base64url. Two issuers never share a redirect URI. @see RFC 9700, section 4.4.2.2
 */
export async function redirectUriSuffix(
  authorizationEndpoint: string,
  { subtle }: Pick<Crypto, 'subtle'>,
): Promise<string> {
  const digest = await subtle.digest('SHA-256', new TextEncoder().encode(authorizationEndpoint));
  return toBase64url(new Uint8Array(digest, 0, 16));
}

/**
 * The parameters of an authorization response, if it was sent to exactly this redirect URI. Browsers compare only the
 * origin or a prefix, so origin and path are compared here.
 * @throws BrokerError `redirect_rejected`
 */
export function responseParameters(redirectUri: string, response: string): URLSearchParams {
  const url = URL.parse(response);
  if (url === null || `${url.origin}${url.pathname}` !== redirectUri) {
    throw new BrokerError('redirect_rejected');
  }
  return url.searchParams;
}
