/** The types of provider that Threelo supports. */
export const providerTypes = [
  'atlassian-cloud',
  'atlassian-gov-cloud',
  'data-center',
  'application-link',
  'generic',
  'google',
  'microsoft',
  'oauth1',
] as const;
/** One of {@link providerTypes}. */
export type ProviderType = (typeof providerTypes)[number];

/** How the client authenticates at the token endpoint. @see RFC 6749, section 2.3.1 */
export const clientAuthenticationMethods = ['post', 'basic', 'none'] as const;
/** One of {@link clientAuthenticationMethods}. */
export type ClientAuthenticationMethod = (typeof clientAuthenticationMethods)[number];

/** Names of PKCE methods. `sha256` is the name of `S256` in Data Center's documentation. @see RFC 7636, section 4.2 */
export const pkceMethods = ['S256', 'sha256', 'plain'] as const;
/** One of {@link pkceMethods}. */
export type PkceMethod = (typeof pkceMethods)[number];

/** How OAuth 1.0a requests are signed. @see RFC 5849, sections 3.4.2 and 3.4.3 */
export const signatureMethods = ['RSA-SHA1', 'HMAC-SHA1'] as const;
/** One of {@link signatureMethods}. */
export type SignatureMethod = (typeof signatureMethods)[number];

/** The members of a client configuration that only some provider types have. */
export const providerMembers = [
  'apiBase',
  'baseUrl',
  'product',
  'isHttpAllowed',
  'authorizationParameters',
  'tokenParameters',
  'requestHeaders',
  'issuer',
  'isIssuerInResponses',
  'revocationEndpoint',
  'userinfoEndpoint',
  'pkceMethod',
  'requestTokenEndpoint',
  'signatureMethod',
] as const;
/** One of {@link providerMembers}. */
export type ProviderMember = (typeof providerMembers)[number];

/** What is fixed for a provider type, so that the person need not enter it. Data without behaviour. */
export interface ProviderProfile {
  readonly type: ProviderType;
  /** OAuth 2.0, or OAuth 1.0a with its signed requests. */
  readonly protocol: 'oauth2' | 'oauth1';
  /** The issuer, if all configurations have the same one; otherwise a configuration may name it. @see RFC 9207 */
  readonly issuer?: string;
  /** The initial value in the form; empty when the person has to enter it. */
  readonly authorizationEndpoint: string;
  /** The initial value in the form; empty when the person has to enter it. */
  readonly tokenEndpoint: string;
  /**
   * What decides where the endpoints are. `cloud`: they are on `endpointHosts`, or on the hosts of an isolated cloud
   * when the configuration has an `apiBase`. `fixed-hosts`: they are on `endpointHosts`. `base-url`: they are derived
   * from `baseUrl`. `person`: the person enters them.
   */
  readonly endpointSource: 'cloud' | 'fixed-hosts' | 'base-url' | 'person';
  /** The hosts of the endpoints; empty when they are not fixed. */
  readonly endpointHosts: readonly string[];
  /** The base URL of the resource API, without a trailing slash, unless the configuration has one. */
  readonly apiBase?: string;
  /** The optional members that a configuration of this type may have. */
  readonly members: readonly ProviderMember[];
  /** The parameters of every authorization request, unless the configuration sets another value. */
  readonly authorizationParameters: Readonly<Record<string, string>>;
  /** Whether every authorization request has the parameter `audience`, with the host of the API. */
  readonly hasAudienceParameter: boolean;
  /** The parameters that a configuration may not set, besides those of the protocol. */
  readonly reservedParameters: readonly string[];
  /** The methods to choose from; the first is the default. */
  readonly clientAuthentication: readonly [
    ClientAuthenticationMethod,
    ...ClientAuthenticationMethod[],
  ];
  /** How requests can be signed; the first is the default. Empty for OAuth 2.0. */
  readonly signatureMethods: readonly SignatureMethod[];
  /** How token requests are encoded. */
  readonly tokenRequestFormat: 'form' | 'json';
  /** The parameters of a refresh request besides the refresh token. */
  readonly refreshParameters: readonly ('redirect_uri' | 'scope')[];
  /** Another name of the PKCE method, tried once when the authorization endpoint refuses the first one. */
  readonly pkceRetryMethod?: PkceMethod;
  /** How long a superseded refresh token is accepted: a setting, not at all, or without a limit. */
  readonly retryWindow: 'cloudRetryWindowSeconds' | 'none' | 'unlimited';
  /** Whether a later consent of the same account returns no refresh token, and the stored one stays valid. */
  readonly isRefreshTokenKept: boolean;
  /** Whether the provider keeps one grant for each app and account, so that a sign-in elsewhere may end an earlier one. */
  readonly hasOneGrantPerAccount: boolean;
  /** A refresh token expires after this time without use, in days; absent when the provider does not say. */
  readonly refreshTokenLifetimeDays?: number;
  /** Which API returns the account of a session. */
  readonly identity: 'atlassian' | 'data-center' | 'userinfo' | 'none';
  /** Where the sites come from: accessible-resources, or the one URL in the configuration. */
  readonly sites: 'accessible-resources' | 'base-url' | 'api-base';
  /** Unless the configuration has one; a path is relative to the token endpoint. @see RFC 7009 */
  readonly revocationEndpoint?: string;
  /** Unless the configuration has one. @see OpenID Connect Core 1.0, section 5.3 */
  readonly userinfoEndpoint?: string;
  readonly defaultScopes: readonly string[];
  /** Scopes that are requested in addition to those of the configuration. */
  readonly alwaysRequestedScopes: readonly string[];
  /** Scopes that a token response reports by another name: the reported name → the requested name. */
  readonly scopeAliases: Readonly<Record<string, string>>;
  /** Scopes that a token response does not report, although they are granted. */
  readonly unreportedScopes: readonly string[];
}

/** What a profile has unless it says otherwise. */
export const profileDefaults = {
  protocol: 'oauth2',
  authorizationEndpoint: '',
  tokenEndpoint: '',
  endpointHosts: [],
  authorizationParameters: {},
  hasAudienceParameter: false,
  reservedParameters: [],
  clientAuthentication: ['post'],
  signatureMethods: [],
  tokenRequestFormat: 'form',
  refreshParameters: [],
  retryWindow: 'none',
  isRefreshTokenKept: false,
  hasOneGrantPerAccount: false,
  defaultScopes: [],
  alwaysRequestedScopes: [],
  scopeAliases: {},
  unreportedScopes: [],
} as const satisfies Partial<ProviderProfile>;
