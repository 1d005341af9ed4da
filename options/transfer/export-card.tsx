import { Button } from '#ui/controls/button.tsx';
import { Notice } from '#ui/controls/notice.tsx';
import { listed, t } from '#ui/i18n.ts';
import { FaultNotice } from '#ui/notices/fault-notice.tsx';
import type { ClientView } from '#wire/views.ts';
import type { ExportStore } from './export-store.ts';
import { PassphraseField, ShowPassphrase } from './passphrase-field.tsx';

interface ExportCardProps {
  readonly store: ExportStore;
  readonly clients: readonly ClientView[];
}

/** Exports everything but sessions. */
export function ExportCard({ store, clients }: ExportCardProps) {
  const { problem, strength, isShown } = store;
  const signing = clients.filter(({ publicKeyPem }) => publicKeyPem !== undefined);
  const run = async (): Promise<void> => {
    await store.run();
    if (problem.value === undefined) return;
    const wrong = problem.value === 'not-same' ? 'export-repeated' : 'export-passphrase';
    document.getElementById(wrong)?.focus();
  };
  return (
    <form
      class="card stack"
      noValidate
      aria-labelledby="export-title"
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      <h2 id="export-title">{t('transfer_export')}</h2>
      <PassphraseField
        id="export-passphrase"
        label={t('transfer_passphrase')}
        value={store.passphrase.value}
        isShown={isShown.value}
        hint={t(hintOf(strength.value))}
        problem={problemOf(problem.value)}
        onInput={store.type}
      />
      <PassphraseField
        id="export-repeated"
        label={t('transfer_repeat')}
        value={store.repeated.value}
        isShown={isShown.value}
        problem={problem.value === 'not-same' ? t('transfer_not_same') : undefined}
        onInput={store.repeat}
      />
      <ShowPassphrase label={t('transfer_show')} isShown={isShown.value} onChange={store.show} />
      {signing.length === 0 ? null : (
        <p class="muted small">
          {t('transfer_keys_stay', listed(signing.map(({ name }) => name)))}
        </p>
      )}
      <FaultNotice fault={store.fault.value} />
      <Exported store={store} />
      <div class="row">
        <Button kind="primary" isSubmit aria-busy={store.isBusy.value}>
          {t('transfer_export')}
        </Button>
      </div>
    </form>
  );
}

function hintOf(strength: ExportStore['strength']['value']) {
  if (strength === 'enough') return 'transfer_strength_enough';
  return strength === 'long' ? 'transfer_strength_long' : 'transfer_hint';
}

/** What is wrong with the passphrase itself. */
function problemOf(problem: ExportStore['problem']['value']) {
  if (problem === 'too-short') return t('transfer_too_short');
  return problem === 'too-long' ? t('transfer_too_long') : undefined;
}

function Exported({ store }: Pick<ExportCardProps, 'store'>) {
  const exported = store.exported.value;
  if (exported === undefined) return null;
  const { fileName, withoutSecret } = exported;
  return (
    <Notice>
      <p>{t('transfer_exported', fileName)}</p>
      {withoutSecret.length === 0 ? null : (
        <p>{t('transfer_without_secret', listed(withoutSecret))}</p>
      )}
    </Notice>
  );
}
