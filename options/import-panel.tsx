import { Button } from '../extension/ui/button.tsx';
import { FaultMessage } from '../extension/ui/fault-message.tsx';
import { t } from '../extension/ui/i18n.ts';
import { Notice } from '../extension/ui/notice.tsx';
import type { OptionsStore } from './store.ts';

/** A file or a pasted text becomes clients. */
export function ImportPanel({ store }: { readonly store: OptionsStore }) {
  const { isImportOpen, text, fault, readFile, runImport, closeImport } = store.transfer;
  if (!isImportOpen.value) return null;
  return (
    <section class="card stack" aria-labelledby="import-title">
      <h2 id="import-title">{t('import_title')}</h2>
      <p class="muted">{t('import_hint')}</p>
      <div class="field">
        <label for="import-file">{t('import_file')}</label>
        <input
          id="import-file"
          type="file"
          accept=".json,application/json"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            if (file !== undefined) void readFile(file);
          }}
        />
      </div>
      <div class="field">
        <label for="import-text">{t('import_text')}</label>
        <textarea
          id="import-text"
          class="input input-code"
          spellcheck={false}
          autocomplete="off"
          value={text.value}
          onInput={(event) => {
            text.value = event.currentTarget.value;
          }}
        />
      </div>
      {fault.value === undefined ? null : (
        <Notice tone="error">
          <FaultMessage fault={fault.value} />
        </Notice>
      )}
      <div class="row">
        <Button kind="primary" disabled={text.value.trim() === ''} onClick={() => void runImport()}>
          {t('import')}
        </Button>
        <Button onClick={closeImport}>{t('cancel')}</Button>
      </div>
    </section>
  );
}
