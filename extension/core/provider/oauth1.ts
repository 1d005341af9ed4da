import type { ProviderProfile } from './provider-type.ts';

/** What OAuth 1.0a has nothing like: scopes, parameters of one's own, revocation. */
const anyOauth1 = {
  protocol: 'oauth1',
  authorizationEndpoint: '',
  tokenEndpoint: '',
  endpointHosts: [],
  authorizationParameters: {},
  hasAudienceParameter: false,
  reservedParameters: [],
  clientAuthentication: ['none'],
  tokenRequestFormat: 'form',
  refreshParameters: [],
  retryWindow: 'none',
  isRefreshTokenKept: false,
  defaultScopes: [],
  alwaysRequestedScopes: [],
  scopeAliases: {},
  unreportedScopes: [],
} as const;

/**
 * Jira, Confluence, Bitbucket and Bamboo by an application link. A token lives five years, and its session handle
 * thirty days longer.
 * @see Atlassian, "OAuth" (Jira Server platform); "OAuth 1.0a provider system properties" (read 2026-09)
 */
export const applicationLink: ProviderProfile = {
  ...anyOauth1,
  type: 'application-link',
  label: 'Atlassian application link (OAuth 1.0a)',
  endpointSource: 'base-url',
  members: ['baseUrl', 'product', 'isHttpAllowed'],
  signatureMethods: ['RSA-SHA1'],
  refreshTokenLifetimeDays: 1855,
  identity: 'data-center',
  sites: 'base-url',
};

/** Any service provider that a person describes by its three addresses. @see RFC 5849, section 2 */
export const oauth1Provider: ProviderProfile = {
  ...anyOauth1,
  type: 'oauth1',
  label: 'OAuth 1.0a',
  endpointSource: 'person',
  members: ['apiBase', 'isHttpAllowed', 'requestTokenEndpoint', 'signatureMethod'],
  signatureMethods: ['HMAC-SHA1', 'RSA-SHA1'],
  identity: 'none',
  sites: 'api-base',
};
