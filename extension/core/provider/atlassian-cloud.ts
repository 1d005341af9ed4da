import { profileDefaults, type ProviderProfile } from './provider-type.ts';

/**
 * The scopes of a new client: the account, and read access to Jira and Confluence, whose REST API v2 takes granular scopes
 * only.
 */
export const defaultCloudScopes: readonly string[] = [
  'offline_access',
  'read:me',
  'read:jira-work',
  'read:jira-user',
  'read:confluence-content.all',
  'read:page:confluence',
  'read:space:confluence',
];

/** What Atlassian's clouds have in common. `resource` (RFC 8707) is never sent: the exchange fails with `invalid_target`. */
const anyCloud = {
  ...profileDefaults,
  endpointSource: 'cloud',
  members: ['apiBase', 'authorizationParameters', 'tokenParameters'],
  authorizationParameters: { prompt: 'consent' },
  hasAudienceParameter: true,
  reservedParameters: ['audience', 'resource'],
  tokenRequestFormat: 'json',
  retryWindow: 'cloudRetryWindowSeconds',
  hasOneGrantPerAccount: true,
  refreshTokenLifetimeDays: 90,
  identity: 'atlassian',
  sites: 'accessible-resources',
  revocationEndpoint: '/oauth/revoke',
  defaultScopes: defaultCloudScopes,
} as const;

/** Atlassian Cloud. @see Atlassian, "OAuth 2.0 (3LO) apps" (read 2026-09) */
export const atlassianCloud: ProviderProfile = {
  ...anyCloud,
  type: 'atlassian-cloud',
  issuer: 'https://auth.atlassian.com',
  authorizationEndpoint: 'https://auth.atlassian.com/authorize',
  tokenEndpoint: 'https://auth.atlassian.com/oauth/token',
  endpointHosts: ['auth.atlassian.com'],
  apiBase: 'https://api.atlassian.com',
};

/**
 * Atlassian Government Cloud. A configuration with other hosts is an isolated cloud.
 * @see Atlassian, "Implementing OAuth 2.0 (3LO)" of the Government Cloud (read 2026-09)
 */
export const atlassianGovCloud: ProviderProfile = {
  ...anyCloud,
  type: 'atlassian-gov-cloud',
  issuer: 'https://auth.atlassian-us-gov-mod.com',
  authorizationEndpoint: 'https://auth.atlassian-us-gov-mod.com/authorize',
  tokenEndpoint: 'https://auth.atlassian-us-gov-mod.com/oauth/token',
  endpointHosts: ['auth.atlassian-us-gov-mod.com'],
  apiBase: 'https://api.atlassian-us-gov-mod.com',
};
