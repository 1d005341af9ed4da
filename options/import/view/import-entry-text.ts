import {
  clientAuthenticationOf,
  signatureMethodOf,
  usesClientSecret,
  type ClientDraft,
  type DraftSecret,
} from '#core/client/client-configuration.ts';
import { differentEndpointHosts } from '#core/client/endpoint-hosts.ts';
import type { ExtraParameters } from '#core/client/extra-parameters.ts';
import type { ProviderType, SignatureMethod } from '#core/provider/provider-type.ts';
import { listed, t, tCount, type MessageKey } from '#ui/i18n.ts';
import type {
  ImportedClientView,
  ImportedConsumerView,
  ImportEntryView,
} from '../import-preview.ts';
import { isClientMember, memberLabel } from '../../members/member-label.ts';
import { typeLabel } from '../../state/type-label.ts';
import { problemsOf } from '../import-choice.ts';

/** A label with its values, for one property of a configuration. */
export interface Fact {
  readonly label: string;
  /** Several values are shown one below the other. */
  readonly values: readonly string[];
  /** Whether the values are shown in a monospaced font, to be compared letter by letter. */
  readonly isCode?: boolean;
}

/** Why an entry cannot be imported, one sentence for each reason. */
export function blockersOf(entry: ImportEntryView): string[] {
  return problemsOf(entry).map(({ field, problem }) =>
    t('labelled', labelIn(entry, field), t(`problem_${problem}`)),
  );
}

/** The properties of an entry, for display. */
export function factsOf(entry: ImportEntryView): Fact[] {
  const facts = entry.kind === 'client' ? clientFacts(entry) : consumerFacts(entry);
  const hasNoSecret = entry.kind === 'client' && isPublic(entry.client);
  return [
    ...facts,
    {
      label: memberLabel(secretMember(entry), typeOf(entry)),
      values: hasNoSecret ? [] : [t(secretText(entry))],
    },
    { label: t('import_used_in'), values: placesOf(entry) },
  ].filter(({ values }) => values.some((value) => value !== ''));
}

function secretMember(entry: ImportEntryView): DraftSecret {
  const method = entry.kind === 'client' ? signatureMethodOf(entry.client) : entry.signatureMethod;
  return method === 'RSA-SHA1' ? 'privateKeyPem' : 'clientSecret';
}

function isPublic(client: ImportedClientView['client']): boolean {
  return signatureMethodOf(client) === undefined && !usesClientSecret(client);
}

/** A missing key pair can be generated, a missing secret cannot. */
function secretText(entry: ImportEntryView): MessageKey {
  if (entry.hasSecret) return 'import_secret_comes';
  return secretMember(entry) === 'privateKeyPem' ? 'import_key_made' : 'import_secret_missing';
}

/** The largest number of places that are listed; each request of a collection can be one. */
const mostPlaces = 5;

function placesOf({ places }: ImportEntryView): string[] {
  // The first part is the collection, whose name is shown above.
  const named = places.map(([, ...place]) =>
    place.length === 0 ? t('import_used_in_all') : place.filter((part) => part !== '').join(' › '),
  );
  const more = named.length - mostPlaces;
  return more > 0 ? [...named.slice(0, mostPlaces), tCount('import_places_more', more)] : named;
}

/** Missing fields, warnings and ignored fields, one sentence for each. */
export function remarksOf(entry: ImportEntryView): string[] {
  const reported = new Set(problemsOf(entry).map(({ field }) => field));
  // The form asks for the server of a consumer, and its key pair can be generated.
  const missing = entry.missing
    .filter((member) => entry.kind === 'client' || member === 'consumerSecret')
    .filter((member) => !reported.has(member))
    .map((member) => labelIn(entry, member));
  const hosts = entry.kind === 'client' ? differentEndpointHosts(entry.client) : undefined;
  const isHttpAllowed = entry.kind === 'client' && entry.client.isHttpAllowed === true;
  return [
    ...(isHttpAllowed ? [t('http_warning')] : []),
    ...(hosts === undefined ? [] : [t('import_hosts_differ', hosts.authorization, hosts.token)]),
    ...(missing.length === 0 ? [] : [t('import_missing', listed(missing))]),
    ...entry.warnings.map(({ warning, subject }) => t(`postman_warning_${warning}`, subject)),
    ...(entry.leftOut.length === 0 ? [] : [t('import_left_out', listed(entry.leftOut))]),
    ...(entry.unknownFields.length === 0
      ? []
      : [t('import_unknown_fields', listed(entry.unknownFields))]),
  ];
}

function clientFacts({ client }: ImportedClientView): Fact[] {
  const { type, scopes, authorizationParameters = {}, tokenParameters = {} } = client;
  const signatureMethod = signatureMethodOf(client);
  const code = (member: keyof ClientDraft, ...values: readonly string[]): Fact => ({
    label: memberLabel(member, type),
    values,
    isCode: true,
  });
  return [
    { label: memberLabel('type', type), values: [typeLabel(client)] },
    ...(signatureMethod === undefined
      ? [
          code('clientId', client.clientId),
          {
            label: memberLabel('clientAuthentication', type),
            values: [t(`authentication_${clientAuthenticationOf(client)}`)],
          },
        ]
      : consumerKeyFacts(client.clientId, signatureMethod)),
    code('baseUrl', client.baseUrl ?? ''),
    code('requestTokenEndpoint', client.requestTokenEndpoint ?? ''),
    code('authorizationEndpoint', client.authorizationEndpoint),
    code('tokenEndpoint', client.tokenEndpoint),
    code('apiBase', client.apiBase ?? ''),
    code('scopes', scopes.join(' ')),
    code('authorizationParameters', ...parameterTexts(authorizationParameters)),
    code('tokenParameters', ...parameterTexts(tokenParameters)),
  ];
}

function consumerFacts({ consumerKey, signatureMethod }: ImportedConsumerView): Fact[] {
  return [
    { label: memberLabel('type', 'oauth1'), values: ['OAuth 1.0a'] },
    ...consumerKeyFacts(consumerKey, signatureMethod),
  ];
}

function consumerKeyFacts(consumerKey: string, signatureMethod: SignatureMethod): Fact[] {
  return [
    { label: memberLabel('clientId', 'oauth1'), values: [consumerKey], isCode: true },
    { label: memberLabel('signatureMethod', 'oauth1'), values: [signatureMethod] },
  ];
}

function parameterTexts(parameters: ExtraParameters): string[] {
  return Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
}

/** Names of members in Postman's collections. */
const postmanMembers: Readonly<Partial<Record<string, keyof ClientDraft>>> = {
  consumerKey: 'clientId',
  consumerSecret: 'clientSecret',
};

/** The form's label for a member of a configuration. */
export function labelIn(entry: ImportEntryView, member: string): string {
  const named = postmanMembers[member] ?? member;
  return isClientMember(named) ? memberLabel(named, typeOf(entry)) : member;
}

/** The provider type that decides what the members of an entry are called. */
export function typeOf(entry: ImportEntryView): ProviderType {
  return entry.kind === 'client' ? entry.client.type : 'oauth1';
}
