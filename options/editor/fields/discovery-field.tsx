import { Button } from '#ui/controls/button.tsx';
import { TextField } from '#ui/controls/field.tsx';
import { Notice } from '#ui/controls/notice.tsx';
import { t } from '#ui/i18n.ts';
import { FaultNotice } from '#ui/notices/fault-notice.tsx';
import type { EditorStore } from '../editor-store.ts';

/** Reads a provider's endpoints from its issuer URL, instead of typing them. */
export function DiscoveryField({ editor }: { readonly editor: EditorStore }) {
  const { typed, type, isRunning, problem, fault, found, run } = editor.discovery;
  const text = typed.value ?? editor.draft.value.issuer ?? '';
  return (
    <>
      <TextField
        id="client-discovery"
        label={t('issuer_url')}
        isCode
        value={text}
        problem={problem.value === undefined ? undefined : t(`discovery_${problem.value}`)}
        hint={t('issuer_url_hint')}
        onInput={type}
      />
      <div class="row">
        <Button
          aria-busy={isRunning.value}
          disabled={text.trim() === ''}
          onClick={() => void run()}
        >
          {t('discover')}
        </Button>
      </div>
      <FaultNotice fault={fault.value} />
      {found.value === undefined ? null : (
        <Notice>
          <p>{t('discovered', found.value.issuer)}</p>
        </Notice>
      )}
    </>
  );
}
