import { reveal, type Secret } from '../../values/secret.ts';
import { maxPostmanClients, maxPostmanResolvedLength } from '../import-limits.ts';
import {
  readCollection,
  readEnvironment,
  type PostmanAuth,
  type PostmanProblem,
  type RawFields,
} from './collection.ts';
import { createFieldReader, type PostmanWarning } from './field-reader.ts';
import { readOauth1, type PostmanOauth1Fields } from './oauth1-fields.ts';
import { readOauth2, type PostmanOauth2Fields } from './oauth2-fields.ts';
import { createResolver, hasVariable, type ResolutionBudget, type Resolve } from './variables.ts';

/** What the preview shows of every client, whatever its protocol. */
interface FoundClient {
  /** The name of the token in Postman, or else of the innermost named element that has the authorization. */
  readonly name: string;
  /** Where the client is used: each the names of the collection, the folders and the request. */
  readonly places: readonly (readonly string[])[];
  readonly warnings: readonly PostmanWarning[];
  /** Fields of the file that Threelo does not know. */
  readonly unknownFields: readonly string[];
  /** Members of `fields` that the person has to enter, and for OAuth 1.0a the three endpoints. */
  readonly missing: readonly string[];
}

/** One client of a Postman collection. */
export type PostmanClient =
  | (FoundClient & { readonly kind: 'oauth2'; readonly fields: PostmanOauth2Fields })
  | (FoundClient & { readonly kind: 'oauth1'; readonly fields: PostmanOauth1Fields });

/** The clients of a collection, or why it cannot be imported. */
export type PostmanImport =
  | { readonly name: string; readonly clients: readonly PostmanClient[] }
  | { readonly problem: PostmanProblem };

/**
 * Reads the OAuth clients of a Postman collection; saves nothing. Equal clients are merged into one with all places.
 * @param json a collection of version 2
 * @param environmentJson an exported environment, whose variables have precedence over those of the collection
 */
export function importPostman(json: string, environmentJson?: string): PostmanImport {
  const read = readCollection(json);
  if ('problem' in read) return read;
  const environment = environmentJson === undefined ? undefined : readEnvironment(environmentJson);
  // One problem for all causes: the other problems are about the first file.
  if (environment && 'problem' in environment) return { problem: 'environment_invalid' };
  const { name, auths } = read.collection;
  const budget: ResolutionBudget = { left: maxPostmanResolvedLength };
  const resolverOf = resolvers(environment ? [environment.variables] : [], budget);
  const groups = new Map<string, ClientGroup>();
  for (const auth of auths) {
    addToGroup(groups, foundClient(auth, resolverOf(auth.variables)));
    if (budget.left < 0 || groups.size > maxPostmanClients) return { problem: 'too_large' };
  }
  const clients = [...groups.values()].map(mergedClient);
  return clients.length === 0 ? { problem: 'nothing_found' } : { name, clients };
}

/** One resolver for each set of scopes, so that a variable is resolved once. */
function resolvers(
  outer: readonly RawFields[],
  budget: ResolutionBudget,
): (scopes: readonly RawFields[]) => Resolve {
  const created = new Map<readonly RawFields[], Resolve>();
  return (scopes) => {
    const resolve = created.get(scopes) ?? createResolver([...outer, ...scopes], budget);
    created.set(scopes, resolve);
    return resolve;
  };
}

function foundClient(auth: PostmanAuth, resolve: Resolve): PostmanClient {
  const reader = createFieldReader(auth, resolve);
  const tokenName = resolve(auth.fields.get('tokenName')).text;
  const name = tokenName || auth.path.filter((part) => part !== '').at(-1) || auth.kind;
  const shared = (missing: readonly string[]): FoundClient => ({
    name,
    places: [auth.path],
    warnings: reader.warnings(),
    unknownFields: reader.unknownFields(),
    missing,
  });
  if (auth.kind === 'oauth2') {
    const fields = readOauth2(reader);
    const { authorizationEndpoint, tokenEndpoint, clientId } = fields;
    const missing = missingMembers({ authorizationEndpoint, tokenEndpoint, clientId });
    return { kind: 'oauth2', fields, ...shared(missing) };
  }
  const fields = readOauth1(reader);
  const isRsa = fields.signatureMethod === 'RSA-SHA1';
  const missing = [
    ...missingMembers({ consumerKey: fields.consumerKey }),
    ...(isRsa && fields.privateKeyPem === undefined ? ['privateKeyPem'] : []),
    ...(!isRsa && fields.consumerSecret === undefined ? ['consumerSecret'] : []),
    'temporaryCredentialsEndpoint',
    'authorizationEndpoint',
    'tokenCredentialsEndpoint',
  ];
  return { kind: 'oauth1', fields, ...shared(missing) };
}

/** The members that are empty or contain an unresolved variable. */
function missingMembers(members: Readonly<Record<string, string>>): string[] {
  return Object.entries(members).flatMap(([member, text]) =>
    text === '' || hasVariable(text) ? [member] : [],
  );
}

/** Clients with equal fields. */
interface ClientGroup {
  readonly first: PostmanClient;
  readonly places: (readonly string[])[];
  readonly warnings: Map<string, PostmanWarning>;
  readonly unknownFields: Set<string>;
}

function addToGroup(groups: Map<string, ClientGroup>, client: PostmanClient): void {
  const content = contentOf(client);
  const group: ClientGroup = groups.get(content) ?? {
    first: client,
    places: [],
    warnings: new Map(),
    unknownFields: new Set(),
  };
  groups.set(content, group);
  group.places.push(...client.places);
  for (const each of client.warnings) group.warnings.set(`${each.warning} ${each.subject}`, each);
  for (const field of client.unknownFields) group.unknownFields.add(field);
}

function mergedClient({ first, places, warnings, unknownFields }: ClientGroup): PostmanClient {
  return {
    ...first,
    places,
    warnings: [...warnings.values()],
    unknownFields: [...unknownFields],
  };
}

/** A key that is equal for two clients with equal fields. Contains the secrets, so it must not be stored. */
function contentOf({ kind, fields }: PostmanClient): string {
  const secrets: (Secret | undefined)[] =
    'clientId' in fields ? [fields.clientSecret] : [fields.consumerSecret, fields.privateKeyPem];
  return JSON.stringify([kind, fields, secrets.map((each) => (each ? reveal(each) : null))]);
}
