import { draftOf, type ClientDraft } from '../../extension/core/client/client-configuration.ts';
import type { ConsumerServer } from '../../extension/core/import/consumer-server.ts';
import { freeName } from '../../extension/core/import/free-name.ts';
import type { PostmanDraft } from '../../extension/core/import/postman/draft-problems.ts';
import type {
  PostmanClient,
  PostmanImport,
} from '../../extension/core/import/postman/import-postman.ts';
import { draftOfConsumer } from '../../extension/core/import/postman/oauth1-draft.ts';
import { draftOfPostman } from '../../extension/core/import/postman/oauth2-draft.ts';
import { BrokerError, type FieldProblem } from '../../extension/core/values/fault.ts';
import { readPrivateKeyPem } from '../../extension/oauth/oauth1/keys/pem.ts';
import type { ImportEntryView, ImportPreview } from '../../extension/wire/views.ts';

/** Where the servers of OAuth 1.0a consumers are, by their places in the preview. */
export type ConsumerServers = readonly (ConsumerServer & { readonly at: number })[];

/** What an import would save, without a secret in it. */
export function previewPostman(found: PostmanImport, takenNames: readonly string[]): ImportPreview {
  if ('problem' in found) return found;
  return { name: found.name, entries: prepared(found.clients, takenNames).map(({ view }) => view) };
}

/**
 * The drafts of the entries that were chosen, by their places in the preview.
 * @throws BrokerError `invalid_import`; `fields` names entry and member, e.g. `2.tokenEndpoint`
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

/** An entry of the preview, and what it would save. */
interface Prepared {
  readonly view: ImportEntryView;
  readonly made: PostmanDraft;
}

/** All entries in their order, under names that are free together. */
function prepared(
  clients: readonly PostmanClient[],
  takenNames: readonly string[],
  servers: ConsumerServers = [],
): Prepared[] {
  const names = [...takenNames];
  return clients.map((client, at) => {
    const entry = prepare(
      client,
      names,
      servers.find((server) => server.at === at),
    );
    names.push(entry.made.draft.name);
    return entry;
  });
}

function prepare(
  found: PostmanClient,
  takenNames: readonly string[],
  server: ConsumerServer | undefined,
): Prepared {
  const { places, warnings, unknownFields, missing } = found;
  const name = freeName(found.name, takenNames);
  const shared = { name, places, warnings, unknownFields, missing };
  if (found.kind === 'oauth1') {
    const made = draftOfConsumer(found.name, found.fields, server, takenNames);
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
  const made = draftOfPostman(found.name, found.fields, takenNames);
  const { draft, problems, leftOut } = made;
  const hasSecret = found.fields.clientSecret !== undefined;
  const client = draftOf(draft);
  return { view: { ...shared, kind: 'oauth2', client, hasSecret, problems, leftOut }, made };
}

/** What is wrong with the private key of the file; a page cannot tell, for it never sees the key. */
function keyProblems({ privateKeyPem }: ClientDraft): FieldProblem[] {
  const read = privateKeyPem === undefined ? undefined : readPrivateKeyPem(privateKeyPem);
  return read !== undefined && 'problem' in read
    ? [{ field: 'privateKeyPem', problem: `key_${read.problem}` }]
    : [];
}

function problemsOf(entry: Prepared | undefined): readonly FieldProblem[] {
  return entry?.made.problems ?? [{ field: 'type', problem: 'type_unsupported' }];
}
