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
import { addressProblems, maxFieldLength } from './client-addresses.ts';
import {
  extraParametersProblem,
  normaliseParameters,
  type ExtraParameters,
} from './extra-parameters.ts';

/** Id of a client configuration: a random UUID. */
export type ClientId = Brand<'ClientId'>;

/** What a configuration has beside the members of all: `ProviderProfile.members` says which kind has which. */
export interface ProviderMembers {
  /**
   * Base of the API that pages may call, without a trailing slash. Of a cloud: that of another cloud than the kind's
   * own, whose authorization server the endpoints then name.
   */
  readonly apiBase?: string;
  /** Where a Data Center product lies: origin and context path, without a trailing slash. The endpoints follow from it. */
  readonly baseUrl?: string;
  /** Which product lies at the base URL. */
  readonly product?: DataCenterProduct;
  /** The person allowed plain http for this configuration, by name; it comes with a standing warning. */
  readonly isHttpAllowed?: boolean;
  /** Parameters of the person's own in authorization requests; never one of the protocol's. */
  readonly authorizationParameters?: ExtraParameters;
  /** The same in token requests, at exchange and refresh. */
  readonly tokenParameters?: ExtraParameters;
  /** What `iss` in an authorization response has to be. @see RFC 9207 */
  readonly issuer?: string;
  /** Every authorization response carries `iss`, so that one without it is refused. @see RFC 9207, section 3 */
  readonly isIssuerInResponses?: boolean;
  /** @see RFC 7009 */
  readonly revocationEndpoint?: string;
  /** @see OpenID Connect Core 1.0, section 5.3 */
  readonly userinfoEndpoint?: string;
  /** How the PKCE method is spelt; `S256` when absent. `plain` is never sent unless it is chosen. */
  readonly pkceMethod?: PkceMethod;
  /** Where OAuth 1.0a's temporary credentials are asked for, unless it follows from the base URL. @see RFC 5849, section 2.1 */
  readonly requestTokenEndpoint?: string;
  /** How requests are signed; as the kind of provider has it when absent. */
  readonly signatureMethod?: SignatureMethod;
}

/**
 * An OAuth client as a person registered it. The secret is not in here: it is stored sealed, beside.
 * @see Atlassian, "OAuth 2.0 integration for developers" (Data Center), for the model it follows
 */
export interface ClientConfiguration extends ProviderMembers {
  readonly id: ClientId;
  /** Unique over all configurations, compared without regard to case. */
  readonly name: string;
  readonly description: string;
  readonly type: ProviderType;
  /** The `client_id` that the provider gave. */
  readonly clientId: string;
  readonly clientAuthentication: ClientAuthenticationMethod;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly scopes: readonly string[];
  /** Scopes that an edit took out and none put back: a session that has them is not asked for them again. */
  readonly removedScopes: readonly string[];
  /** The pair that requests are signed with; the private key lies in the key store under the pair's id. */
  readonly keyPair?: ConsumerKeys;
  /** When the token endpoint last refused the client's id or secret, in epoch ms; absent since the last save. */
  readonly rejectedAtMs?: number;
  /** Last path segment of the redirect URI; one per authorization endpoint, against mix-up. */
  readonly redirectUriSuffix: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** What is known of a consumer's RSA keys outside of the key store. */
export interface ConsumerKeys {
  /** A random UUID. */
  readonly id: string;
  /** SubjectPublicKeyInfo in PEM, as an application link takes it. @see RFC 7468, section 13 */
  readonly publicKeyPem: string;
}

/** What the editor and an import hand in. An absent or empty secret keeps the stored one. */
export interface ClientDraft extends ProviderMembers {
  readonly name: string;
  readonly description: string;
  readonly type: ProviderType;
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  /** An RSA private key in PEM, PKCS#8 or PKCS#1, to sign with in place of a generated one. */
  readonly privateKeyPem?: string | undefined;
  /** Absent: as the kind of provider has it. */
  readonly clientAuthentication?: ClientAuthenticationMethod;
  /** Follows from the base URL of a Data Center product, whatever is said here. */
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly scopes: readonly string[];
}

/** The members of a draft that are never told again. */
export type DraftSecret = 'clientSecret' | 'privateKeyPem';

/** What a draft is judged against. */
export interface DraftContext {
  /** Names of all other configurations. */
  readonly takenNames: readonly string[];
  /** Whether a secret is stored already, so that an empty field means "keep it". */
  readonly hasSecret: boolean;
}

/** What edits took out of the scopes so far, after one more of them. */
export function removedScopes(
  before: Pick<ClientConfiguration, 'scopes' | 'removedScopes'>,
  scopes: readonly string[],
): string[] {
  return normaliseScopes([...before.removedScopes, ...before.scopes]).filter(
    (scope) => !scopes.includes(scope),
  );
}

/** An empty form for a kind of provider, as *Add client* shows it. */
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

/** The members of its kind of provider that a configuration or a draft has. */
export function providerMembersOf(
  source: ProviderMembers & { readonly type: ProviderType },
): ProviderMembers {
  const present = profileOf(source.type).members.filter((name) => source[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, source[name]]));
}

/** A configuration or draft as the form for it begins: its members without a secret and whatever else it holds. */
export function draftOf(source: Omit<ClientDraft, DraftSecret>): ClientDraft {
  const { name, description, type, clientId, clientAuthentication, scopes } = source;
  const { authorizationEndpoint, tokenEndpoint } = source;
  const isChosen =
    clientAuthentication !== undefined && profileOf(type).clientAuthentication.length > 1;
  return {
    ...{ name, description, type, clientId, authorizationEndpoint, tokenEndpoint, scopes },
    ...(isChosen ? { clientAuthentication } : {}),
    ...providerMembersOf(source),
  };
}

/**
 * A draft without stray blanks, its scopes without repetitions, and with none of the members that its kind of
 * provider does not have. The endpoints of a Data Center product become those of its base URL.
 */
export function normaliseDraft(draft: ClientDraft): ClientDraft {
  // What is unknown is left as it is, to be judged.
  if (!providerTypes.includes(draft.type)) return draft;
  const members = tidyMembers(draft);
  const { name, description, clientId, clientSecret, clientAuthentication } = draft;
  const { type, scopes, authorizationEndpoint, tokenEndpoint } = draft;
  const tidy = {
    name: name.trim(),
    description: description.trim(),
    type,
    clientId: clientId.trim(),
    ...(clientAuthentication === undefined ? {} : { clientAuthentication }),
    authorizationEndpoint: authorizationEndpoint.trim(),
    tokenEndpoint: tokenEndpoint.trim(),
    scopes: profileOf(type).protocol === 'oauth1' ? [] : normaliseScopes(scopes),
    ...members,
    ...derivedEndpoints(type, members),
  };
  const keyPem = draft.privateKeyPem?.trim();
  return {
    ...draftOf(tidy),
    clientSecret: clientSecret?.trim(),
    ...(keyPem ? { privateKeyPem: keyPem } : {}),
  };
}

/** Members that say nothing are left out. */
function tidyMembers(draft: ClientDraft): ProviderMembers {
  const { apiBase, baseUrl, isHttpAllowed, ...members } = providerMembersOf(draft);
  const own = apiBase?.trim().replace(/\/+$/u, '');
  const tidy: Readonly<Record<string, unknown>> = {
    ...members,
    apiBase: own === profileOf(draft.type).apiBase ? undefined : own,
    baseUrl: baseUrl === undefined ? undefined : tidyBaseUrl(baseUrl, isHttpAllowed === true),
    issuer: members.issuer?.trim(),
    revocationEndpoint: members.revocationEndpoint?.trim(),
    userinfoEndpoint: members.userinfoEndpoint?.trim(),
    requestTokenEndpoint: members.requestTokenEndpoint?.trim(),
    isHttpAllowed,
    authorizationParameters: normaliseParameters(members.authorizationParameters),
    tokenParameters: normaliseParameters(members.tokenParameters),
  };
  const isSaid = ([name, value]: [string, unknown]): boolean =>
    value !== undefined && value !== false && (value !== '' || name === 'baseUrl');
  return Object.fromEntries(Object.entries(tidy).filter(isSaid));
}

function tidyBaseUrl(typed: string, isHttpAllowed: boolean): string {
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

/** How the client of a draft proves itself. */
export function clientAuthenticationOf(
  draft: Pick<ClientDraft, 'type' | 'clientAuthentication'>,
): ClientAuthenticationMethod {
  return draft.clientAuthentication ?? profileOf(draft.type).clientAuthentication[0];
}

/** How the requests of a draft are signed; undefined for OAuth 2.0. */
export function signatureMethodOf({
  type,
  signatureMethod,
}: Pick<ClientDraft, 'type' | 'signatureMethod'>): SignatureMethod | undefined {
  return signatureMethod ?? profileOf(type).signatureMethods[0];
}

/** Whether the client of a draft has a secret to prove itself by. */
export function usesClientSecret(
  draft: Pick<ClientDraft, 'type' | 'clientAuthentication' | 'signatureMethod'>,
): boolean {
  const method = signatureMethodOf(draft);
  return method === undefined ? clientAuthenticationOf(draft) !== 'none' : method === 'HMAC-SHA1';
}

/** Two names are the same if they differ in case and blanks at the ends alone. */
export function isSameName(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

/**
 * All that keeps a draft from being saved; empty when it can be. The editor runs it on each key,
 * the worker once more before it stores.
 */
export function draftProblems(draft: ClientDraft, circumstances: DraftContext): FieldProblem[] {
  const tidy = normaliseDraft(draft);
  if (!providerTypes.includes(tidy.type)) return [{ field: 'type', problem: 'type_unsupported' }];
  const isSecretNeeded = usesClientSecret(tidy) && !circumstances.hasSecret;
  const isNameTaken = circumstances.takenNames.some((name) => isSameName(name, tidy.name));
  const found: Record<string, FieldProblemName | undefined> = {
    name: textProblem(tidy.name, true) ?? (isNameTaken ? 'name_taken' : undefined),
    description: textProblem(tidy.description, false),
    clientId: textProblem(tidy.clientId, true),
    clientSecret: textProblem(tidy.clientSecret ?? '', isSecretNeeded),
    ...addressProblems(tidy),
    scopes: scopesProblem(tidy),
    ...choiceProblems(tidy),
  };
  return Object.entries(found).flatMap(([field, problem]) => (problem ? [{ field, problem }] : []));
}

function choiceProblems(
  draft: ProviderMembers & Pick<ClientDraft, 'type' | 'clientAuthentication'>,
): Record<string, FieldProblemName | undefined> {
  const profile = profileOf(draft.type);
  const { product, pkceMethod, authorizationParameters = {}, tokenParameters = {} } = draft;
  const { signatureMethod } = draft;
  const isChoice = (isOne: boolean): FieldProblemName | undefined =>
    isOne ? undefined : 'choice_invalid';
  return {
    product: isChoice(
      product === undefined
        ? !profile.members.includes('product')
        : dataCenterProducts.includes(product),
    ),
    pkceMethod: isChoice(pkceMethod === undefined || pkceMethods.includes(pkceMethod)),
    signatureMethod: isChoice(
      signatureMethod === undefined || profile.signatureMethods.includes(signatureMethod),
    ),
    clientAuthentication: isChoice(
      profile.clientAuthentication.includes(clientAuthenticationOf(draft)),
    ),
    authorizationParameters: extraParametersProblem(authorizationParameters, profile),
    tokenParameters: extraParametersProblem(tokenParameters, profile),
  };
}

/**
 * The members of a stored configuration that cannot be what was saved: addresses that were never judged would be
 * sent the secrets that are sealed beside them.
 */
export function invalidMembers(
  client: ProviderMembers &
    Pick<ClientDraft, 'type' | 'authorizationEndpoint' | 'tokenEndpoint'> & {
      readonly clientAuthentication: ClientAuthenticationMethod;
    },
): string[] {
  const { members } = profileOf(client.type);
  const foreign = providerMembers.filter(
    (name) => client[name] !== undefined && !members.includes(name),
  );
  const problems = { ...addressProblems(client), ...choiceProblems(client) };
  const wrong = Object.entries(problems).flatMap(([name, problem]) => (problem ? [name] : []));
  return [...new Set([...foreign, ...wrong])];
}

function textProblem(text: string, isRequired: boolean): FieldProblemName | undefined {
  if (text === '') return isRequired ? 'required' : undefined;
  return text.length > maxFieldLength ? 'too_long' : undefined;
}

function scopesProblem({
  type,
  scopes,
}: Pick<ClientDraft, 'type' | 'scopes'>): FieldProblemName | undefined {
  if (scopes.length === 0) return profileOf(type).protocol === 'oauth1' ? undefined : 'required';
  return scopes.every(isScopeToken) ? undefined : 'scope_invalid';
}
