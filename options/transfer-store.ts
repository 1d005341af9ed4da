import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { ClientId } from '../extension/core/client-configuration.ts';
import { fault as faultOf, toFault, type Fault } from '../extension/core/fault.ts';
import type { Attempts } from '../extension/ui/attempts.ts';
import type { Send } from '../extension/wire/send.ts';

/** The largest file that is read, in bytes; the worker takes no more either. */
const largestFileBytes = 1_048_576;

/** What import and export need of the world. */
export interface TransferPorts {
  readonly send: Send;
  /** Hands a text to the person as a file. */
  readonly download: (fileName: string, text: string) => void;
}

/** Bringing clients in and out. */
export interface TransferStore {
  readonly isImportOpen: ReadonlySignal<boolean>;
  /** What was pasted, or read from the file; kept when the import fails. */
  readonly text: Signal<string>;
  readonly fault: ReadonlySignal<Fault | undefined>;
  /** Names of the clients that came in last. */
  readonly imported: ReadonlySignal<readonly string[] | undefined>;
  readonly openImport: () => void;
  readonly closeImport: () => void;
  readonly readFile: (file: Pick<File, 'size' | 'text'>) => Promise<void>;
  readonly runImport: () => Promise<void>;
  /** One client, or all of them. */
  readonly runExport: (id?: ClientId) => Promise<void>;
}

/** See {@link TransferStore}. */
export function createTransferStore(
  { send, download }: TransferPorts,
  { attempt }: Attempts,
  reload: () => Promise<void>,
): TransferStore {
  const isImportOpen = signal(false);
  const text = signal('');
  const fault = signal<Fault | undefined>(undefined);
  const imported = signal<readonly string[] | undefined>(undefined);

  function open(isOpen: boolean): void {
    isImportOpen.value = isOpen;
    fault.value = undefined;
    imported.value = undefined;
  }

  async function guard(work: () => Promise<void>): Promise<void> {
    fault.value = undefined;
    try {
      await work();
    } catch (thrown) {
      fault.value = toFault(thrown);
    }
  }

  return {
    isImportOpen,
    text,
    fault,
    imported,
    openImport: () => {
      open(true);
    },
    closeImport: () => {
      open(false);
    },
    readFile: async (file) => {
      if (file.size > largestFileBytes) fault.value = faultOf('invalid_import');
      else await guard(async () => void (text.value = await file.text()));
    },
    runImport: () =>
      guard(async () => {
        const { created } = await send('client.import', { json: text.value });
        open(false);
        text.value = '';
        imported.value = created.map(({ name }) => name);
        await reload();
      }),
    runExport: async (id) => {
      await attempt('export', async () => {
        const { json } = await send('client.export', id === undefined ? {} : { ids: [id] });
        download('threelo-clients.json', json);
      });
    },
  };
}
