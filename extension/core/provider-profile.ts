import { defaultCloudScopes } from './scope-catalogue.ts';

/** The kinds of provider that Threelo speaks to. */
export const providerTypes = ['atlassian-cloud'] as const;
/** See {@link providerTypes}. */
export type ProviderType = (typeof providerTypes)[number];

/** How the client proves itself at the token endpoint. @see RFC 6749, section 2.3.1 */
export const clientAuthenticationMethods = ['post', 'basic', 'none'] as const;
/** See {@link clientAuthenticationMethods}. */
export type ClientAuthenticationMethod = (typeof clientAuthenticationMethods)[number];

/** What a person need not fill in, because the kind of provider settles it. */
export interface ProviderProfile {
  readonly type: ProviderType;
  /** The brand name of the kind, not translated. */
  readonly label: string;
  /** RFC 9207 issuer; with both endpoints it is the tuple that a flow remembers against mix-up. */
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  /** Hosts that the endpoints of such a client may lie on; a token of one cloud never goes to another. */
  readonly endpointHosts: readonly string[];
  /** Base of the resource API and of accessible-resources, without a trailing slash. */
  readonly apiBase: string;
  /** Parameters that every authorization request carries. */
  readonly authorizationParameters: Readonly<Record<string, string>>;
  readonly clientAuthentication: ClientAuthenticationMethod;
  readonly isSecretRequired: boolean;
  /** How token requests are encoded. */
  readonly tokenRequestFormat: 'form' | 'json';
  /** How long the provider still takes a refresh token after it was rotated, in milliseconds. */
  readonly refreshLeewayMs: number;
  /** Days that a refresh token lives while it is not used; absent when the provider names none. */
  readonly refreshTokenLifetimeDays?: number;
  readonly defaultScopes: readonly string[];
  /** Where a person registers an app. */
  readonly consoleUrl: string;
  /** Where a person ends the app's access to the account. */
  readonly connectedAppsUrl: string;
}

/**
 * Atlassian Cloud. `resource` is never sent: the exchange fails with `invalid_target` then.
 * @see Atlassian, "OAuth 2.0 (3LO) apps" (read 2026-09)
 */
const atlassianCloud: ProviderProfile = {
  type: 'atlassian-cloud',
  label: 'Atlassian Cloud',
  issuer: 'https://auth.atlassian.com',
  authorizationEndpoint: 'https://auth.atlassian.com/authorize',
  tokenEndpoint: 'https://auth.atlassian.com/oauth/token',
  endpointHosts: ['auth.atlassian.com'],
  apiBase: 'https://api.atlassian.com',
  authorizationParameters: { audience: 'api.atlassian.com', prompt: 'consent' },
  clientAuthentication: 'post',
  isSecretRequired: true,
  tokenRequestFormat: 'json',
  refreshLeewayMs: 600_000,
  refreshTokenLifetimeDays: 90,
  defaultScopes: defaultCloudScopes,
  consoleUrl: 'https://developer.atlassian.com/console/myapps/',
  connectedAppsUrl: 'https://id.atlassian.com/manage-profile/apps',
};

const profiles: Readonly<Record<ProviderType, ProviderProfile>> = {
  'atlassian-cloud': atlassianCloud,
};

/** The profile of a kind of provider. */
export function profileOf(type: ProviderType): ProviderProfile {
  return profiles[type];
}

/** The hosts that the worker must be able to reach for a kind of provider, as match patterns. */
export function requiredHostPatterns(type: ProviderType): string[] {
  const { endpointHosts, apiBase } = profileOf(type);
  return [...endpointHosts.map((host) => `https://${host}/*`), `${apiBase}/*`];
}
