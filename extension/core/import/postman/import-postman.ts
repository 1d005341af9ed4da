import { reveal, type Secret } from '../../values/secret.ts';
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
import { hasVariable, resolveText } from './variables.ts';

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
 * @param json a collection of version 2.0 or 2.1
 * @param environmentJson an exported environment, whose variables have precedence over those of the collection
 */
export function importPostman(json: string, environmentJson?: string): PostmanImport {
  const read = readCollection(json);
  if ('problem' in read) return read;
  const environment = environmentJson === undefined ? undefined : readEnvironment(environmentJson);
  // One problem for all causes: the other problems are about the first file.
  if (environment && 'problem' in environment) return { problem: 'environment_invalid' };
  const { name, auths, variables } = read.collection;
  const scopes = [...(environment ? [environment.variables] : []), variables];
  const clients = merged(auths.map((auth) => foundClient(auth, scopes)));
  return clients.length === 0 ? { problem: 'nothing_found' } : { name, clients };
}

function foundClient(auth: PostmanAuth, scopes: readonly RawFields[]): PostmanClient {
  const reader = createFieldReader(auth, scopes);
  const tokenName = resolveText(auth.fields.get('tokenName'), scopes).text;
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

function merged(clients: readonly PostmanClient[]): PostmanClient[] {
  const byContent = new Map<string, PostmanClient>();
  for (const client of clients) {
    const content = contentOf(client);
    const first = byContent.get(content);
    byContent.set(
      content,
      first === undefined
        ? client
        : {
            ...first,
            places: [...first.places, ...client.places],
            warnings: unique([...first.warnings, ...client.warnings]),
            unknownFields: [...new Set([...first.unknownFields, ...client.unknownFields])],
          },
    );
  }
  return [...byContent.values()];
}

/** A key that is equal for two clients with equal fields. Contains the secrets, so it must not be stored. */
function contentOf({ kind, fields }: PostmanClient): string {
  const secrets: (Secret | undefined)[] =
    'clientId' in fields ? [fields.clientSecret] : [fields.consumerSecret, fields.privateKeyPem];
  return JSON.stringify([kind, fields, secrets.map((each) => (each ? reveal(each) : null))]);
}

function unique(warnings: readonly PostmanWarning[]): PostmanWarning[] {
  return [...new Map(warnings.map((each) => [`${each.warning} ${each.subject}`, each])).values()];
}
