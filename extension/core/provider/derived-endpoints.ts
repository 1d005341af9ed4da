import { profileOf } from './provider-profile.ts';
import type { ProviderType } from './provider-type.ts';

/** The endpoints that are derived from a base URL. */
export interface DerivedEndpoints {
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  /** Only with OAuth 1.0a. @see RFC 5849, section 2.1 */
  readonly requestTokenEndpoint?: string;
  /** Only with OAuth 2.0. @see RFC 7009 */
  readonly revocationEndpoint?: string;
}

/**
 * The endpoints of a Data Center product by its base URL.
 * @param baseUrl as `readBaseUrl` gives it: with its context path, without a trailing slash
 * @see Atlassian, "OAuth 2.0 provider API"; "OAuth" (Jira Server platform)
 */
export function endpointsAt(type: ProviderType, baseUrl: string): DerivedEndpoints {
  if (profileOf(type).protocol === 'oauth1') {
    const servlet = `${baseUrl}/plugins/servlet/oauth`;
    return {
      requestTokenEndpoint: `${servlet}/request-token`,
      authorizationEndpoint: `${servlet}/authorize`,
      tokenEndpoint: `${servlet}/access-token`,
    };
  }
  const latest = `${baseUrl}/rest/oauth2/latest`;
  return {
    authorizationEndpoint: `${latest}/authorize`,
    tokenEndpoint: `${latest}/token`,
    revocationEndpoint: `${latest}/revoke`,
  };
}
