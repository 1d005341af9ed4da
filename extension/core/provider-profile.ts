import { defaultCloudScopes } from './scope-catalogue.ts';
import type { Settings } from './settings.ts';

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
  /** Days without use after which a refresh token ends; absent when the provider does not say. */
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

/** How long a provider still takes a refresh token after its rotation, in milliseconds. */
export function retryWindowMs(type: ProviderType, settings: Settings): number {
  const windows: Readonly<Record<ProviderType, number>> = {
    'atlassian-cloud': settings.cloudRetryWindowSeconds,
  };
  return windows[type] * 1000;
}

/** How long a refresh token is taken to live without use, in milliseconds. */
export function refreshTokenLifetimeMs(type: ProviderType, settings: Settings): number {
  const days = profileOf(type).refreshTokenLifetimeDays ?? settings.refreshTokenDurationDays;
  return days * 86_400_000;
}

/** The hosts that the worker must be able to reach for a kind of provider, as match patterns. */
export function requiredHostPatterns(type: ProviderType): string[] {
  const { endpointHosts, apiBase } = profileOf(type);
  return [...endpointHosts.map((host) => `https://${host}/*`), `${apiBase}/*`];
}
