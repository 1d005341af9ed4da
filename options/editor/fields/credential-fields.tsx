import { clientAuthenticationOf } from '#core/client/client-configuration.ts';
import { profileOf } from '#core/provider/provider-profile.ts';
import { SelectField } from '#ui/controls/select-field.tsx';
import { t } from '#ui/i18n.ts';
import { memberLabel } from '../../members/member-label.ts';
import type { EditorStore } from '../editor-store.ts';
import { EditorText } from './editor-text.tsx';

/** The client ID, the client secret and the method of client authentication. */
export function CredentialFields({ editor }: { readonly editor: EditorStore }) {
  const { draft, original } = editor;
  const method = clientAuthenticationOf(draft.value);
  const methods = profileOf(draft.value.type).clientAuthentication;
  const hasSecret = original?.hasSecret === true;
  return (
    <>
      <EditorText editor={editor} field="clientId" isRequired isCode />
      {methods.length === 1 ? null : (
        <SelectField
          id="client-clientAuthentication"
          label={memberLabel('clientAuthentication', draft.value.type)}
          value={method}
          choices={methods.map((each) => [each, t(`authentication_${each}`)])}
          onChoose={(clientAuthentication) => {
            editor.set({ clientAuthentication });
          }}
          hint={t('client_authentication_hint')}
        />
      )}
      <EditorText
        editor={editor}
        field="clientSecret"
        type="password"
        isRequired={!hasSecret && method !== 'none'}
        placeholder={hasSecret ? t('secret_kept') : undefined}
        {...(method === 'none' ? { hint: t('secret_not_sent') } : {})}
      />
    </>
  );
}
