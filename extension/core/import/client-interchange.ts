import * as v from 'valibot';
import {
  draftOf,
  draftProblems,
  providerMembersOf,
  normaliseDraft,
  type ClientConfiguration,
  type ClientDraft,
  type DraftSecret,
  type ProviderMembers,
} from '../client/client-configuration.ts';
import { withPkcs8 } from '../client/private-key.ts';
import { profileOf } from '../provider/provider-profile.ts';
import { providerMemberSchemas } from '../provider/provider-schemas.ts';
import {
  clientAuthenticationMethods,
  providerTypes,
  type ClientAuthenticationMethod,
  type ProviderType,
} from '../provider/provider-type.ts';
import { BrokerError, type FieldProblem } from '../values/fault.ts';
import { maxImportedClients } from './import-limits.ts';

/**
 * One configuration as JSON, in the format of Data Center's OAuth 2.0 client REST API. Types that it does not have are
 * exported as `GENERIC`, members that it does not have in `threelo`. A secret is imported, but never exported.
 * @see Atlassian, "OAuth 2.0 integration for developers"
 */
export interface InterchangeClient {
  readonly name: string;
  readonly description: string;
  readonly type: InterchangeType;
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly scopes: readonly string[];
  /** Shown on import but not used: Threelo derives its own from the authorization endpoint. */
  readonly redirectUriSuffix?: string;
  readonly threelo?: ProviderMembers & {
    readonly type: ProviderType;
    readonly clientAuthentication?: ClientAuthenticationMethod;
  };
}

type InterchangeType = 'GENERIC' | 'GOOGLE' | 'MICROSOFT';

/** The types that the REST API has, too; every other one is `GENERIC` there. */
const interchangeTypes: Readonly<Partial<Record<ProviderType, InterchangeType>>> = {
  google: 'GOOGLE',
  microsoft: 'MICROSOFT',
};

const ThreeloSchema = v.object({
  privateKeyPem: v.exactOptional(v.string()),
  type: v.picklist(providerTypes),
  clientAuthentication: v.exactOptional(v.picklist(clientAuthenticationMethods)),
  ...providerMemberSchemas(),
});

const EntrySchema = v.object({
  name: v.string(),
  description: v.nullish(v.string(), ''),
  type: v.pipe(v.string(), v.toUpperCase()),
  clientId: v.string(),
  clientSecret: v.nullish(v.string()),
  authorizationEndpoint: v.string(),
  tokenEndpoint: v.string(),
  scopes: v.array(v.string()),
  redirectUriSuffix: v.nullish(v.string()),
  threelo: v.optional(ThreeloSchema),
});
type Entry = v.InferOutput<typeof EntrySchema>;

/** The members of a configuration that are exported. */
export type ExportedClient = Omit<ClientDraft, DraftSecret> &
  Pick<ClientConfiguration, 'redirectUriSuffix'>;

/** Exports configurations as JSON text, without secrets. */
export function exportClients(clients: readonly ExportedClient[]): string {
  const entries = clients.map((client): InterchangeClient => ({
    name: client.name,
    description: client.description,
    type: interchangeTypeOf(client.type),
    clientId: client.clientId,
    authorizationEndpoint: client.authorizationEndpoint,
    tokenEndpoint: client.tokenEndpoint,
    scopes: client.scopes,
    redirectUriSuffix: client.redirectUriSuffix,
    threelo: threeloOf(client),
  }));
  return `${JSON.stringify(entries, null, 2)}\n`;
}

/**
 * Reads one configuration or an array of them. One invalid configuration rejects the whole import.
 * @param takenNames the names of the existing configurations
 * @throws BrokerError `invalid_import`; `fields` names entry and member, e.g. `2.tokenEndpoint`
 */
export function importClients(json: string, takenNames: readonly string[]): ClientDraft[] {
  const parsed = parseJson(json);
  const entries: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  if (entries.length === 0 || entries.length > maxImportedClients)
    throw new BrokerError('invalid_import');
  const drafts: ClientDraft[] = [];
  const problems = entries.flatMap((entry, at) => {
    const names = [...takenNames, ...drafts.map(({ name }) => name)];
    const read = readEntry(entry, names);
    if ('draft' in read) {
      drafts.push(read.draft);
      return [];
    }
    const label = entries.length === 1 ? '' : `${String(at + 1)}.`;
    return read.problems.map(({ field, problem }) => ({ field: `${label}${field}`, problem }));
  });
  if (problems.length > 0) throw new BrokerError('invalid_import', { fields: problems });
  return drafts;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // The parser's message quotes the text, which may contain a secret.
    throw new BrokerError('invalid_import', { subject: 'JSON' });
  }
}

type ReadEntry = { readonly draft: ClientDraft } | { readonly problems: readonly FieldProblem[] };

function readEntry(entry: unknown, takenNames: readonly string[]): ReadEntry {
  const parsed = v.safeParse(EntrySchema, entry);
  if (!parsed.success) {
    const fields = new Set(parsed.issues.map((issue) => v.getDotPath(issue) ?? 'entry'));
    return { problems: [...fields].map((field) => ({ field, problem: 'malformed' as const })) };
  }
  const type = providerTypeOf(parsed.output);
  if (type === undefined) return { problems: [{ field: 'type', problem: 'type_unsupported' }] };
  const { threelo, clientSecret, ...members } = parsed.output;
  const draft = normaliseDraft({
    ...threelo,
    ...members,
    clientSecret: clientSecret ?? undefined,
    type,
  });
  // An export has no secret; the person enters it after the import.
  const problems = draftProblems(draft, { takenNames, hasSecret: true });
  if (problems.length > 0) return { problems };
  const read = withPkcs8(draft);
  return 'problem' in read ? { problems: [read.problem] } : read;
}

/** The type that an entry names in `threelo`, or else the type whose hosts its authorization endpoint is on. */
function providerTypeOf({ type, threelo, authorizationEndpoint }: Entry): ProviderType | undefined {
  const candidates = providerTypes.filter((one) => interchangeTypeOf(one) === type);
  if (threelo) return candidates.find((one) => one === threelo.type);
  const host = URL.canParse(authorizationEndpoint) ? new URL(authorizationEndpoint).host : '';
  const ofHost = candidates.find((one) => profileOf(one).endpointHosts.includes(host));
  const named = candidates.find((one) => one in interchangeTypes);
  return ofHost ?? named ?? candidates.find((one) => profileOf(one).endpointSource === 'person');
}

function interchangeTypeOf(type: ProviderType): InterchangeType {
  return interchangeTypes[type] ?? 'GENERIC';
}

function threeloOf(client: ExportedClient): NonNullable<InterchangeClient['threelo']> {
  const { type, clientAuthentication } = draftOf(client);
  return {
    type,
    ...(clientAuthentication === undefined ? {} : { clientAuthentication }),
    ...providerMembersOf(client),
  };
}
