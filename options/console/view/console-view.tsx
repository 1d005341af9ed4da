import { Button } from '#ui/controls/button.tsx';
import { t } from '#ui/i18n.ts';
import type { ConsoleField } from '../console-store.ts';
import { CallFields } from './call-fields.tsx';
import { CopyButtons } from './copy-buttons.tsx';
import { Foreseen, type MendingProps } from './foreseen.tsx';
import { RunResult } from './run-result.tsx';
import { SiteField } from './site-field.tsx';

const fieldIds = {
  site: 'console-site',
  path: 'console-path',
  body: 'console-body',
} as const satisfies Record<ConsoleField, string>;

/** The console: sends one call by the rules for pages. */
export function ConsoleView(props: MendingProps) {
  const { store } = props;
  const isRunning = store.run.value?.state === 'running';
  const submit = (): void => {
    const wrong = store.submit();
    if (wrong !== undefined) document.getElementById(fieldIds[wrong])?.focus();
  };
  return (
    <>
      <form
        class="stack console"
        noValidate
        aria-labelledby="console-title"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          submit();
        }}
      >
        <h1 id="console-title">{t('console')}</h1>
        <p class="muted">{t('console_intro')}</p>
        <SiteField store={store} />
        <CallFields store={store} />
        <Foreseen {...props} />
        <div class="row">
          <Button kind="primary" isSubmit aria-disabled={isRunning} title={t('console_send_keys')}>
            {t('console_send')}
          </Button>
          <Button aria-disabled={!isRunning} onClick={store.cancel}>
            {t('cancel')}
          </Button>
          <CopyButtons store={store} />
        </div>
      </form>
      <RunResult store={store} />
    </>
  );
}
