import { profileDefaults, type ProviderProfile } from './provider-type.ts';

/**
 * Jira, Confluence, Bitbucket and Bamboo Data Center. Token requests are forms: the response to a JSON body is 500. A
 * superseded refresh token is never accepted, so there is no retry window.
 * @see Atlassian, "OAuth 2.0 provider API"; "OAuth 2.0 provider system properties" (read 2026-09)
 */
export const dataCenterProvider: ProviderProfile = {
  ...profileDefaults,
  type: 'data-center',
  endpointSource: 'base-url',
  members: [
    'baseUrl',
    'product',
    'isHttpAllowed',
    'authorizationParameters',
    'tokenParameters',
    'pkceMethod',
  ],
  clientAuthentication: ['post', 'basic', 'none'],
  refreshParameters: ['redirect_uri'],
  pkceRetryMethod: 'sha256',
  refreshTokenLifetimeDays: 90,
  identity: 'data-center',
  sites: 'base-url',
};
