import { pkceMethods } from '../extension/core/provider-type.ts';
import { t } from '../extension/ui/i18n.ts';
import { Notice } from '../extension/ui/notice.tsx';
import { SelectField } from '../extension/ui/select-field.tsx';
import type { EditorStore } from './editor-store.ts';

/** How the PKCE method is spelt; `plain` never without saying what it is worth. */
export function PkceField({ editor }: { readonly editor: EditorStore }) {
  const method = editor.draft.value.pkceMethod ?? pkceMethods[0];
  return (
    <>
      <SelectField
        id="client-pkceMethod"
        label={t('pkce_method')}
        value={method}
        choices={pkceMethods.map((each) => [each, t(`pkce_${each}`)])}
        onChoose={(pkceMethod) => {
          editor.set({ pkceMethod });
        }}
        hint={t('pkce_hint')}
      />
      {method === 'plain' ? (
        <Notice tone="warn">
          <p>{t('pkce_plain_warning')}</p>
        </Notice>
      ) : null}
    </>
  );
}
