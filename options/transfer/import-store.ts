import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { maxFileBytes, readExportFile } from '#core/transfer/export-file.ts';
import {
  importableRows,
  isTakeable,
  lacksSecret,
  type TransferPreview,
  type TransferResult,
  type TransferRow,
} from '#core/transfer/transfer-preview.ts';
import { isPassphrase } from '#core/transfer/passphrase.ts';
import { BrokerError, type Fault } from '#core/values/fault.ts';
import { createPendingActions } from '#ui/state/pending-actions.ts';
import { toggled } from '#ui/state/toggled.ts';
import type { Send } from '#wire/send.ts';
import { createTypedSecrets, type TypedSecrets } from '../members/typed-secrets.ts';

/** Dependencies of the import. */
export interface ImportPorts {
  readonly send: Send;
  /** Only works within a click, before any `await`. */
  readonly requestHostPatterns: (patterns: readonly string[]) => Promise<boolean>;
}

/** The members of a file that are read. */
type ExportedFile = Pick<File, 'size' | 'arrayBuffer'>;

/** An import from the choice of its file to what came of it. */
export interface ImportStore {
  /** Whether a file was chosen that is no damaged one. */
  readonly isFileChosen: ReadonlySignal<boolean>;
  readonly passphrase: ReadonlySignal<string>;
  /** No file has a passphrase of this length. */
  readonly isTooLong: ReadonlySignal<boolean>;
  readonly isShown: ReadonlySignal<boolean>;
  readonly preview: ReadonlySignal<TransferPreview | undefined>;
  /** The ids of the rows to import: the chosen ones that can be imported together. */
  readonly taken: ReadonlySignal<ReadonlySet<string>>;
  /** The typed secrets of clients whose file has none, by the id of the row; erased when another file or passphrase is tried. */
  readonly secrets: TypedSecrets<string>;
  readonly result: ReadonlySignal<TransferResult | undefined>;
  readonly fault: ReadonlySignal<Fault | undefined>;
  readonly isBusy: ReadonlySignal<boolean>;
  readonly choose: (file: ExportedFile) => Promise<void>;
  readonly type: (passphrase: string) => void;
  readonly show: (isShown: boolean) => void;
  readonly look: () => Promise<void>;
  readonly toggle: (id: string) => void;
  /** Takes all that can be taken from the file, or nothing. */
  readonly takeAll: (isTaken: boolean) => void;
  readonly run: () => Promise<void>;
  /** Requests the hosts of imported connections. Only works within a click. */
  readonly allowHosts: () => Promise<void>;
}

export function createImportStore(
  { send, requestHostPatterns }: ImportPorts,
  reload: () => Promise<void>,
): ImportStore {
  const { run, fault, running, dismiss } = createPendingActions();
  const file = signal<ArrayBuffer | undefined>(undefined);
  const passphrase = signal('');
  const isTooLong = computed(() => !isPassphrase(passphrase.value));
  const isShown = signal(false);
  const result = signal<TransferResult | undefined>(undefined);
  const { show, forget, chosenRows, ...shown } = createPreviewChoice();
  const load = async (): Promise<void> => {
    if (file.value === undefined) return;
    show(await send('transfer.preview', { file: file.value, passphrase: passphrase.value }));
  };
  const finish = (done: TransferResult): void => {
    result.value = done;
    file.value = undefined;
    passphrase.value = '';
    isShown.value = false;
    forget();
  };
  return {
    isFileChosen: computed(() => file.value !== undefined),
    passphrase,
    isTooLong,
    isShown,
    ...shown,
    result,
    fault,
    isBusy: computed(() => running.value.size > 0),
    choose: async (exported) => {
      file.value = undefined;
      result.value = undefined;
      forget();
      await run('choose', async () => {
        file.value = await bytesOf(exported);
      });
    },
    type: (typed) => {
      passphrase.value = typed;
      // A fault of an import names rows of its preview.
      if (shown.preview.value !== undefined) dismiss();
      forget();
    },
    show: (isOn) => {
      isShown.value = isOn;
    },
    look: async () => {
      forget();
      if (!isTooLong.value) await run('look', load);
    },
    run: async () => {
      const [bytes, rows] = [file.value, chosenRows()];
      if (bytes === undefined || rows === undefined) return;
      const body = { file: bytes, passphrase: passphrase.value, ...rows };
      const isDone = await run('import', async () => {
        finish(await send('transfer.import', body));
      });
      if (isDone) await reload();
      // The fault is shown above the new preview.
      else if (fault.value?.code === 'preview_outdated') await load().catch(() => undefined);
    },
    allowHosts: async () => {
      const done = result.value;
      if (done !== undefined && (await requestHostPatterns(done.missingHostPatterns)))
        result.value = { ...done, missingHostPatterns: [] };
      await reload();
    },
  };
}

/** The preview of a file, what the person chose of it, and the secrets that the person typed. */
function createPreviewChoice() {
  const preview = signal<TransferPreview | undefined>(undefined);
  const chosen = signal<ReadonlySet<string>>(new Set());
  const taken = computed(() => importableRows(preview.value?.rows ?? [], chosen.value));
  const secrets = createTypedSecrets<string>();
  const show = (found: TransferPreview | undefined): void => {
    preview.value = found;
    chosen.value = idsOf(found, ({ state }) => state === 'new');
  };
  return {
    preview,
    taken,
    secrets,
    /** Shows the file again, as it compares now. What was typed is kept. */
    show,
    forget: () => {
      show(undefined);
      secrets.forget();
    },
    toggle: (id: string) => {
      chosen.value = toggled(chosen.value, id);
    },
    takeAll: (isTaken: boolean) => {
      chosen.value = idsOf(preview.value, (row) => isTaken && isTakeable(row));
    },
    /** What is to be imported; undefined without a preview. */
    chosenRows: () => {
      if (preview.value === undefined) return undefined;
      const { rows, digest } = preview.value;
      // What was typed for a client that has a secret by now is not sent.
      const lacking = rows.filter((row) => taken.value.has(row.id) && lacksSecret(row));
      const typed = secrets.filled(lacking.map(({ id }) => id));
      return {
        digest,
        taken: [...taken.value],
        secrets: typed.map(([id, clientSecret]) => ({ id, clientSecret })),
      };
    },
  };
}

function idsOf(
  preview: TransferPreview | undefined,
  isWanted: (row: TransferRow) => boolean,
): ReadonlySet<string> {
  return new Set(preview?.rows.filter(isWanted).map(({ id }) => id));
}

/** @throws BrokerError the faults of `readExportFile`, before a passphrase is typed */
async function bytesOf(file: ExportedFile): Promise<ArrayBuffer> {
  if (file.size > maxFileBytes) throw new BrokerError('file_beyond_limits');
  const bytes = await file.arrayBuffer().catch((thrown: unknown) => {
    throw new BrokerError('file_cut', {}, { cause: thrown });
  });
  readExportFile(new Uint8Array(bytes));
  return bytes;
}
