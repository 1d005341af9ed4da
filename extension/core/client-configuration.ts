import type { Brand } from './brand.ts';
import type { FieldProblem, FieldProblemName } from './fault.ts';
import {
  profileOf,
  providerTypes,
  type ClientAuthenticationMethod,
  type ProviderType,
} from './provider-profile.ts';
import { isScopeToken, normaliseScopes } from './scope.ts';

/** Id of a client configuration: a random UUID. */
export type ClientId = Brand<'ClientId'>;

/** The longest text a field takes, in UTF-16 code units; the same as Data Center's OAuth 2.0 client. */
const longestField = 255;

/**
 * An OAuth client as a person registered it. The secret is not in here: it is stored sealed, beside.
 * @see Atlassian, "OAuth 2.0 integration for developers" (Data Center), for the model it follows
 */
export interface ClientConfiguration {
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
  /** When the token endpoint last refused the client's id or secret, in epoch ms; absent since the last save. */
  readonly rejectedAtMs?: number;
  /** Last path segment of the redirect URI; one per authorization endpoint, against mix-up. */
  readonly redirectUriSuffix: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** What the editor and an import hand in. An absent or empty secret keeps the stored one. */
export interface ClientDraft {
  readonly name: string;
  readonly description: string;
  readonly type: ProviderType;
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly scopes: readonly string[];
}

/** What a draft is judged against. */
export interface DraftCircumstances {
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
  return {
    name: '',
    description: '',
    type,
    clientId: '',
    clientSecret: '',
    authorizationEndpoint: profile.authorizationEndpoint,
    tokenEndpoint: profile.tokenEndpoint,
    scopes: profile.defaultScopes,
  };
}

/** A draft without stray blanks, its scopes without repetitions. */
export function tidyDraft(draft: ClientDraft): ClientDraft {
  return {
    ...draft,
    name: draft.name.trim(),
    description: draft.description.trim(),
    clientId: draft.clientId.trim(),
    clientSecret: draft.clientSecret?.trim(),
    authorizationEndpoint: draft.authorizationEndpoint.trim(),
    tokenEndpoint: draft.tokenEndpoint.trim(),
    scopes: normaliseScopes(draft.scopes),
  };
}

/** Two names are the same if they differ in case and blanks at the ends alone. */
export function isSameName(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

/**
 * All that keeps a draft from being saved; empty when it can be. The editor runs it on each key,
 * the worker once more before it stores.
 */
export function draftProblems(
  draft: ClientDraft,
  circumstances: DraftCircumstances,
): FieldProblem[] {
  const tidy = tidyDraft(draft);
  if (!providerTypes.includes(tidy.type)) return [{ field: 'type', problem: 'type_unsupported' }];
  const profile = profileOf(tidy.type);
  const isSecretNeeded = profile.isSecretRequired && !circumstances.hasSecret;
  const isNameTaken = circumstances.takenNames.some((name) => isSameName(name, tidy.name));
  const found: Record<string, FieldProblemName | undefined> = {
    name: textProblem(tidy.name, true) ?? (isNameTaken ? 'name_taken' : undefined),
    description: textProblem(tidy.description, false),
    clientId: textProblem(tidy.clientId, true),
    clientSecret: textProblem(tidy.clientSecret ?? '', isSecretNeeded),
    authorizationEndpoint: endpointProblem(tidy.authorizationEndpoint, profile.endpointHosts),
    tokenEndpoint: endpointProblem(tidy.tokenEndpoint, profile.endpointHosts),
    scopes: scopesProblem(tidy.scopes),
  };
  return Object.entries(found).flatMap(([field, problem]) => (problem ? [{ field, problem }] : []));
}

/** Whether tokens and secrets of a kind of provider may be sent to an address. */
export function isEndpointOf(type: ProviderType, text: string): boolean {
  return endpointProblem(text, profileOf(type).endpointHosts) === undefined;
}

function textProblem(text: string, isRequired: boolean): FieldProblemName | undefined {
  if (text === '') return isRequired ? 'required' : undefined;
  return text.length > longestField ? 'too_long' : undefined;
}

function endpointProblem(text: string, hosts: readonly string[]): FieldProblemName | undefined {
  const problem = textProblem(text, true);
  if (problem) return problem;
  if (!URL.canParse(text)) return 'url_invalid';
  const url = new URL(text);
  if (url.protocol !== 'https:') return url.protocol === 'http:' ? 'url_not_https' : 'url_invalid';
  if (url.hash !== '' || url.username !== '' || url.password !== '') return 'url_invalid';
  return hosts.includes(url.host) ? undefined : 'url_not_this_cloud';
}

function scopesProblem(scopes: readonly string[]): FieldProblemName | undefined {
  if (scopes.length === 0) return 'required';
  return scopes.every(isScopeToken) ? undefined : 'scope_invalid';
}
