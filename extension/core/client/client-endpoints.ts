import { normaliseScopes } from '../protocol/scope.ts';
import { impliedScopes, neededScopes } from '../provider/data-center.ts';
import { endpointsAt } from '../provider/derived-endpoints.ts';
import { profileOf } from '../provider/provider-profile.ts';
import type { ProviderMember } from '../provider/provider-type.ts';
import type { Origin } from '../values/origin.ts';
import type { ClientConfiguration } from './client-configuration.ts';
import { admittedParameters, type ExtraParameters } from './extra-parameters.ts';

/** A configuration as far as it says where its provider is. */
export type ProviderOf = Pick<
  ClientConfiguration,
  'type' | 'authorizationEndpoint' | 'tokenEndpoint' | ProviderMember
>;

/** Base of the resource API, without a trailing slash; undefined when there is none that pages may call. */
export function apiBaseOf({ type, apiBase, baseUrl }: ProviderOf): string | undefined {
  return apiBase ?? baseUrl ?? profileOf(type).apiBase;
}

/** Base of the gateway that stands before the sites; undefined where they are called themselves. */
export function gatewayOf(provider: ProviderOf): string | undefined {
  const hasGateway = profileOf(provider.type).sites === 'accessible-resources';
  return hasGateway ? apiBaseOf(provider) : undefined;
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
  if (baseUrl !== undefined) return endpointsAt(type, baseUrl).revocationEndpoint;
  const known = revocationEndpoint ?? profileOf(type).revocationEndpoint;
  return known === undefined ? undefined : new URL(known, tokenEndpoint).href;
}

/** Where OAuth 1.0a begins; undefined for OAuth 2.0. @see RFC 5849, section 2.1 */
export function requestTokenEndpointOf(provider: ProviderOf): string | undefined {
  const { requestTokenEndpoint, baseUrl, type } = provider;
  if (requestTokenEndpoint !== undefined || baseUrl === undefined) return requestTokenEndpoint;
  return endpointsAt(type, baseUrl).requestTokenEndpoint;
}

/** Who tells whose token it is; undefined when nobody does. */
export function userinfoEndpointOf({ type, userinfoEndpoint }: ProviderOf): string | undefined {
  return userinfoEndpoint ?? profileOf(type).userinfoEndpoint;
}

/** What every authorization request carries besides the protocol's own parameters. */
export function authorizationParametersOf(provider: ProviderOf): ExtraParameters {
  const profile = profileOf(provider.type);
  const apiBase = apiBaseOf(provider);
  const isAudienceSent = profile.isAudienceSent && apiBase !== undefined;
  return {
    ...profile.authorizationParameters,
    ...admittedParameters(provider.authorizationParameters, profile),
    ...(isAudienceSent ? { audience: new URL(apiBase).host } : {}),
  };
}

/** The person's own parameters in token requests. */
export function tokenParametersOf(provider: ProviderOf): ExtraParameters {
  return admittedParameters(provider.tokenParameters, profileOf(provider.type));
}

/** What a refresh carries besides the refresh token, as the kind of provider wants it. */
export function refreshParametersOf(
  { type }: ProviderOf,
  { redirectUri, scopes }: { readonly redirectUri: string; readonly scopes: readonly string[] },
): ExtraParameters {
  const { refreshParameters, addedScopes } = profileOf(type);
  const values = {
    redirect_uri: redirectUri,
    scope: normaliseScopes([...scopes, ...addedScopes]).join(' '),
  };
  return Object.fromEntries(refreshParameters.map((name) => [name, values[name]]));
}

/** The scopes to ask for: none that another one brings along, and those without which nothing can be refreshed. */
export function askedScopes({ type, product }: ProviderOf, scopes: readonly string[]): string[] {
  const needed = product === undefined ? scopes : neededScopes(product, scopes);
  return normaliseScopes([...needed, ...profileOf(type).addedScopes]);
}

/** The scopes that a grant brings, with those that each brings along by itself. */
export function effectiveScopes(
  { type, product }: ProviderOf,
  granted: readonly string[],
): string[] {
  if (product !== undefined) return impliedScopes(product, granted);
  const { scopeAliases, silentScopes } = profileOf(type);
  const aliases = granted.flatMap((scope) => scopeAliases[scope] ?? []);
  return normaliseScopes([...granted, ...aliases, ...silentScopes]);
}

/** The hosts of configurations whose servers judge a request by what a browser adds to it, without ports. */
export function requestHosts(providers: readonly ProviderOf[]): string[] {
  const addresses = providers.flatMap((provider) => [
    provider.tokenEndpoint,
    apiBaseOf(provider) ?? provider.tokenEndpoint,
    requestTokenEndpointOf(provider) ?? provider.tokenEndpoint,
  ]);
  return [...new Set(addresses.map((address) => new URL(address).hostname))];
}

/** The origins that the worker must be able to reach for one configuration, and no others. */
export function requiredOrigins(provider: ProviderOf): Origin[] {
  const addresses = [
    requestTokenEndpointOf(provider),
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
