import type { ClientDraft } from '../extension/core/client-configuration.ts';
import { BrokerError, type FieldProblem } from '../extension/core/fault.ts';
import {
  draftOfPostman,
  withoutSecret,
  type PostmanDraft,
} from '../extension/core/postman-draft.ts';
import type { PostmanClient, PostmanImport } from '../extension/core/postman-import.ts';
import type { ImportEntryView, ImportPreview } from '../extension/wire/views.ts';

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
  chosen: readonly number[],
  takenNames: readonly string[],
): readonly ClientDraft[] {
  if ('problem' in found) throw new BrokerError('invalid_import', { subject: found.problem });
  const all = prepared(found.clients, takenNames);
  const entries = [...new Set(chosen)];
  const problems = entries.flatMap((at) =>
    problemsOf(all[at]).map(({ field, problem }) => ({
      field: `${String(at + 1)}.${field}`,
      problem,
    })),
  );
  if (problems.length > 0) throw new BrokerError('invalid_import', { fields: problems });
  return entries.flatMap((at) => all[at]?.made?.draft ?? []);
}

/** An entry of the preview, and what it would save. */
interface Prepared {
  readonly view: ImportEntryView;
  readonly made?: PostmanDraft;
}

/** All entries in their order, under names that are free together. */
function prepared(clients: readonly PostmanClient[], takenNames: readonly string[]): Prepared[] {
  const names = [...takenNames];
  return clients.map((client) => {
    const entry = prepare(client, names);
    if (entry.made) names.push(entry.made.draft.name);
    return entry;
  });
}

function prepare(found: PostmanClient, takenNames: readonly string[]): Prepared {
  const { name, places, warnings, unknownFields, missing } = found;
  const shared = { name, places, warnings, unknownFields, missing };
  if (found.kind === 'oauth1') {
    const { consumerKey, signatureMethod, consumerSecret, privateKeyPem } = found.fields;
    const hasSecret = consumerSecret !== undefined || privateKeyPem !== undefined;
    return { view: { ...shared, kind: 'oauth1', consumerKey, signatureMethod, hasSecret } };
  }
  const made = draftOfPostman(name, found.fields, takenNames);
  const { draft, problems, leftOut } = made;
  const hasSecret = found.fields.clientSecret !== undefined;
  const client = withoutSecret(draft);
  const view = { ...shared, name: draft.name, client, hasSecret, problems, leftOut };
  return { view: { ...view, kind: 'oauth2' }, made };
}

function problemsOf(entry: Prepared | undefined): readonly FieldProblem[] {
  return entry?.made?.problems ?? [{ field: 'type', problem: 'type_unsupported' }];
}
