import { profileDefaults, type ProviderProfile } from './provider-type.ts';

/** What the three types have in common, which are those of Data Center's OAuth 2.0 client. */
const anyProvider = {
  ...profileDefaults,
  identity: 'userinfo',
  sites: 'api-base',
} as const;

/** Any OAuth 2.0 provider, whose endpoints the person enters. @see Atlassian, "OAuth 2.0 integration for developers" (`GENERIC`) */
export const genericProvider: ProviderProfile = {
  ...anyProvider,
  type: 'generic',
  endpointSource: 'person',
  members: [
    'apiBase',
    'isHttpAllowed',
    'authorizationParameters',
    'tokenParameters',
    'requestHeaders',
    'issuer',
    'isIssuerInResponses',
    'revocationEndpoint',
    'userinfoEndpoint',
  ],
  clientAuthentication: ['post', 'basic', 'none'],
};

/**
 * Google. Issues a refresh token only with `access_type=offline`, and only at the first consent.
 * @see Google, "Using OAuth 2.0 for Web Server Applications" (read 2026-09)
 */
export const googleProvider: ProviderProfile = {
  ...anyProvider,
  type: 'google',
  issuer: 'https://accounts.google.com',
  authorizationEndpoint: 'https://accounts.google.com/o/oauth2/v2/auth',
  tokenEndpoint: 'https://oauth2.googleapis.com/token',
  endpointSource: 'fixed-hosts',
  endpointHosts: ['accounts.google.com', 'oauth2.googleapis.com', 'www.googleapis.com'],
  members: ['apiBase', 'authorizationParameters', 'tokenParameters'],
  authorizationParameters: { access_type: 'offline', prompt: 'select_account consent' },
  // Refresh tokens are not rotated.
  retryWindow: 'unlimited',
  isRefreshTokenKept: true,
  revocationEndpoint: 'https://oauth2.googleapis.com/revoke',
  userinfoEndpoint: 'https://openidconnect.googleapis.com/v1/userinfo',
  defaultScopes: ['openid', 'email', 'profile'],
  scopeAliases: {
    'https://www.googleapis.com/auth/userinfo.email': 'email',
    'https://www.googleapis.com/auth/userinfo.profile': 'profile',
  },
};

/**
 * Microsoft identity platform, for all tenants unless the endpoints name one. It has no revocation endpoint, and each
 * tenant has its own issuer.
 * @see Microsoft, "Microsoft identity platform and OAuth 2.0 authorization code flow" (read 2026-09)
 */
export const microsoftProvider: ProviderProfile = {
  ...anyProvider,
  type: 'microsoft',
  authorizationEndpoint: 'https://login.microsoftonline.com/common/oauth2/v2.0/authorize',
  tokenEndpoint: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
  endpointSource: 'fixed-hosts',
  endpointHosts: [
    'login.microsoftonline.com',
    'login.microsoftonline.us',
    'login.partner.microsoftonline.cn',
  ],
  members: ['apiBase', 'authorizationParameters', 'tokenParameters'],
  authorizationParameters: { prompt: 'select_account' },
  refreshParameters: ['redirect_uri', 'scope'],
  // A superseded refresh token stays valid.
  retryWindow: 'unlimited',
  userinfoEndpoint: 'https://graph.microsoft.com/oidc/userinfo',
  defaultScopes: ['openid', 'email', 'profile', 'offline_access'],
  alwaysRequestedScopes: ['offline_access'],
  unreportedScopes: ['openid', 'email', 'profile'],
};
