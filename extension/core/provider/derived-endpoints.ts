import { applicationLinkEndpoints } from './application-link.ts';
import { dataCenterEndpoints } from './data-center.ts';
import { profileOf } from './provider-profile.ts';
import type { ProviderType } from './provider-type.ts';

/** The endpoints that follow from a base URL, as the kind of provider has them. */
export interface DerivedEndpoints {
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  /** Of OAuth 1.0a alone. @see RFC 5849, section 2.1 */
  readonly requestTokenEndpoint?: string;
  /** Of OAuth 2.0 alone. @see RFC 7009 */
  readonly revocationEndpoint?: string;
}

/** @param baseUrl as `readBaseUrl` gives it: with its context path, without a trailing slash */
export function endpointsAt(type: ProviderType, baseUrl: string): DerivedEndpoints {
  const isSigned = profileOf(type).protocol === 'oauth1';
  return isSigned ? applicationLinkEndpoints(baseUrl) : dataCenterEndpoints(baseUrl);
}
