import {
  draftOf,
  isSameName,
  secretProblem,
  type ClientDraft,
  type DraftSecret,
} from '#core/client/client-configuration.ts';
import { withPkcs8 } from '#core/client/private-key.ts';
import type { ConsumerServer } from '#core/import/consumer-server.ts';
import { freeNames } from '#core/import/free-name.ts';
import type { PostmanProblem } from '#core/import/postman/collection.ts';
import type { PostmanDraft } from '#core/import/postman/draft-problems.ts';
import type { PostmanWarning } from '#core/import/postman/field-reader.ts';
import type { PostmanClient, PostmanImport } from '#core/import/postman/import-postman.ts';
import { draftOfConsumer } from '#core/import/postman/oauth1-draft.ts';
import { draftOfPostman } from '#core/import/postman/oauth2-draft.ts';
import { BrokerError, type FieldProblem } from '#core/values/fault.ts';

/** The clients of a JSON file of Threelo or Data Center. */
export interface ClientFile {
  readonly drafts: readonly ClientDraft[];
}

/** What is known of each configuration in a file. A file of clients has no places, warnings and unknown fields. */
interface ImportEntry {
  /** The name that it will be saved with. */
  readonly name: string;
  /** Where it is used: the names of collection, folders and request. */
  readonly places: readonly (readonly string[])[];
  readonly hasSecret: boolean;
  readonly warnings: readonly PostmanWarning[];
  /** Fields of the file that Threelo does not know. */
  readonly unknownFields: readonly string[];
  /** Members without a value in the file. */
  readonly missing: readonly string[];
  /** Why it cannot be saved, as far as the file shows. */
  readonly problems: readonly FieldProblem[];
  /** Parameters and URLs of the file that a configuration cannot hold. */
  readonly leftOut: readonly string[];
}

/** A configuration that an import would create. */
export interface ImportedClientView extends ImportEntry {
  readonly kind: 'client';
  readonly client: Omit<ClientDraft, DraftSecret>;
}

/** An OAuth 1.0a consumer of a collection. Its server is not in the file and is given when it is chosen; its problems concern its private key. */
export interface ImportedConsumerView extends ImportEntry {
  readonly kind: 'consumer';
  readonly consumerKey: string;
  readonly signatureMethod: 'RSA-SHA1' | 'HMAC-SHA1';
}

/** One entry of a preview. Its index identifies it. */
export type ImportEntryView = ImportedClientView | ImportedConsumerView;

/** What the import of a file would create, or why it cannot be read. The name is that of a collection. */
export type ImportPreview =
  | { readonly name?: string; readonly entries: readonly ImportEntryView[] }
  | { readonly problem: PostmanProblem };

/** The servers of OAuth 1.0a consumers; `at` is the index of the consumer in the preview. */
type ConsumerServers = readonly (ConsumerServer & { readonly at: number })[];

/** The secrets that the person typed; `at` is the index of the client in the preview. */
type TypedSecrets = readonly { readonly at: number; readonly clientSecret: string }[];

/** The entries of a preview that the person chose. */
export interface ChosenEntries {
  /** Their indexes in the preview. */
  readonly entries: readonly number[];
  readonly servers?: ConsumerServers;
  readonly secrets?: TypedSecrets;
}

/** What an import would save, without secrets. */
export function previewImport(
  found: PostmanImport | ClientFile,
  takenNames: readonly string[],
): ImportPreview {
  if ('problem' in found) return found;
  const entries = prepared(found, takenNames).map(({ view }) => view);
  return 'drafts' in found ? { entries } : { name: found.name, entries };
}

/**
 * The drafts of the chosen entries.
 * @throws BrokerError `invalid_import`; `fields` names the entry, counted from 1, and the member: `2.tokenEndpoint`
 */
export function chosenDrafts(
  found: PostmanImport | ClientFile,
  { entries, servers, secrets = [] }: ChosenEntries,
  takenNames: readonly string[],
): readonly ClientDraft[] {
  if ('problem' in found) throw new BrokerError('invalid_import', { subject: found.problem });
  const all = prepared(found, takenNames, servers);
  for (const { at, clientSecret } of secrets) {
    const before = all[at];
    if (before !== undefined) all[at] = withSecret(before, clientSecret);
  }
  const chosen = [...new Set(entries)];
  const problems = chosen.flatMap((at) =>
    problemsOf(all[at]).map(({ field, problem }) => ({
      field: `${String(at + 1)}.${field}`,
      problem,
    })),
  );
  if (problems.length > 0) throw new BrokerError('invalid_import', { fields: problems });
  return chosen.flatMap((at) => all[at]?.made.draft ?? []);
}

/** An entry of the preview, and the draft that it would save. */
interface Prepared {
  readonly view: ImportEntryView;
  readonly made: PostmanDraft;
}

/** All entries in order. Those of a collection get names that are neither taken nor used twice. */
function prepared(
  found: Exclude<PostmanImport, { readonly problem: PostmanProblem }> | ClientFile,
  takenNames: readonly string[],
  servers: ConsumerServers = [],
): Prepared[] {
  if ('drafts' in found) return found.drafts.map((draft) => prepareDraft(draft, takenNames));
  const freeName = freeNames(takenNames);
  const serverAt = new Map(servers.map((server) => [server.at, server]));
  return found.clients.map((client, at) =>
    prepare(client, freeName(client.name), serverAt.get(at)),
  );
}

/** A client of a file of clients: it is whole, but for its secret. One that has its name here is most likely the same client. */
function prepareDraft(draft: ClientDraft, takenNames: readonly string[]): Prepared {
  const isTaken = takenNames.some((taken) => isSameName(taken, draft.name));
  const problems: FieldProblem[] = isTaken ? [{ field: 'name', problem: 'name_taken' }] : [];
  const hasSecret = Boolean(draft.clientSecret) || draft.privateKeyPem !== undefined;
  const nothing = { places: [], warnings: [], unknownFields: [], missing: [], leftOut: [] };
  const { name } = draft;
  const view = { ...nothing, name, client: draftOf(draft), hasSecret, problems };
  return { view: { ...view, kind: 'client' }, made: { draft, problems, leftOut: [] } };
}

function withSecret({ view, made }: Prepared, clientSecret: string): Prepared {
  const problem = secretProblem(clientSecret, false);
  const problems: FieldProblem[] = problem ? [{ field: 'clientSecret', problem }] : [];
  const draft = { ...made.draft, clientSecret };
  return { view, made: { ...made, draft, problems: [...made.problems, ...problems] } };
}

function prepare(found: PostmanClient, name: string, server: ConsumerServer | undefined): Prepared {
  const { places, warnings, unknownFields, missing } = found;
  const shared = { name, places, warnings, unknownFields, missing };
  if (found.kind === 'oauth1') {
    const made = draftOfConsumer(name, found.fields, server);
    const { leftOut } = made;
    const hasSecret = (made.draft.clientSecret ?? made.draft.privateKeyPem) !== undefined;
    const { consumerKey, signatureMethod } = found.fields;
    const read = withPkcs8(made.draft);
    const draft = 'draft' in read ? read.draft : made.draft;
    const problems = 'problem' in read ? [read.problem] : [];
    const view = { ...shared, consumerKey, signatureMethod, hasSecret, problems, leftOut };
    return {
      view: { ...view, kind: 'consumer' },
      made: { ...made, draft, problems: [...made.problems, ...problems] },
    };
  }
  const made = draftOfPostman(name, found.fields);
  const { draft, problems, leftOut } = made;
  const hasSecret = found.fields.clientSecret !== undefined;
  const client = draftOf(draft);
  return { view: { ...shared, kind: 'client', client, hasSecret, problems, leftOut }, made };
}

function problemsOf(entry: Prepared | undefined): readonly FieldProblem[] {
  return entry?.made.problems ?? [{ field: 'type', problem: 'type_unsupported' }];
}
