import type { ComponentChildren } from 'preact';
import { profileOf } from '../../../extension/core/provider/provider-profile.ts';
import type { ProviderType } from '../../../extension/core/provider/provider-type.ts';
import { Disclosure } from '../../../extension/ui/controls/disclosure.tsx';
import { TextField } from '../../../extension/ui/controls/field.tsx';
import { t } from '../../../extension/ui/i18n.ts';
import type { EditorStore } from '../editor-store.ts';
import { anyTenant, tenantOf, withTenant } from '../microsoft-tenant.ts';
import { EditorText } from './editor-text.tsx';
import { CustomEndpoints } from './custom-endpoints.tsx';

/** What a page may want to call there. */
const exampleApis: Readonly<Partial<Record<ProviderType, string>>> = {
  google: 'https://www.googleapis.com',
  microsoft: 'https://graph.microsoft.com/v1.0',
};

interface EndpointFieldsProps {
  readonly editor: EditorStore;
}

/** Where the provider is, as far as its kind does not settle that or can be told otherwise. */
export function EndpointFields({ editor }: EndpointFieldsProps) {
  switch (profileOf(editor.draft.value.type).endpointSource) {
    case 'cloud':
      return <CloudEndpoints editor={editor} />;
    case 'fixed-hosts':
      return <HostedEndpoints editor={editor} />;
    case 'person':
      return <CustomEndpoints editor={editor} />;
    case 'base-url':
      return null;
  }
}

/** Right as they are, but for an isolated cloud, whose hosts are its own. */
function CloudEndpoints({ editor }: EndpointFieldsProps) {
  const { type, apiBase } = editor.draft.value;
  const isGov = type === 'atlassian-gov-cloud';
  return (
    <Folded
      editor={editor}
      title={t(isGov ? 'custom_hosts' : 'endpoints')}
      hint={t(isGov ? 'custom_hosts_hint' : 'endpoints_hint')}
    >
      <TwoEndpoints editor={editor} />
      {isGov || apiBase !== undefined ? (
        <EditorText
          editor={editor}
          field="apiBase"
          label="api_base"
          isCode
          placeholder={profileOf(type).apiBase}
        />
      ) : null}
    </Folded>
  );
}

/** Presets of a provider that everybody reaches at the same hosts. */
function HostedEndpoints({ editor }: EndpointFieldsProps) {
  const { type } = editor.draft.value;
  return (
    <>
      {type === 'microsoft' ? <TenantField editor={editor} /> : null}
      <EditorText
        editor={editor}
        field="apiBase"
        label="api_base"
        isCode
        placeholder={exampleApis[type]}
        hint={t('api_base_hint')}
      />
      <Folded editor={editor} title={t('endpoints')} hint={t('endpoints_hint_preset')}>
        <TwoEndpoints editor={editor} />
      </Folded>
    </>
  );
}

/** The organisation whose accounts may sign in; it is part of both endpoints. */
function TenantField({ editor }: EndpointFieldsProps) {
  const tenant = tenantOf(editor.draft.value);
  if (tenant === undefined) return null;
  return (
    <TextField
      id="client-tenant"
      label={t('tenant')}
      isCode
      value={tenant === anyTenant ? '' : tenant}
      placeholder={anyTenant}
      hint={t('tenant_hint')}
      onInput={(value) => {
        editor.set(withTenant(editor.draft.value, value));
      }}
    />
  );
}

interface FoldedProps extends EndpointFieldsProps {
  readonly title: string;
  readonly hint: string;
  readonly children: ComponentChildren;
}

/** Folded away until one of the addresses within is wrong. */
function Folded({ editor, title, hint, children }: FoldedProps) {
  const { authorizationEndpoint, tokenEndpoint, apiBase } = editor.problems.value;
  const isWrong = [authorizationEndpoint, tokenEndpoint, apiBase].some(
    (problem) => problem !== undefined,
  );
  return (
    <Disclosure title={title} isNeeded={isWrong}>
      <p class="muted small">{hint}</p>
      {children}
    </Disclosure>
  );
}

function TwoEndpoints({ editor }: EndpointFieldsProps) {
  return (
    <>
      <EditorText
        editor={editor}
        field="authorizationEndpoint"
        label="authorization_endpoint"
        isRequired
        isCode
      />
      <EditorText editor={editor} field="tokenEndpoint" label="token_endpoint" isRequired isCode />
    </>
  );
}
