import type { ProviderProfile } from './provider-type.ts';

/**
 * Jira, Confluence, Bitbucket and Bamboo Data Center. Token requests are forms: the response to a JSON body is 500. A
 * superseded refresh token is never accepted, so there is no retry window.
 * @see Atlassian, "OAuth 2.0 provider API"; "OAuth 2.0 provider system properties" (read 2026-09)
 */
export const dataCenterProvider: ProviderProfile = {
  type: 'data-center',
  protocol: 'oauth2',
  signatureMethods: [],
  label: 'Atlassian Data Center',
  authorizationEndpoint: '',
  tokenEndpoint: '',
  endpointSource: 'base-url',
  endpointHosts: [],
  members: [
    'baseUrl',
    'product',
    'isHttpAllowed',
    'authorizationParameters',
    'tokenParameters',
    'pkceMethod',
  ],
  authorizationParameters: {},
  hasAudienceParameter: false,
  reservedParameters: [],
  clientAuthentication: ['post', 'basic', 'none'],
  tokenRequestFormat: 'form',
  refreshParameters: ['redirect_uri'],
  pkceRetryMethod: 'sha256',
  retryWindow: 'none',
  isRefreshTokenKept: false,
  refreshTokenLifetimeDays: 90,
  identity: 'data-center',
  sites: 'base-url',
  defaultScopes: [],
  alwaysRequestedScopes: [],
  scopeAliases: {},
  unreportedScopes: [],
};
