import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { ClientId } from '#core/client/client-configuration.ts';
import {
  exportClients,
  importClients,
  type ExportedClient,
} from '#core/import/client-interchange.ts';
import { maxClientsJsonLength, maxPostmanFileLength } from '#core/import/import-limits.ts';
import { BrokerError, toFault } from '#core/values/fault.ts';
import type { PendingActions } from '#ui/state/pending-actions.ts';
import type { Send } from '#wire/send.ts';
import type { ClientView } from '#wire/views.ts';
import { importFormatOf, type ImportFormat } from './import-format.ts';
import { createImportSource, type ImportSource } from './import-source.ts';
import {
  createPostmanStore,
  createTextBound,
  type PostmanStore,
  type ImportFailure,
} from './postman-store.ts';

/** Dependencies of import and export. */
export interface TransferPorts {
  readonly send: Send;
  /** Downloads a text as a file. */
  readonly download: (fileName: string, text: string) => void;
}

/** State and actions of import and export. */
export interface TransferStore {
  readonly isImportOpen: ReadonlySignal<boolean>;
  /** The text that was pasted or read from a file; kept if the import fails. */
  readonly source: ImportSource;
  /** The format of the text; undefined if it is not JSON. */
  readonly format: ReadonlySignal<ImportFormat | undefined>;
  /** Why the last import in the format `clients` failed; `postman` has its own. */
  readonly failure: ReadonlySignal<ImportFailure | undefined>;
  readonly postman: PostmanStore;
  /** The clients of the last import. */
  readonly imported: ReadonlySignal<readonly ClientView[] | undefined>;
  readonly openImport: () => void;
  readonly closeImport: () => void;
  /** Imports a text in the format `clients`. */
  readonly runImport: () => Promise<void>;
  /** Exports one client, or all clients. */
  readonly runExport: (id?: ClientId) => Promise<void>;
}

export function createTransferStore(
  { send, download }: TransferPorts,
  { run }: PendingActions,
  {
    clients,
    reload,
  }: {
    readonly clients: ReadonlySignal<readonly ClientView[] | undefined>;
    readonly reload: () => Promise<void>;
  },
): TransferStore {
  const isImportOpen = signal(false);
  const source = createImportSource();
  const failure = createTextBound<string, ImportFailure>(source.text);
  const imported = signal<readonly ClientView[] | undefined>(undefined);

  function open(isOpen: boolean): void {
    isImportOpen.value = isOpen;
    failure.clear();
    imported.value = undefined;
  }

  async function finish(created: readonly ClientView[]): Promise<void> {
    open(false);
    source.type('');
    imported.value = created;
    await reload();
  }

  const takenNames = (): string[] => (clients.peek() ?? []).map(({ name }) => name);

  async function importJson(json: string): Promise<ImportFailure | undefined> {
    if (json.length > maxClientsJsonLength) return { problem: 'too_large' };
    if (importFormatOf(json) === undefined) return { problem: 'json_invalid' };
    try {
      const drafts = importClients(json, takenNames());
      await finish((await send('client.import', { clients: drafts })).created);
      return undefined;
    } catch (thrown) {
      return { fault: toFault(thrown) };
    }
  }

  return {
    isImportOpen,
    source,
    format: computed(() => {
      const { value: text } = source.text;
      return text.length > maxPostmanFileLength ? undefined : importFormatOf(text);
    }),
    failure: failure.value,
    postman: createPostmanStore({ send, collection: source, takenNames, onImported: finish }),
    imported,
    openImport: () => {
      open(true);
    },
    closeImport: () => {
      open(false);
    },
    runImport: async () => {
      failure.clear();
      const text = source.text.value;
      const reason = await importJson(text);
      if (reason !== undefined) failure.set(text, reason);
    },
    runExport: async (id) => {
      await run('export', () => {
        const chosen = (clients.peek() ?? []).filter((one) => id === undefined || one.id === id);
        if (chosen.length === 0) throw new BrokerError('not_found', { subject: 'client' });
        download('threelo-clients.json', exportClients(chosen.map(exported)));
        return Promise.resolve();
      });
    },
  };
}

function exported(client: ClientView): ExportedClient {
  return { ...client, redirectUriSuffix: client.redirectUri.replace(/^.*\//u, '') };
}
