import { normaliseScopes } from '../protocol/scope.ts';
import { impliedScopes, minimalScopes } from '../provider/data-center.ts';
import { endpointsAt } from '../provider/derived-endpoints.ts';
import { profileOf } from '../provider/provider-profile.ts';
import type { ProviderMember } from '../provider/provider-type.ts';
import type { Origin } from '../values/origin.ts';
import type { ClientConfiguration } from './client-configuration.ts';
import { admittedParameters, type ExtraParameters } from './extra-parameters.ts';

/** A configuration as far as it says where its provider is. */
export type ProviderConfiguration = Pick<
  ClientConfiguration,
  'type' | 'authorizationEndpoint' | 'tokenEndpoint' | ProviderMember
>;

/** Base of the resource API, without a trailing slash; undefined when there is none that pages may call. */
export function apiBaseOf({ type, apiBase, baseUrl }: ProviderConfiguration): string | undefined {
  return apiBase ?? baseUrl ?? profileOf(type).apiBase;
}

/** Base of the gateway that stands before the sites; undefined where they are called themselves. */
export function gatewayOf(provider: ProviderConfiguration): string | undefined {
  const hasGateway = profileOf(provider.type).sites === 'accessible-resources';
  return hasGateway ? apiBaseOf(provider) : undefined;
}

/** What `iss` has to be, where that is known. @see RFC 9207 */
export function issuerOf({
  type,
  issuer,
  apiBase,
  authorizationEndpoint,
}: ProviderConfiguration): string | undefined {
  const { endpointSource, issuer: fixed } = profileOf(type);
  if (issuer !== undefined) return issuer;
  return endpointSource === 'cloud' && apiBase !== undefined
    ? new URL(authorizationEndpoint).origin
    : fixed;
}

/** Where tokens are revoked; undefined when the provider has no such place. @see RFC 7009 */
export function revocationEndpointOf(provider: ProviderConfiguration): string | undefined {
  const { revocationEndpoint, baseUrl, tokenEndpoint, type } = provider;
  if (baseUrl !== undefined) return endpointsAt(type, baseUrl).revocationEndpoint;
  const known = revocationEndpoint ?? profileOf(type).revocationEndpoint;
  return known === undefined ? undefined : new URL(known, tokenEndpoint).href;
}

/** Where OAuth 1.0a begins; undefined for OAuth 2.0. @see RFC 5849, section 2.1 */
export function requestTokenEndpointOf(provider: ProviderConfiguration): string | undefined {
  const { requestTokenEndpoint, baseUrl, type } = provider;
  if (requestTokenEndpoint !== undefined || baseUrl === undefined) return requestTokenEndpoint;
  return endpointsAt(type, baseUrl).requestTokenEndpoint;
}

/** Who tells whose token it is; undefined when nobody does. */
export function userinfoEndpointOf({
  type,
  userinfoEndpoint,
}: ProviderConfiguration): string | undefined {
  return userinfoEndpoint ?? profileOf(type).userinfoEndpoint;
}

/** What every authorization request carries besides the protocol's own parameters. */
export function authorizationParametersOf(provider: ProviderConfiguration): ExtraParameters {
  const profile = profileOf(provider.type);
  const apiBase = apiBaseOf(provider);
  const hasAudienceParameter = profile.hasAudienceParameter && apiBase !== undefined;
  return {
    ...profile.authorizationParameters,
    ...admittedParameters(provider.authorizationParameters, profile),
    ...(hasAudienceParameter ? { audience: new URL(apiBase).host } : {}),
  };
}

/** The person's own parameters in token requests. */
export function tokenParametersOf(provider: ProviderConfiguration): ExtraParameters {
  return admittedParameters(provider.tokenParameters, profileOf(provider.type));
}

/** What a refresh carries besides the refresh token, as the kind of provider wants it. */
export function refreshParametersOf(
  { type }: ProviderConfiguration,
  { redirectUri, scopes }: { readonly redirectUri: string; readonly scopes: readonly string[] },
): ExtraParameters {
  const { refreshParameters, alwaysRequestedScopes } = profileOf(type);
  const values = {
    redirect_uri: redirectUri,
    scope: normaliseScopes([...scopes, ...alwaysRequestedScopes]).join(' '),
  };
  return Object.fromEntries(refreshParameters.map((name) => [name, values[name]]));
}

/** The scopes to ask for: none that another one brings along, and those without which nothing can be refreshed. */
export function scopesToRequest(
  { type, product }: ProviderConfiguration,
  scopes: readonly string[],
): string[] {
  const needed = product === undefined ? scopes : minimalScopes(product, scopes);
  return normaliseScopes([...needed, ...profileOf(type).alwaysRequestedScopes]);
}

/** The scopes that a grant brings, with those that each brings along by itself. */
export function effectiveScopes(
  { type, product }: ProviderConfiguration,
  granted: readonly string[],
): string[] {
  if (product !== undefined) return impliedScopes(product, granted);
  const { scopeAliases, unreportedScopes } = profileOf(type);
  const aliases = granted.flatMap((scope) => scopeAliases[scope] ?? []);
  return normaliseScopes([...granted, ...aliases, ...unreportedScopes]);
}

/** The hosts of configurations whose servers judge a request by what a browser adds to it, without ports. */
export function requestHosts(providers: readonly ProviderConfiguration[]): string[] {
  const addresses = providers.flatMap((provider) => [
    provider.tokenEndpoint,
    apiBaseOf(provider) ?? provider.tokenEndpoint,
    requestTokenEndpointOf(provider) ?? provider.tokenEndpoint,
  ]);
  return [...new Set(addresses.map((address) => new URL(address).hostname))];
}

/** The origins that the worker must be able to reach for one configuration, and no others. */
export function requiredOrigins(provider: ProviderConfiguration): Origin[] {
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
