import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { exportFileExtension, exportMimeType } from '#core/transfer/export-file.ts';
import {
  newPassphraseProblem,
  passphraseStrength,
  type PassphraseStrength,
} from '#core/transfer/passphrase.ts';
import type { Fault } from '#core/values/fault.ts';
import { createPendingActions } from '#ui/state/pending-actions.ts';
import type { Send } from '#wire/send.ts';

/** Dependencies of the export. */
export interface ExportPorts {
  readonly send: Send;
  /** Downloads a file. */
  readonly download: (fileName: string, content: string | ArrayBuffer, type?: string) => void;
}

/** What was exported last. */
interface Exported {
  readonly fileName: string;
  /** Clients whose secret is not in the file, because it cannot be decrypted. */
  readonly withoutSecret: readonly string[];
}

/** The passphrases of an export, and its outcome. They are kept nowhere and erased after the export. */
export interface ExportStore {
  readonly passphrase: ReadonlySignal<string>;
  readonly repeated: ReadonlySignal<string>;
  readonly isShown: ReadonlySignal<boolean>;
  readonly strength: ReadonlySignal<PassphraseStrength>;
  /** What is wrong, once an export was tried; that a passphrase is too long, at once. */
  readonly problem: ReadonlySignal<'too-short' | 'too-long' | 'not-same' | undefined>;
  readonly fault: ReadonlySignal<Fault | undefined>;
  readonly isBusy: ReadonlySignal<boolean>;
  readonly exported: ReadonlySignal<Exported | undefined>;
  readonly type: (passphrase: string) => void;
  readonly repeat: (passphrase: string) => void;
  readonly show: (isShown: boolean) => void;
  /** Downloads the export, unless the passphrases have a problem. */
  readonly run: () => Promise<void>;
}

export function createExportStore({ send, download }: ExportPorts): ExportStore {
  const { run, fault, running } = createPendingActions();
  const passphrase = signal('');
  const repeated = signal('');
  const isShown = signal(false);
  const isTried = signal(false);
  const exported = signal<Exported | undefined>(undefined);
  const found = computed(
    () =>
      newPassphraseProblem(passphrase.value) ??
      (passphrase.value === repeated.value ? undefined : 'not-same'),
  );
  const clear = (): void => {
    passphrase.value = '';
    repeated.value = '';
    isShown.value = false;
    isTried.value = false;
  };
  return {
    passphrase,
    repeated,
    isShown,
    strength: computed(() => passphraseStrength(passphrase.value)),
    problem: computed(() =>
      isTried.value || found.value === 'too-long' ? found.value : undefined,
    ),
    fault,
    isBusy: computed(() => running.value.size > 0),
    exported,
    type: (typed) => {
      passphrase.value = typed;
    },
    repeat: (typed) => {
      repeated.value = typed;
    },
    show: (isOn) => {
      isShown.value = isOn;
    },
    run: async () => {
      isTried.value = true;
      exported.value = undefined;
      if (found.value !== undefined) return;
      await run('export', async () => {
        const typed = passphrase.value;
        const { bytes, withoutSecret } = await send('transfer.export', { passphrase: typed });
        const fileName = `threelo-${new Date().toISOString().slice(0, 10)}${exportFileExtension}`;
        download(fileName, bytes, exportMimeType);
        exported.value = { fileName, withoutSecret };
        clear();
      });
    },
  };
}
