import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { ClientId } from '../../extension/core/client/client-configuration.ts';
import {
  maxClientsJsonLength,
  maxPostmanFileLength,
} from '../../extension/core/import/import-limits.ts';
import { toFault } from '../../extension/core/values/fault.ts';
import type { PendingActions } from '../../extension/ui/state/pending-actions.ts';
import type { Send } from '../../extension/wire/send.ts';
import type { ClientView } from '../../extension/wire/views.ts';
import { importFormatOf, type ImportFormat } from './import-format.ts';
import { createImportSource, type ImportSource } from './import-source.ts';
import { createPostmanStore, type PostmanStore, type ImportFailure } from './postman-store.ts';

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
  readonly source: ImportSource;
  /** What the text is meant to be; undefined when it is not JSON. */
  readonly format: ReadonlySignal<ImportFormat | undefined>;
  /** Why the last import of `clients` failed; a collection has its own. */
  readonly refusal: ReadonlySignal<ImportFailure | undefined>;
  readonly postman: PostmanStore;
  /** Names of the clients that came in last. */
  readonly imported: ReadonlySignal<readonly string[] | undefined>;
  readonly openImport: () => void;
  readonly closeImport: () => void;
  /** Imports a text that is no collection. */
  readonly runImport: () => Promise<void>;
  /** One client, or all of them. */
  readonly runExport: (id?: ClientId) => Promise<void>;
}

/** See {@link TransferStore}. */
export function createTransferStore(
  { send, download }: TransferPorts,
  { run }: PendingActions,
  reload: () => Promise<void>,
): TransferStore {
  const isImportOpen = signal(false);
  const source = createImportSource();
  const refused = signal<{ readonly text: string; readonly why: ImportFailure } | undefined>(
    undefined,
  );
  const imported = signal<readonly string[] | undefined>(undefined);

  function open(isOpen: boolean): void {
    isImportOpen.value = isOpen;
    refused.value = undefined;
    imported.value = undefined;
  }

  async function finish(created: readonly ClientView[]): Promise<void> {
    open(false);
    source.type('');
    imported.value = created.map(({ name }) => name);
    await reload();
  }

  async function importClients(json: string): Promise<ImportFailure | undefined> {
    if (json.length > maxClientsJsonLength) return { problem: 'too_large' };
    if (importFormatOf(json) === undefined) return { problem: 'json_invalid' };
    try {
      await finish((await send('client.import', { json })).created);
      return undefined;
    } catch (thrown) {
      return { fault: toFault(thrown) };
    }
  }

  return {
    isImportOpen,
    source,
    format: computed(() => formatOf(source.text.value)),
    refusal: computed(() =>
      refused.value?.text === source.text.value ? refused.value.why : undefined,
    ),
    postman: createPostmanStore({ send, collection: source, onImported: finish }),
    imported,
    openImport: () => {
      open(true);
    },
    closeImport: () => {
      open(false);
    },
    runImport: async () => {
      refused.value = undefined;
      const text = source.text.value;
      const why = await importClients(text);
      if (why !== undefined) refused.value = { text, why };
    },
    runExport: async (id) => {
      await run('export', async () => {
        const { json } = await send('client.export', id === undefined ? {} : { ids: [id] });
        download('threelo-clients.json', json);
      });
    },
  };
}

function formatOf(text: string): ImportFormat | undefined {
  return text.length > maxPostmanFileLength ? undefined : importFormatOf(text);
}
