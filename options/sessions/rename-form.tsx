import { useSignal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';
import { maxLabelLength } from '#core/session/session.ts';
import { visibleText } from '#core/values/visible-text.ts';
import { Button } from '#ui/controls/button.tsx';
import { t } from '#ui/i18n.ts';
import type { SessionRow } from '#wire/list-views.ts';
import type { SessionsStore } from './sessions-store.ts';

interface RenameFormProps {
  readonly row: SessionRow;
  readonly store: SessionsStore;
}

/** The id of the input. */
const inputId = 'session-label';

/** Asks for the person's own name for a session. */
export function RenameForm({ row: { id, account }, store }: RenameFormProps) {
  const text = useSignal(account.label ?? '');
  useLayoutEffect(() => document.getElementById(inputId)?.focus(), []);
  return (
    <form
      class="stack stack-tight session-label"
      onSubmit={(event) => {
        event.preventDefault();
        void store.rename(id, text.value);
      }}
    >
      <label for={inputId}>{t('session_label')}</label>
      <input
        id={inputId}
        class="input"
        type="text"
        autocomplete="off"
        maxLength={maxLabelLength}
        value={text.value}
        placeholder={visibleText(account.name ?? account.email ?? '')}
        aria-describedby={`${inputId}-hint`}
        onInput={(event) => {
          text.value = event.currentTarget.value;
        }}
      />
      <span id={`${inputId}-hint`} class="muted small">
        {t('session_label_hint')}
      </span>
      <div class="row">
        <Button kind="primary" isSubmit>
          {t('save')}
        </Button>
        <Button
          onClick={() => {
            store.ask(undefined);
          }}
        >
          {t('cancel')}
        </Button>
      </div>
    </form>
  );
}
