import type { ClientConfiguration } from './client-configuration.ts';
import { dataCenterEndpoints, impliedScopes } from './data-center.ts';
import type { Origin } from './origin.ts';
import { profileOf } from './provider-profile.ts';
import type { ProviderMember } from './provider-type.ts';

/** A configuration as far as it says where its provider is. */
export type ProviderOf = Pick<
  ClientConfiguration,
  'type' | 'authorizationEndpoint' | 'tokenEndpoint' | ProviderMember
>;

/** Base of the resource API, without a trailing slash; undefined when there is none that pages may call. */
export function apiBaseOf({ type, apiBase, baseUrl }: ProviderOf): string | undefined {
  return apiBase ?? baseUrl ?? profileOf(type).apiBase;
}

/** What `iss` has to be, where that is known. @see RFC 9207 */
export function issuerOf({
  type,
  issuer,
  apiBase,
  authorizationEndpoint,
}: ProviderOf): string | undefined {
  const { addresses, issuer: fixed } = profileOf(type);
  if (issuer !== undefined) return issuer;
  return addresses === 'cloud' && apiBase !== undefined
    ? new URL(authorizationEndpoint).origin
    : fixed;
}

/** Where tokens are revoked; undefined when the provider has no such place. @see RFC 7009 */
export function revocationEndpointOf(provider: ProviderOf): string | undefined {
  const { revocationEndpoint, baseUrl, tokenEndpoint, type } = provider;
  if (baseUrl !== undefined) return dataCenterEndpoints(baseUrl).revocationEndpoint;
  const known = revocationEndpoint ?? profileOf(type).revocationEndpoint;
  return known === undefined ? undefined : new URL(known, tokenEndpoint).href;
}

/** Who tells whose token it is; undefined when nobody does. */
export function userinfoEndpointOf({ type, userinfoEndpoint }: ProviderOf): string | undefined {
  return userinfoEndpoint ?? profileOf(type).userinfoEndpoint;
}

/** The scopes that a grant brings, with those that each brings along by itself. */
export function effectiveScopes({ product }: ProviderOf, granted: readonly string[]): string[] {
  return product === undefined ? [...granted] : impliedScopes(product, granted);
}

/** The origins that the worker must be able to reach for one configuration, and no others. */
export function requiredOrigins(provider: ProviderOf): Origin[] {
  const addresses = [
    provider.authorizationEndpoint,
    provider.tokenEndpoint,
    apiBaseOf(provider),
    userinfoEndpointOf(provider),
    revocationEndpointOf(provider),
  ];
  const origins = addresses.flatMap((address) =>
    address === undefined ? [] : [new URL(address).origin as Origin],
  );
  return [...new Set(origins)];
}
