import { t } from '#ui/i18n.ts';
import type { ClientView } from '#wire/views.ts';
import { ExportCard } from './export-card.tsx';
import type { ExportStore } from './export-store.ts';
import { ImportCard } from './import-card.tsx';
import type { ImportStore } from './import-store.ts';

interface TransferViewProps {
  readonly store: { readonly exporting: ExportStore; readonly importing: ImportStore };
  readonly clients: readonly ClientView[];
}

/** Moves everything but sessions to another profile. */
export function TransferView({ store, clients }: TransferViewProps) {
  return (
    <>
      <h1>{t('transfer')}</h1>
      <p class="muted">{t('transfer_intro')}</p>
      <ExportCard store={store.exporting} clients={clients} />
      <ImportCard store={store.importing} />
    </>
  );
}
