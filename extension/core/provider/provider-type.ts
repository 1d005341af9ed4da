/** The kinds of provider that Threelo speaks OAuth with. */
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
/** See {@link providerTypes}. */
export type ProviderType = (typeof providerTypes)[number];

/** How the client proves itself at the token endpoint. @see RFC 6749, section 2.3.1 */
export const clientAuthenticationMethods = ['post', 'basic', 'none'] as const;
/** See {@link clientAuthenticationMethods}. */
export type ClientAuthenticationMethod = (typeof clientAuthenticationMethods)[number];

/** Names of PKCE methods; `sha256` is how Data Center's documentation spells `S256`. @see RFC 7636, section 4.2 */
export const pkceMethods = ['S256', 'sha256', 'plain'] as const;
/** See {@link pkceMethods}. */
export type PkceMethod = (typeof pkceMethods)[number];

/** How OAuth 1.0a requests are signed. @see RFC 5849, sections 3.4.2 and 3.4.3 */
export const signatureMethods = ['RSA-SHA1', 'HMAC-SHA1'] as const;
/** See {@link signatureMethods}. */
export type SignatureMethod = (typeof signatureMethods)[number];

/** The members of a configuration that only some kinds of provider have. */
export const providerMembers = [
  'apiBase',
  'baseUrl',
  'product',
  'isHttpAllowed',
  'authorizationParameters',
  'tokenParameters',
  'issuer',
  'isIssuerInResponses',
  'revocationEndpoint',
  'userinfoEndpoint',
  'pkceMethod',
  'requestTokenEndpoint',
  'signatureMethod',
] as const;
/** See {@link providerMembers}. */
export type ProviderMember = (typeof providerMembers)[number];

/** What a person need not fill in, because the kind of provider settles it. Data, no behaviour. */
export interface ProviderProfile {
  readonly type: ProviderType;
  /** OAuth 2.0, or OAuth 1.0a with its signed requests. */
  readonly protocol: 'oauth2' | 'oauth1';
  /** The brand name of the kind, not translated. */
  readonly label: string;
  /** RFC 9207 issuer, where one issuer serves all; else the configuration may name it. */
  readonly issuer?: string;
  /** Where the form begins; empty when the person has to say. */
  readonly authorizationEndpoint: string;
  /** As {@link ProviderProfile.authorizationEndpoint}. */
  readonly tokenEndpoint: string;
  /**
   * Who says where the endpoints are. `cloud`: on `endpointHosts`, or all of them on hosts of a cloud of its own that
   * `apiBase` names. `hosts`: on `endpointHosts`. `derived`: they follow from `baseUrl`. `own`: the person.
   */
  readonly endpointSource: 'cloud' | 'fixed-hosts' | 'base-url' | 'person';
  /** Hosts that the endpoints lie on; empty where they are not fixed. */
  readonly endpointHosts: readonly string[];
  /** Base of the resource API, without a trailing slash, unless the configuration has another. */
  readonly apiBase?: string;
  /** The optional members that a configuration of this kind may have. */
  readonly members: readonly ProviderMember[];
  /** Parameters that every authorization request carries, unless the configuration has another value. */
  readonly authorizationParameters: Readonly<Record<string, string>>;
  /** Whether `audience` names the API's host in every authorization request. */
  readonly hasAudienceParameter: boolean;
  /** Names that the configuration's own parameters may not have, besides those of the protocol. */
  readonly reservedParameters: readonly string[];
  /** What may be chosen; the first is what is taken unless the configuration says otherwise. */
  readonly clientAuthentication: readonly [
    ClientAuthenticationMethod,
    ...ClientAuthenticationMethod[],
  ];
  /** How requests are signed, the first unless the configuration says otherwise; empty for OAuth 2.0. */
  readonly signatureMethods: readonly SignatureMethod[];
  /** How token requests are encoded. */
  readonly tokenRequestFormat: 'form' | 'json';
  /** What a refresh carries besides the refresh token. */
  readonly refreshParameters: readonly ('redirect_uri' | 'scope')[];
  /** The one other spelling that is tried when the authorization endpoint refuses the PKCE method. */
  readonly pkceRetryMethod?: PkceMethod;
  /** How long a superseded refresh token is still taken: a setting, not at all, or for ever. */
  readonly retryWindow: 'cloudRetryWindowSeconds' | 'none' | 'unlimited';
  /** A later consent of the same account gives no refresh token, and the one there is goes on. */
  readonly isRefreshTokenKept: boolean;
  /** Days without use after which a refresh token ends; absent when the provider does not say. */
  readonly refreshTokenLifetimeDays?: number;
  /** Who tells whose session it is. */
  readonly identity: 'atlassian' | 'data-center' | 'userinfo' | 'none';
  /** Who tells what can be reached: the provider, or the configuration, whose one site it is. */
  readonly sites: 'accessible-resources' | 'base-url' | 'api-base';
  /** RFC 7009 endpoint, unless the configuration has another; a path is relative to the token endpoint. */
  readonly revocationEndpoint?: string;
  /** OpenID Connect's userinfo endpoint, unless the configuration has another. */
  readonly userinfoEndpoint?: string;
  readonly defaultScopes: readonly string[];
  /** Scopes that are asked for whatever the configuration says. */
  readonly alwaysRequestedScopes: readonly string[];
  /** Scopes that come back in a grant under another name: that name, and the one they were asked by. */
  readonly scopeAliases: Readonly<Record<string, string>>;
  /** Scopes that do not come back in a grant, though they are in force. */
  readonly unreportedScopes: readonly string[];
  /** Where a person registers an app; absent where that is in the product's own administration. */
  readonly consoleUrl?: string;
  /** Where a person ends the app's access to the account. */
  readonly connectedAppsUrl?: string;
}
