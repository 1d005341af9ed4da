import type { ProviderType } from '../provider/provider-type.ts';
import type { FieldProblem } from '../values/fault.ts';

/** A value of an entry, as texts, each of which is one of several: here and in the file. Both are absent for a secret, which is never shown. */
export interface TransferValue {
  /**
   * The name of the member, as docs/export-file.md has it; of a setting its name. `duration`, which is in no file, is how long a
   * connection lasts here, and how long it would after the import. Each text of `sites` begins with the product and ` · `.
   */
  readonly member: string;
  readonly mine?: readonly string[];
  readonly theirs?: readonly string[];
  /** What `theirs` is when the row with the id `with` is imported, too. */
  readonly otherwise?: { readonly with: string; readonly theirs: readonly string[] };
}

/**
 * What a person should know of an entry before it is imported.
 * - `secret-missing`: the file has no secret for the client, and none is stored.
 * - `new-key-pair`: the client gets a new RSA key pair; private keys are not exported.
 * - `new-callback-url`: the client has another callback URL in this browser.
 * - `renamed`: another client has its name.
 * - `waits-for-sign-in`: the connection is suspended until its accounts have signed in here.
 * - `managed`: only the secret of the client is imported; the organization's policy sets its other members.
 * - `sites-left-out`: sites of the connection whose account or client cannot be taken are left out.
 */
export type TransferNote =
  | 'secret-missing'
  | 'new-key-pair'
  | 'new-callback-url'
  | 'renamed'
  | 'waits-for-sign-in'
  | 'managed'
  | 'sites-left-out';

/**
 * Why an entry cannot be imported.
 * - `invalid`: its members are not valid, see `problems`.
 * - `managed`: the organization's policy gives the client, which differs.
 * - `no-site`: no site of the connection can be taken.
 * - `blocked`: the organization's policy blocks the origin.
 * - `http-forbidden`: the client uses plain http, which the settings forbid, and no setting of the file allows it.
 * - `http-managed`: the client uses plain http, which the organization's policy forbids.
 */
export type TransferObstacle =
  'invalid' | 'managed' | 'no-site' | 'blocked' | 'http-forbidden' | 'http-managed';

/** One entry of an export, compared with what is stored. */
export interface TransferRow {
  /** Identifies it in its preview. */
  readonly id: string;
  readonly kind: 'client' | 'setting' | 'grant' | 'denials';
  /** The name of the client or of the setting, the origin of the connection, how many denials. */
  readonly name: string;
  /** The provider type of a client, which decides what its members are called. */
  readonly type?: ProviderType;
  readonly state: 'new' | 'differs' | 'same' | 'impossible';
  /** With `differs` what differs, with `new` what it contains. */
  readonly values: readonly TransferValue[];
  readonly notes: readonly TransferNote[];
  readonly obstacle?: TransferObstacle;
  readonly problems?: readonly FieldProblem[];
  /**
   * Ids of rows of which at least one has to be imported with it, when nothing stored takes their place: the clients of a
   * connection, the setting that allows the plain http of a client.
   */
  readonly needs?: readonly string[];
  /** The id of a row that cannot be imported with it: the setting that forbids the plain http of a client. */
  readonly excludes?: string;
}

/** Whether a row can be imported and would change something. */
export function isTakeable({ state }: Pick<TransferRow, 'state'>): boolean {
  return state === 'new' || state === 'differs';
}

/** Whether a row is a client whose secret the person can type, because the file has none and none is stored. */
export function lacksSecret({ notes }: Pick<TransferRow, 'notes'>): boolean {
  return notes.includes('secret-missing');
}

/** Whether a row can be imported with the taken ones. */
export function isImportableWith(
  { needs, excludes }: Pick<TransferRow, 'needs' | 'excludes'>,
  taken: ReadonlySet<string>,
): boolean {
  if (excludes !== undefined && taken.has(excludes)) return false;
  return needs === undefined || needs.some((id) => taken.has(id));
}

/** The ids of the chosen rows that can be imported together: without those that need or exclude another. */
export function importableRows(
  rows: readonly TransferRow[],
  chosen: ReadonlySet<string>,
): ReadonlySet<string> {
  const left = new Set(
    rows.filter((row) => chosen.has(row.id) && isImportableWith(row, chosen)).map(({ id }) => id),
  );
  return left.size === chosen.size ? left : importableRows(rows, left);
}

/** What an import of a file would change. */
export interface TransferPreview {
  /** When the file was exported, in epoch milliseconds. */
  readonly madeAtMs: number;
  /** Identifies the preview: it is another one when anything that it shows has changed. */
  readonly digest: string;
  readonly rows: readonly TransferRow[];
}

/** The rows of a preview to import. */
export interface ChosenRows {
  readonly digest: string;
  /** Their ids. */
  readonly taken: readonly string[];
  /** What the person typed for taken clients that {@link lacksSecret | lack a secret}; `id` is that of the row. */
  readonly secrets?: readonly { readonly id: string; readonly clientSecret: string }[];
}

/** An export. */
export interface TransferFile {
  readonly bytes: ArrayBuffer;
  /** Clients whose secret cannot be decrypted and is not in the file. */
  readonly withoutSecret: readonly string[];
}

/** What an import changed. */
export interface TransferResult {
  /** How many entries were taken. */
  readonly taken: number;
  /** Match patterns to request: pages of imported connections whose host the browser does not allow. */
  readonly missingHostPatterns: readonly string[];
}
