import { secretProblem, type ClientId } from '#core/client/client-configuration.ts';
import { isExtension } from '#core/values/origin.ts';
import { BrokerError, toFault, type FieldProblem } from '#core/values/fault.ts';
import { ownBuffer } from '#core/values/bytes.ts';
import { reveal, secret } from '#core/values/secret.ts';
import {
  importableRows,
  isTakeable,
  lacksSecret,
  type ChosenRows,
  type TransferFile,
  type TransferPreview,
  type TransferResult,
} from '#core/transfer/transfer-preview.ts';
import { heldPatterns } from '../platform/held-patterns.ts';
import type { BatchedChanges } from '../storage/repository.ts';
import type { Store } from '../storage/store.ts';
import { collectContents, type Sources } from './collect-contents.ts';
import { parseContents } from './contents.ts';
import type { ClientPlan } from './plan-clients.ts';
import { grantOf } from './plan-grants.ts';
import { settingRow } from './plan-http.ts';
import { denialsRow, planImport, type ImportPlan } from './plan-import.ts';
import { openExport, sealExport } from './sealed-export.ts';

/** Everything but sessions, as one encrypted file. */
export interface Transfer {
  /** @throws BrokerError `locked`, `export_too_large` */
  export(passphrase: string): Promise<TransferFile>;
  /** What an import would change. @throws BrokerError the faults of `openExport` and `parseContents`, `locked` */
  preview(file: ArrayBuffer, passphrase: string): Promise<TransferPreview>;
  /**
   * Imports the chosen rows of a preview, all or none.
   * @throws BrokerError as `preview`; `preview_outdated` when the preview is another one by now; `invalid_import` with the ids of rows
   * and the members that are not valid, e.g. `client:0.clientSecret`; `storage_failed`
   */
  import(file: ArrayBuffer, passphrase: string, chosen: ChosenRows): Promise<TransferResult>;
}

export interface TransferDependencies extends Sources {
  readonly store: Pick<Store, 'writeWhole'>;
}

export function createTransfer(dependencies: TransferDependencies): Transfer {
  const { crypto } = dependencies.world;
  const planOf = async (file: ArrayBuffer, passphrase: string) => {
    const json = await openExport(new Uint8Array(file), secret(passphrase), crypto);
    const contents = parseContents(reveal(json));
    return { contents, plan: await planImport(contents, dependencies) };
  };
  return {
    export: async (passphrase) => {
      const { contents, withoutSecret } = await collectContents(dependencies);
      const json = secret(JSON.stringify(contents));
      const bytes = await sealExport(json, secret(passphrase), crypto);
      return { bytes: ownBuffer(bytes), withoutSecret };
    },
    preview: async (file, passphrase) => (await planOf(file, passphrase)).plan.preview,
    import: async (file, passphrase, { digest, taken, secrets = [] }) => {
      const { contents, plan } = await planOf(file, passphrase);
      if (plan.preview.digest !== digest) throw new BrokerError('preview_outdated');
      const { rows } = plan.preview;
      const wanted = new Set(taken);
      const chosen = new Set(
        rows.filter((row) => wanted.has(row.id) && isTakeable(row)).map(({ id }) => id),
      );
      if (importableRows(rows, chosen).size < chosen.size) throw new BrokerError('invalid_import');
      const filledIn = withSecrets(plan, chosen, secrets);
      await importRows(chosen, filledIn, contents.accounts, dependencies);
      const patterns = await missingPatterns(chosen, plan, dependencies);
      return { taken: chosen.size, missingHostPatterns: patterns };
    },
  };
}

/**
 * A plan with the secrets that the person typed.
 * @throws BrokerError `invalid_import` with the fields of the clients whose secret is not valid, and without for a secret of another
 * row than a chosen one that lacks it
 */
function withSecrets(
  plan: ImportPlan,
  chosen: ReadonlySet<string>,
  secrets: NonNullable<ChosenRows['secrets']>,
): ImportPlan {
  const typed = new Map(secrets.map(({ id, clientSecret }) => [id, clientSecret.trim()]));
  const named = plan.clients.filter(({ row }) => typed.has(row.id));
  const areTheirs = named.every(({ row }) => chosen.has(row.id) && lacksSecret(row));
  if (named.length < typed.size || !areTheirs) throw new BrokerError('invalid_import');
  const fields = named.flatMap(({ row: { id } }): FieldProblem[] => {
    const problem = secretProblem(typed.get(id) ?? '', false);
    return problem === undefined ? [] : [{ field: `${id}.clientSecret`, problem }];
  });
  if (fields.length > 0) throw new BrokerError('invalid_import', { fields });
  const clients = plan.clients.map((one) => {
    const clientSecret = typed.get(one.row.id);
    return clientSecret === undefined ? one : { ...one, draft: { ...one.draft, clientSecret } };
  });
  return { ...plan, clients };
}

/** Stores the chosen rows in one write. */
async function importRows(
  chosen: ReadonlySet<string>,
  plan: ImportPlan,
  accounts: Parameters<typeof grantOf>[1]['accounts'],
  dependencies: TransferDependencies,
): Promise<void> {
  const { clients, grants, settings, denials, store } = dependencies;
  const clientPlans = plan.clients.filter(({ row }) => chosen.has(row.id));
  const drafts = clientPlans.map(({ draft, replaces }) => ({
    draft,
    ...(replaces === undefined ? {} : { replaces: replaces.id }),
  }));
  const changes = Object.fromEntries(
    Object.entries(plan.settings).filter(([name]) => chosen.has(settingRow(name))),
  );
  // As they are when the write begins: a policy or another tab may change them until then.
  const settingsAfter = () => ({ ...settings.current(), ...changes });
  const save = clients.saveInSameWrite(
    drafts,
    { isHttpForbidden: () => !settingsAfter().plainHttp },
    (ofClients, stored) => {
      const { lastingGrants } = settingsAfter();
      const storedOf = new Map(clientPlans.map((one, at) => [one, stored[at]?.id] as const));
      const clientOf = (at: number): ClientId | undefined => {
        const one = plan.clients[at];
        return one && (storedOf.get(one) ?? one.replaces?.id);
      };
      const made = plan.grants
        .filter(({ row }) => chosen.has(row.id))
        .flatMap(({ grant }) =>
          grantOf(grant, { ...dependencies, accounts, clientOf, lastingGrants }),
        );
      return grants.saveInSameWrite(made, (ofGrants) =>
        settings.updateInSameWrite(changes, (ofSettings) =>
          denials.addInSameWrite(chosen.has(denialsRow) ? plan.denials : [], (ofDenials) =>
            writeTogether([ofClients, ofGrants], [ofSettings, ofDenials], store),
          ),
        ),
      );
    },
  );
  await save.catch((thrown: unknown) => {
    throw ofRows(thrown, clientPlans);
  });
}

/** The fault of saved clients, which counts them from 1, with the ids of their rows. */
function ofRows(thrown: unknown, saved: readonly ClientPlan[]): unknown {
  const { code, fields } = toFault(thrown);
  if (code !== 'invalid_import' || fields === undefined) return thrown;
  const rowOf = (count: string): string => saved[Number(count) - 1]?.row.id ?? count;
  return new BrokerError(code, {
    fields: fields.map(({ field, problem }) => ({
      field: field.replace(/^\d+(?=\.)/u, rowOf),
      problem,
    })),
  });
}

/** @param single - the changes of what has no second copy */
async function writeTogether(
  mirrored: readonly BatchedChanges[],
  single: readonly BatchedChanges[],
  store: Pick<Store, 'writeWhole'>,
): Promise<void> {
  const entries = Object.fromEntries(mirrored.flatMap((one) => Object.entries(one.entries)));
  const singles = single.flatMap(({ entries: changed, before = {} }) =>
    Object.entries(changed).map(([key, after]) => ({ key, before: before[key], after })),
  );
  await store.writeWhole(entries, singles);
  for (const one of [...mirrored, ...single]) one.commitToMemory();
}

async function missingPatterns(
  chosen: ReadonlySet<string>,
  { grants }: ImportPlan,
  { world: { permissions } }: Sources,
): Promise<string[]> {
  const patterns = grants
    .filter(({ row, grant }) => chosen.has(row.id) && !isExtension(grant.origin))
    .map(({ grant }) => permissions.patternOf(grant.origin));
  const unique = [...new Set(patterns)];
  const held = await heldPatterns(unique, permissions);
  return unique.filter((pattern) => !held.has(pattern));
}
