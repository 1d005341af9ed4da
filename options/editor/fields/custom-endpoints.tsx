import { profileOf } from '#core/provider/provider-profile.ts';
import { Disclosure } from '#ui/controls/disclosure.tsx';
import { t } from '#ui/i18n.ts';
import { memberLabel } from '../../members/member-label.ts';
import type { EditorStore } from '../editor-store.ts';
import { DiscoveryField } from './discovery-field.tsx';
import { EditorText } from './editor-text.tsx';
import { Group } from './group.tsx';
import { HttpSwitch } from './http-switch.tsx';

/** The endpoints of a provider without presets: the person enters them. */
export function CustomEndpoints({ editor }: { readonly editor: EditorStore }) {
  const isOAuth1 = profileOf(editor.draft.value.type).protocol === 'oauth1';
  return (
    <Group title={t('endpoints')}>
      {isOAuth1 ? (
        <EditorText editor={editor} field="requestTokenEndpoint" isRequired isCode />
      ) : (
        <DiscoveryField editor={editor} />
      )}
      <EndpointPair editor={editor} />
      <EditorText editor={editor} field="apiBase" isCode hint={t('api_base_hint')} />
      {isOAuth1 ? null : <FurtherEndpoints editor={editor} />}
      <HttpSwitch editor={editor} />
    </Group>
  );
}

/** The authorization endpoint and the token endpoint, or the corresponding URLs of OAuth 1.0a. */
export function EndpointPair({ editor }: { readonly editor: EditorStore }) {
  return (
    <>
      <EditorText editor={editor} field="authorizationEndpoint" isRequired isCode />
      <EditorText editor={editor} field="tokenEndpoint" isRequired isCode />
    </>
  );
}

/** Endpoints that a provider may have; open if one of them is set. */
function FurtherEndpoints({ editor }: { readonly editor: EditorStore }) {
  const { type, issuer, revocationEndpoint, userinfoEndpoint, isIssuerInResponses } =
    editor.draft.value;
  const isUsed = [issuer, revocationEndpoint, userinfoEndpoint].some(Boolean);
  return (
    <Disclosure title={t('further_endpoints')} isNeeded={isUsed}>
      <EditorText editor={editor} field="issuer" isCode hint={t('issuer_hint')} />
      <label class="choice">
        <input
          type="checkbox"
          checked={isIssuerInResponses === true}
          onChange={() => {
            editor.set({ isIssuerInResponses: isIssuerInResponses !== true });
          }}
        />
        {memberLabel('isIssuerInResponses', type)}
      </label>
      <EditorText
        editor={editor}
        field="revocationEndpoint"
        isCode
        hint={t('revocation_endpoint_hint')}
      />
      <EditorText
        editor={editor}
        field="userinfoEndpoint"
        isCode
        hint={t('userinfo_endpoint_hint')}
      />
    </Disclosure>
  );
}
