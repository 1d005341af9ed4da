import { normaliseScopes } from '../protocol/scope.ts';
import { impliedScopes, minimalScopes } from '../provider/data-center.ts';
import { endpointsAt } from '../provider/derived-endpoints.ts';
import { profileOf } from '../provider/provider-profile.ts';
import type { ProviderMember } from '../provider/provider-type.ts';
import type { Origin } from '../values/origin.ts';
import type { ClientConfiguration } from './client-configuration.ts';
import { withoutReserved, type ExtraParameters } from './extra-parameters.ts';

/** The members of a client configuration that describe its provider. */
export type ProviderConfiguration = Pick<
  ClientConfiguration,
  'type' | 'authorizationEndpoint' | 'tokenEndpoint' | ProviderMember
>;

/** The base URL of the resource API, without a trailing slash; undefined when pages may call none. */
export function apiBaseOf({ type, apiBase, baseUrl }: ProviderConfiguration): string | undefined {
  return apiBase ?? baseUrl ?? profileOf(type).apiBase;
}

/** The base URL of the gateway through which sites are called; undefined when they are called directly. */
export function gatewayOf(provider: ProviderConfiguration): string | undefined {
  const hasGateway = profileOf(provider.type).sites === 'accessible-resources';
  return hasGateway ? apiBaseOf(provider) : undefined;
}

/** The value that `iss` must have; undefined when it is not known. @see RFC 9207 */
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

/** The URL of the revocation endpoint; undefined when the provider has none. @see RFC 7009 */
export function revocationEndpointOf(provider: ProviderConfiguration): string | undefined {
  const { revocationEndpoint, baseUrl, tokenEndpoint, type } = provider;
  if (baseUrl !== undefined) return endpointsAt(type, baseUrl).revocationEndpoint;
  const known = revocationEndpoint ?? profileOf(type).revocationEndpoint;
  return known === undefined ? undefined : new URL(known, tokenEndpoint).href;
}

/** The endpoint for temporary credentials of OAuth 1.0a; undefined for OAuth 2.0. @see RFC 5849, section 2.1 */
export function requestTokenEndpointOf(provider: ProviderConfiguration): string | undefined {
  const { requestTokenEndpoint, baseUrl, type } = provider;
  if (requestTokenEndpoint !== undefined || baseUrl === undefined) return requestTokenEndpoint;
  return endpointsAt(type, baseUrl).requestTokenEndpoint;
}

/** The URL of the userinfo endpoint; undefined when the provider has none. @see OpenID Connect Core 1.0, section 5.3 */
export function userinfoEndpointOf({
  type,
  userinfoEndpoint,
}: ProviderConfiguration): string | undefined {
  return userinfoEndpoint ?? profileOf(type).userinfoEndpoint;
}

/** The endpoints of the provider at which tokens are made, exchanged or revoked. */
export function protocolEndpointsOf(provider: ProviderConfiguration): string[] {
  const optional = [requestTokenEndpointOf(provider), revocationEndpointOf(provider)];
  return [
    provider.authorizationEndpoint,
    provider.tokenEndpoint,
    ...optional.filter((endpoint) => endpoint !== undefined),
  ];
}

/** The parameters of every authorization request besides the protocol's own. */
export function authorizationParametersOf(provider: ProviderConfiguration): ExtraParameters {
  const profile = profileOf(provider.type);
  const apiBase = apiBaseOf(provider);
  const hasAudience = profile.hasAudienceParameter && apiBase !== undefined;
  return {
    ...profile.authorizationParameters,
    ...withoutReserved(provider.authorizationParameters, profile),
    ...(hasAudience ? { audience: new URL(apiBase).host } : {}),
  };
}

/** The additional parameters of token requests that the configuration sets. */
export function tokenParametersOf(provider: ProviderConfiguration): ExtraParameters {
  return withoutReserved(provider.tokenParameters, profileOf(provider.type));
}

/** The parameters of a refresh request besides the refresh token. */
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

/** The scopes to request: without those that another one includes, with those that the provider type always needs. */
export function scopesToRequest(
  { type, product }: ProviderConfiguration,
  scopes: readonly string[],
): string[] {
  const needed = product === undefined ? scopes : minimalScopes(product, scopes);
  return normaliseScopes([...needed, ...profileOf(type).alwaysRequestedScopes]);
}

/** The scopes that are in force after a grant: the granted ones, those that they include, and unreported ones. */
export function effectiveScopes(
  { type, product }: ProviderConfiguration,
  granted: readonly string[],
): string[] {
  if (product !== undefined) return impliedScopes(product, granted);
  const { scopeAliases, unreportedScopes } = profileOf(type);
  const aliases = granted.flatMap((scope) => scopeAliases[scope] ?? []);
  return normaliseScopes([...granted, ...aliases, ...unreportedScopes]);
}

/** The host names of the token, request token and API endpoints. Requests there are sent without headers that a browser adds. */
export function requestHosts(providers: readonly ProviderConfiguration[]): string[] {
  const addresses = providers.flatMap((provider) => [
    provider.tokenEndpoint,
    apiBaseOf(provider) ?? provider.tokenEndpoint,
    requestTokenEndpointOf(provider) ?? provider.tokenEndpoint,
  ]);
  return [...new Set(addresses.map((address) => new URL(address).hostname))];
}

/** The origins for which one configuration needs host permissions. */
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
