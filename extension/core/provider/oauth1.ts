import { profileDefaults, type ProviderProfile } from './provider-type.ts';

/** What both OAuth 1.0a types have in common: no scopes, no additional parameters, no revocation. */
const anyOauth1 = {
  ...profileDefaults,
  protocol: 'oauth1',
  clientAuthentication: ['none'],
} as const;

/**
 * Jira, Confluence, Bitbucket and Bamboo by an application link. A token expires after five years, its session handle
 * thirty days later.
 * @see Atlassian, "OAuth" (Jira Server platform); "OAuth 1.0a provider system properties" (read 2026-09)
 */
export const applicationLink: ProviderProfile = {
  ...anyOauth1,
  type: 'application-link',
  endpointSource: 'base-url',
  members: ['baseUrl', 'product', 'isHttpAllowed'],
  signatureMethods: ['RSA-SHA1'],
  refreshTokenLifetimeDays: 1855,
  identity: 'data-center',
  sites: 'base-url',
};

/** Any OAuth 1.0a provider, whose three endpoints the person enters. @see RFC 5849, section 2 */
export const oauth1Provider: ProviderProfile = {
  ...anyOauth1,
  type: 'oauth1',
  endpointSource: 'person',
  members: ['apiBase', 'isHttpAllowed', 'requestTokenEndpoint', 'signatureMethod'],
  signatureMethods: ['HMAC-SHA1', 'RSA-SHA1'],
  identity: 'none',
  sites: 'api-base',
};
