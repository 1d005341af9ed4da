import type { FieldProblem } from '../values/fault.ts';

/** A value of an entry, as texts, each of which is one of several: here and in the file. Neither for a secret, which is never shown. */
export interface TransferValue {
  /** The name of the member, as docs/export-file.md has it; of a setting its name. */
  readonly member: string;
  readonly mine?: readonly string[];
  readonly theirs?: readonly string[];
}

/**
 * What a person should know of an entry before it is imported.
 * - `secret-missing`: the file has no secret for the client, and none is stored.
 * - `new-key-pair`: the client gets a new RSA key pair; private keys are not exported.
 * - `new-callback-url`: the client has another callback URL in this browser.
 * - `renamed`: another client has its name.
 * - `waits-for-sign-in`: the connection sleeps until its accounts have signed in here.
 * - `sites-left-out`: sites of the connection whose account or client cannot be taken are left out.
 */
export type TransferNote =
  | 'secret-missing'
  | 'new-key-pair'
  | 'new-callback-url'
  | 'renamed'
  | 'waits-for-sign-in'
  | 'sites-left-out';

/**
 * Why an entry cannot be imported: its members are not valid, see `problems`; no site of the connection can be taken; the
 * organization's policy blocks its origin.
 */
export type TransferObstacle = 'invalid' | 'no-site' | 'blocked';

/** One entry of an export, compared with what is stored. */
export interface TransferRow {
  /** Identifies it in its preview. */
  readonly id: string;
  readonly kind: 'client' | 'setting' | 'grant' | 'denials';
  /** The name of the client or of the setting, the origin of the connection, how many denials. */
  readonly name: string;
  readonly state: 'new' | 'differs' | 'same' | 'impossible';
  /** With `differs` what differs, with `new` what it contains. */
  readonly values: readonly TransferValue[];
  readonly notes: readonly TransferNote[];
  readonly obstacle?: TransferObstacle;
  readonly problems?: readonly FieldProblem[];
}

/** What an import of a file would change. */
export interface TransferPreview {
  /** When the file was exported, in epoch milliseconds. */
  readonly madeAtMs: number;
  /** Identifies the preview: it is another one when anything that it shows has changed. */
  readonly digest: string;
  readonly rows: readonly TransferRow[];
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
