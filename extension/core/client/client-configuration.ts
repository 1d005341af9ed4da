import { isScopeToken, normaliseScopes } from '../protocol/scope.ts';
import {
  dataCenterFacts,
  dataCenterProducts,
  type DataCenterProduct,
} from '../provider/data-center.ts';
import { endpointsAt } from '../provider/derived-endpoints.ts';
import { profileOf } from '../provider/provider-profile.ts';
import {
  pkceMethods,
  providerMembers,
  providerTypes,
  type ClientAuthenticationMethod,
  type PkceMethod,
  type ProviderType,
  type SignatureMethod,
} from '../provider/provider-type.ts';
import type { Brand } from '../values/brand.ts';
import type { FieldProblem, FieldProblemName } from '../values/fault.ts';
import { readBaseUrl } from './base-url.ts';
import { addressProblems, textProblem } from './client-addresses.ts';
import { configuredHeadersProblem, type ConfiguredHeaders } from './configured-headers.ts';
import {
  extraParametersProblem,
  normaliseParameters,
  type ExtraParameters,
} from './extra-parameters.ts';

/** The id of a client configuration: a random UUID. */
export type ClientId = Brand<'ClientId'>;

/** The members that only some provider types have; `ProviderProfile.members` names them for each type. */
export interface ProviderMembers {
  /**
   * The base URL of the API that pages may call, without a trailing slash. With a cloud type: the API of an isolated
   * cloud, whose authorization server the endpoints name.
   */
  readonly apiBase?: string;
  /** Origin and context path of a Data Center product, without a trailing slash. The endpoints are derived from it. */
  readonly baseUrl?: string;
  /** The product at the base URL. */
  readonly product?: DataCenterProduct;
  /** Whether the person allowed plain http for this configuration. A warning is shown as long as it is allowed. */
  readonly isHttpAllowed?: boolean;
  /** Additional parameters of authorization requests; never one of the protocol's own. */
  readonly authorizationParameters?: ExtraParameters;
  /** Additional parameters of token requests, at exchange and refresh. */
  readonly tokenParameters?: ExtraParameters;
  /** Headers of every request to the API, which pages cannot change. Never sent to the protocol's endpoints. */
  readonly requestHeaders?: ConfiguredHeaders;
  /** The value that `iss` in an authorization response must have. @see RFC 9207 */
  readonly issuer?: string;
  /** Whether every authorization response contains `iss`; one without it is rejected. @see RFC 9207, section 3 */
  readonly isIssuerInResponses?: boolean;
  /** @see RFC 7009 */
  readonly revocationEndpoint?: string;
  /** @see OpenID Connect Core 1.0, section 5.3 */
  readonly userinfoEndpoint?: string;
  /** `S256` when absent. `plain` is only sent when the person chose it. */
  readonly pkceMethod?: PkceMethod;
  /** The endpoint for temporary credentials, unless it is derived from the base URL. @see RFC 5849, section 2.1 */
  readonly requestTokenEndpoint?: string;
  /** How requests are signed; the default of the provider type when absent. */
  readonly signatureMethod?: SignatureMethod;
}

/**
 * An OAuth client as a person registered it. Does not contain the secret, which is stored encrypted, separately.
 * @see Atlassian, "OAuth 2.0 integration for developers" (Data Center), for the model it follows
 */
export interface ClientConfiguration extends ProviderMembers {
  readonly id: ClientId;
  /** Unique among all configurations; compared case-insensitively. */
  readonly name: string;
  readonly description: string;
  readonly type: ProviderType;
  /** The `client_id` that the provider issued. */
  readonly clientId: string;
  readonly clientAuthentication: ClientAuthenticationMethod;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly scopes: readonly string[];
  /** Scopes that an edit removed and no later one added again. They are not requested when a session is renewed. */
  readonly removedScopes: readonly string[];
  /** The pair that requests are signed with; the private key is in the key store under the id of the pair. */
  readonly keyPair?: ConsumerKeys;
  /** When the token endpoint last rejected the client ID or secret, in epoch milliseconds; a save removes it. */
  readonly rejectedAtMs?: number;
  /** The last path segment of the redirect URI, one per authorization endpoint. @see RFC 9700, section 4.4 */
  readonly redirectUriSuffix: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** What is stored of an RSA key pair outside the key store. */
export interface ConsumerKeys {
  /** A random UUID. */
  readonly id: string;
  /** SubjectPublicKeyInfo in PEM, for the application link. @see RFC 7468, section 13 */
  readonly publicKeyPem: string;
}

/** A configuration from the editor or an import, not validated yet. An absent or empty secret keeps the stored one. */
export interface ClientDraft extends ProviderMembers {
  readonly name: string;
  readonly description: string;
  readonly type: ProviderType;
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  /** An RSA private key in PEM, PKCS#8 or PKCS#1, to sign with instead of a generated one. */
  readonly privateKeyPem?: string | undefined;
  /** The default of the provider type when absent. */
  readonly clientAuthentication?: ClientAuthenticationMethod;
  /** Replaced by the derived endpoint when the provider type has a base URL, as is the token endpoint. */
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly scopes: readonly string[];
}

/** The members of a draft that are never shown again. */
export type DraftSecret = 'clientSecret' | 'privateKeyPem';

/** The maximum length of a client secret in UTF-16 code units: some providers issue a signed token as the secret. */
const maxSecretLength = 4096;

/** What a draft is validated against. */
export interface DraftContext {
  /** The names of all other configurations. */
  readonly takenNames: readonly string[];
  /** Whether a secret is stored already, so that an empty one keeps it. */
  readonly hasSecret: boolean;
}

/** The removed scopes after an edit that sets `scopes`. */
export function removedScopes(
  before: Pick<ClientConfiguration, 'scopes' | 'removedScopes'>,
  scopes: readonly string[],
): string[] {
  return normaliseScopes([...before.removedScopes, ...before.scopes]).filter(
    (scope) => !scopes.includes(scope),
  );
}

/** The draft of a new client of a provider type, as *Add client* shows it. */
export function blankDraft(type: ProviderType): ClientDraft {
  const profile = profileOf(type);
  const product = profile.members.includes('product') ? dataCenterProducts[0] : undefined;
  return {
    name: '',
    description: '',
    type,
    clientId: '',
    clientSecret: '',
    authorizationEndpoint: profile.authorizationEndpoint,
    tokenEndpoint: profile.tokenEndpoint,
    scopes:
      product === undefined || profile.protocol === 'oauth1'
        ? profile.defaultScopes
        : [dataCenterFacts[product].defaultScope],
    ...(product === undefined ? {} : { baseUrl: '', product }),
  };
}

/** Of a configuration or draft, the members that only some provider types have and its type allows. */
export function providerMembersOf(
  source: ProviderMembers & { readonly type: ProviderType },
): ProviderMembers {
  const present = profileOf(source.type).members.filter((name) => source[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, source[name]]));
}

/** The draft with which the editor starts: the members of a configuration or draft without secrets. */
export function draftOf(source: Omit<ClientDraft, DraftSecret>): ClientDraft {
  const { type, clientAuthentication } = source;
  const isChosen =
    clientAuthentication !== undefined && profileOf(type).clientAuthentication.length > 1;
  return {
    name: source.name,
    description: source.description,
    type,
    clientId: source.clientId,
    authorizationEndpoint: source.authorizationEndpoint,
    tokenEndpoint: source.tokenEndpoint,
    scopes: source.scopes,
    ...(isChosen ? { clientAuthentication } : {}),
    ...providerMembersOf(source),
  };
}

/**
 * Normalises a draft: trims its texts, removes repeated scopes and members that its provider type does not have, and
 * derives the endpoints of a Data Center product from its base URL. An unknown type is left for `draftProblems`.
 */
export function normaliseDraft(draft: ClientDraft): ClientDraft {
  if (!providerTypes.includes(draft.type)) return draft;
  const members = normaliseMembers(draft);
  const { type, clientAuthentication } = draft;
  const normalised = {
    name: draft.name.trim(),
    description: draft.description.trim(),
    type,
    clientId: draft.clientId.trim(),
    ...(clientAuthentication === undefined ? {} : { clientAuthentication }),
    authorizationEndpoint: draft.authorizationEndpoint.trim(),
    tokenEndpoint: draft.tokenEndpoint.trim(),
    scopes: profileOf(type).protocol === 'oauth1' ? [] : normaliseScopes(draft.scopes),
    ...members,
    ...derivedEndpoints(type, members),
  };
  const keyPem = draft.privateKeyPem?.trim();
  return {
    ...draftOf(normalised),
    clientSecret: draft.clientSecret?.trim(),
    ...(keyPem ? { privateKeyPem: keyPem } : {}),
  };
}

/** Removes members that are empty or at their default. */
function normaliseMembers(draft: ClientDraft): ProviderMembers {
  const { apiBase, baseUrl, isHttpAllowed, ...members } = providerMembersOf(draft);
  const ownBase = apiBase?.trim().replace(/\/+$/u, '');
  const normalised: Readonly<Record<string, unknown>> = {
    ...members,
    apiBase: ownBase === profileOf(draft.type).apiBase ? undefined : ownBase,
    baseUrl: baseUrl === undefined ? undefined : normaliseBaseUrl(baseUrl, isHttpAllowed === true),
    issuer: members.issuer?.trim(),
    revocationEndpoint: members.revocationEndpoint?.trim(),
    userinfoEndpoint: members.userinfoEndpoint?.trim(),
    requestTokenEndpoint: members.requestTokenEndpoint?.trim(),
    isHttpAllowed,
    authorizationParameters: normaliseParameters(members.authorizationParameters),
    tokenParameters: normaliseParameters(members.tokenParameters),
    requestHeaders: normaliseParameters(members.requestHeaders),
  };
  const isSet = ([name, value]: [string, unknown]): boolean =>
    value !== undefined && value !== false && (value !== '' || name === 'baseUrl');
  return Object.fromEntries(Object.entries(normalised).filter(isSet));
}

function normaliseBaseUrl(typed: string, isHttpAllowed: boolean): string {
  const read = readBaseUrl(typed, { isHttpAllowed });
  return 'baseUrl' in read ? read.baseUrl : typed.trim();
}

function derivedEndpoints(
  type: ProviderType,
  { baseUrl = '' }: ProviderMembers,
): Partial<Pick<ClientDraft, 'authorizationEndpoint' | 'tokenEndpoint'>> {
  if (profileOf(type).endpointSource !== 'base-url') return {};
  const { authorizationEndpoint, tokenEndpoint } = endpointsAt(type, baseUrl);
  return { authorizationEndpoint, tokenEndpoint };
}

/** The client authentication of a draft: the chosen one, or the default of its provider type. */
export function clientAuthenticationOf(
  draft: Pick<ClientDraft, 'type' | 'clientAuthentication'>,
): ClientAuthenticationMethod {
  return draft.clientAuthentication ?? profileOf(draft.type).clientAuthentication[0];
}

/** The signature method of a draft: the chosen one, or the default of its provider type; undefined for OAuth 2.0. */
export function signatureMethodOf({
  type,
  signatureMethod,
}: Pick<ClientDraft, 'type' | 'signatureMethod'>): SignatureMethod | undefined {
  return signatureMethod ?? profileOf(type).signatureMethods[0];
}

/** Whether the client of a draft authenticates or signs with a client secret. */
export function usesClientSecret(
  draft: Pick<ClientDraft, 'type' | 'clientAuthentication' | 'signatureMethod'>,
): boolean {
  const method = signatureMethodOf(draft);
  return method === undefined ? clientAuthenticationOf(draft) !== 'none' : method === 'HMAC-SHA1';
}

/** Whether two names are equal, ignoring case and surrounding whitespace. */
export function isSameName(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

/**
 * What is wrong with a draft; empty when it can be saved. The editor validates at each key press, the worker once more
 * before it stores the configuration.
 */
export function draftProblems(draft: ClientDraft, context: DraftContext): FieldProblem[] {
  const normalised = normaliseDraft(draft);
  const { type, name, description, clientId, clientSecret = '' } = normalised;
  if (!providerTypes.includes(type)) return [{ field: 'type', problem: 'type_unsupported' }];
  const isSecretNeeded = usesClientSecret(normalised) && !context.hasSecret;
  const isNameTaken = context.takenNames.some((taken) => isSameName(taken, name));
  const found: Record<string, FieldProblemName | undefined> = {
    name: textProblem(name, true) ?? (isNameTaken ? 'name_taken' : undefined),
    description: textProblem(description, false),
    clientId: textProblem(clientId, true),
    clientSecret: secretProblem(clientSecret, isSecretNeeded),
    ...addressProblems(normalised),
    scopes: scopesProblem(normalised),
    ...choiceProblems(normalised),
  };
  return Object.entries(found).flatMap(([field, problem]) => (problem ? [{ field, problem }] : []));
}

/** What is wrong with a client secret. */
export function secretProblem(secret: string, isNeeded: boolean): FieldProblemName | undefined {
  if (secret === '') return isNeeded ? 'required' : undefined;
  return secret.length > maxSecretLength ? 'secret_too_long' : undefined;
}

function choiceProblems(
  draft: ProviderMembers & Pick<ClientDraft, 'type' | 'clientAuthentication'>,
): Record<string, FieldProblemName | undefined> {
  const profile = profileOf(draft.type);
  const { product, pkceMethod, authorizationParameters = {}, tokenParameters = {} } = draft;
  const { signatureMethod } = draft;
  const choiceProblem = (isValid: boolean): FieldProblemName | undefined =>
    isValid ? undefined : 'choice_invalid';
  return {
    product: choiceProblem(
      product === undefined
        ? !profile.members.includes('product')
        : dataCenterProducts.includes(product),
    ),
    pkceMethod: choiceProblem(pkceMethod === undefined || pkceMethods.includes(pkceMethod)),
    signatureMethod: choiceProblem(
      signatureMethod === undefined || profile.signatureMethods.includes(signatureMethod),
    ),
    clientAuthentication: choiceProblem(
      profile.clientAuthentication.includes(clientAuthenticationOf(draft)),
    ),
    authorizationParameters: extraParametersProblem(authorizationParameters, profile),
    tokenParameters: extraParametersProblem(tokenParameters, profile),
    requestHeaders: configuredHeadersProblem(draft.requestHeaders ?? {}),
  };
}

/**
 * The members of a stored configuration that were changed since it was saved, because they are not valid. Secrets must
 * not be sent to a URL that was never validated.
 */
export function invalidMembers(
  client: ProviderMembers &
    Pick<ClientDraft, 'type' | 'authorizationEndpoint' | 'tokenEndpoint'> & {
      readonly clientAuthentication: ClientAuthenticationMethod;
    },
): string[] {
  const { members } = profileOf(client.type);
  const unexpected = providerMembers.filter(
    (name) => client[name] !== undefined && !members.includes(name),
  );
  const problems = { ...addressProblems(client), ...choiceProblems(client) };
  const invalid = Object.entries(problems).flatMap(([name, problem]) => (problem ? [name] : []));
  return [...new Set([...unexpected, ...invalid])];
}

/** OAuth 1.0a has no scopes; an OAuth 2.0 provider may have a default scope. @see RFC 6749, section 3.3 */
function areScopesOptional(type: ProviderType): boolean {
  const { protocol, endpointSource } = profileOf(type);
  return protocol === 'oauth1' || endpointSource === 'person';
}

function scopesProblem({
  type,
  scopes,
}: Pick<ClientDraft, 'type' | 'scopes'>): FieldProblemName | undefined {
  if (scopes.length === 0) return areScopesOptional(type) ? undefined : 'required';
  return scopes.every(isScopeToken) ? undefined : 'scope_invalid';
}
