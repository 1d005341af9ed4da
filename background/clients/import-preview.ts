import { draftOf, type ClientDraft } from '#core/client/client-configuration.ts';
import type { ConsumerServer } from '#core/import/consumer-server.ts';
import { freeNames } from '#core/import/free-name.ts';
import type { PostmanDraft } from '#core/import/postman/draft-problems.ts';
import type { PostmanClient, PostmanImport } from '#core/import/postman/import-postman.ts';
import { draftOfConsumer } from '#core/import/postman/oauth1-draft.ts';
import { draftOfPostman } from '#core/import/postman/oauth2-draft.ts';
import { BrokerError, type FieldProblem } from '#core/values/fault.ts';
import { readPrivateKeyPem } from '#oauth/oauth1/keys/pem.ts';
import type { ImportEntryView, ImportPreview } from '#wire/views.ts';

/** The servers of OAuth 1.0a consumers; `at` is the index of the consumer in the preview. */
export type ConsumerServers = readonly (ConsumerServer & { readonly at: number })[];

/** What an import would save, without secrets. */
export function previewPostman(found: PostmanImport, takenNames: readonly string[]): ImportPreview {
  if ('problem' in found) return found;
  return { name: found.name, entries: prepared(found.clients, takenNames).map(({ view }) => view) };
}

/**
 * The drafts of the chosen entries.
 * @param entries - their indexes in the preview
 * @throws BrokerError `invalid_import`; `fields` names the entry, counted from 1, and the member: `2.tokenEndpoint`
 */
export function chosenDrafts(
  found: PostmanImport,
  { entries, servers = [] }: { entries: readonly number[]; servers?: ConsumerServers },
  takenNames: readonly string[],
): readonly ClientDraft[] {
  if ('problem' in found) throw new BrokerError('invalid_import', { subject: found.problem });
  const all = prepared(found.clients, takenNames, servers);
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

/** All entries in order, with names that are neither taken nor used twice. */
function prepared(
  clients: readonly PostmanClient[],
  takenNames: readonly string[],
  servers: ConsumerServers = [],
): Prepared[] {
  const freeName = freeNames(takenNames);
  const serverAt = new Map(servers.map((server) => [server.at, server]));
  return clients.map((client, at) => prepare(client, freeName(client.name), serverAt.get(at)));
}

function prepare(found: PostmanClient, name: string, server: ConsumerServer | undefined): Prepared {
  const { places, warnings, unknownFields, missing } = found;
  const shared = { name, places, warnings, unknownFields, missing };
  if (found.kind === 'oauth1') {
    const made = draftOfConsumer(name, found.fields, server);
    const { draft, leftOut } = made;
    const hasSecret = (draft.clientSecret ?? draft.privateKeyPem) !== undefined;
    const { consumerKey, signatureMethod } = found.fields;
    const problems = keyProblems(draft);
    const view = { ...shared, consumerKey, signatureMethod, hasSecret, problems, leftOut };
    return {
      view: { ...view, kind: 'oauth1' },
      made: { ...made, problems: [...made.problems, ...problems] },
    };
  }
  const made = draftOfPostman(name, found.fields);
  const { draft, problems, leftOut } = made;
  const hasSecret = found.fields.clientSecret !== undefined;
  const client = draftOf(draft);
  return { view: { ...shared, kind: 'oauth2', client, hasSecret, problems, leftOut }, made };
}

/** The problems of the private key in the file. Checked here, because pages never receive the key. */
function keyProblems({ privateKeyPem }: ClientDraft): FieldProblem[] {
  const read = privateKeyPem === undefined ? undefined : readPrivateKeyPem(privateKeyPem);
  return read !== undefined && 'problem' in read
    ? [{ field: 'privateKeyPem', problem: `key_${read.problem}` }]
    : [];
}

function problemsOf(entry: Prepared | undefined): readonly FieldProblem[] {
  return entry?.made.problems ?? [{ field: 'type', problem: 'type_unsupported' }];
}
