import { Button } from '#ui/controls/button.tsx';
import { Notice } from '#ui/controls/notice.tsx';
import { t, tCount } from '#ui/i18n.ts';
import { FaultNotice } from '#ui/notices/fault-notice.tsx';
import { exportFileExtension } from '#core/transfer/export-file.ts';
import type { ImportStore } from './import-store.ts';
import { faultLabel } from './fault-label.tsx';
import { PassphraseField, ShowPassphrase } from './passphrase-field.tsx';
import { PreviewRows } from './preview-rows.tsx';

/** Imports an export: file and passphrase, then what would change, then what came of it. */
export function ImportCard({ store }: { readonly store: ImportStore }) {
  return (
    <section class="card stack" aria-labelledby="import-title">
      <h2 id="import-title">{t('transfer_import')}</h2>
      <p class="muted">{t('transfer_import_intro')}</p>
      <form
        class="stack"
        noValidate
        aria-labelledby="import-title"
        onSubmit={(event) => {
          event.preventDefault();
          if (store.isTooLong.value) document.getElementById('import-passphrase')?.focus();
          void store.look();
        }}
      >
        <div class="field">
          <label for="import-file">{t('transfer_file')}</label>
          <input
            id="import-file"
            type="file"
            accept={exportFileExtension}
            // Cleared so that choosing another file of the same name is a change.
            onClick={(event) => {
              event.currentTarget.value = '';
            }}
            onChange={(event) => {
              const file = event.currentTarget.files?.[0];
              if (file !== undefined) void store.choose(file);
            }}
          />
        </div>
        <PassphraseField
          id="import-passphrase"
          label={t('transfer_its_passphrase')}
          value={store.passphrase.value}
          isShown={store.isShown.value}
          problem={store.isTooLong.value ? t('transfer_too_long') : undefined}
          onInput={store.type}
        />
        <ShowPassphrase
          label={t('transfer_show_it')}
          isShown={store.isShown.value}
          onChange={store.show}
        />
        <FaultNotice
          fault={store.fault.value}
          labelOf={(field) => faultLabel(field, store.preview.value?.rows)}
        />
        <div class="row">
          <Button isSubmit disabled={!store.isFileChosen.value} aria-busy={store.isBusy.value}>
            {t('transfer_look')}
          </Button>
        </div>
      </form>
      <PreviewRows store={store} />
      <Result store={store} />
    </section>
  );
}

function Result({ store }: { readonly store: ImportStore }) {
  const result = store.result.value;
  if (result === undefined) return null;
  const hosts = result.missingHostPatterns.length;
  return (
    <Notice
      actions={
        hosts === 0 ? null : (
          <Button kind="primary" onClick={() => void store.allowHosts()}>
            {tCount('transfer_allow_hosts', hosts)}
          </Button>
        )
      }
    >
      <p>{tCount('transfer_done', result.taken)}</p>
      {hosts === 0 ? null : <p>{t('transfer_hosts_text')}</p>}
    </Notice>
  );
}
