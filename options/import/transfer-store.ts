import { signal, type ReadonlySignal } from '@preact/signals';
import type { ClientId } from '#core/client/client-configuration.ts';
import { exportClients, type ExportedClient } from '#core/import/client-interchange.ts';
import { BrokerError } from '#core/values/fault.ts';
import type { PendingActions } from '#ui/state/pending-actions.ts';
import type { Send } from '#wire/send.ts';
import type { ClientView } from '#wire/views.ts';
import { createImportSource, type ImportSource } from './import-source.ts';
import { createPreviewStore, type PreviewStore } from './preview-store.ts';

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
  readonly preview: PreviewStore;
  /** The clients of the last import. */
  readonly imported: ReadonlySignal<readonly ClientView[] | undefined>;
  readonly openImport: () => void;
  readonly closeImport: () => void;
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
  const imported = signal<readonly ClientView[] | undefined>(undefined);

  function open(isOpen: boolean): void {
    isImportOpen.value = isOpen;
    preview.close();
    imported.value = undefined;
  }

  async function finish(created: readonly ClientView[]): Promise<void> {
    open(false);
    source.type('');
    imported.value = created;
    await reload();
  }

  const takenNames = (): string[] => (clients.peek() ?? []).map(({ name }) => name);
  const preview = createPreviewStore({ send, source, takenNames, onImported: finish });

  return {
    isImportOpen,
    source,
    preview,
    imported,
    openImport: () => {
      open(true);
    },
    closeImport: () => {
      open(false);
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
