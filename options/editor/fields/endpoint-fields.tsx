import type { ComponentChildren } from 'preact';
import { profileOf } from '#core/provider/provider-profile.ts';
import type { ProviderType } from '#core/provider/provider-type.ts';
import { Disclosure } from '#ui/controls/disclosure.tsx';
import { TextField } from '#ui/controls/field.tsx';
import { t } from '#ui/i18n.ts';
import type { EditorStore } from '../editor-store.ts';
import { anyTenant, tenantOf, withTenant } from '../microsoft-tenant.ts';
import { CustomEndpoints, EndpointPair } from './custom-endpoints.tsx';
import { EditorText } from './editor-text.tsx';

/** Placeholders for the API base. */
const exampleApis: Readonly<Partial<Record<ProviderType, string>>> = {
  google: 'https://www.googleapis.com',
  microsoft: 'https://graph.microsoft.com/v1.0',
};

interface EndpointFieldsProps {
  readonly editor: EditorStore;
}

/** The endpoints of the provider, as far as its type does not determine them. */
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

/** Preset endpoints of an Atlassian cloud; only an isolated cloud needs other hosts. */
function CloudEndpoints({ editor }: EndpointFieldsProps) {
  const { type, apiBase } = editor.draft.value;
  const isGov = type === 'atlassian-gov-cloud';
  return (
    <Collapsed
      editor={editor}
      title={t(isGov ? 'custom_hosts' : 'endpoints')}
      hint={t(isGov ? 'custom_hosts_hint' : 'endpoints_hint')}
    >
      <EndpointPair editor={editor} />
      {isGov || apiBase !== undefined ? (
        <EditorText editor={editor} field="apiBase" isCode placeholder={profileOf(type).apiBase} />
      ) : null}
    </Collapsed>
  );
}

/** Preset endpoints of a provider with the same hosts for everyone. */
function HostedEndpoints({ editor }: EndpointFieldsProps) {
  const { type } = editor.draft.value;
  return (
    <>
      {type === 'microsoft' ? <TenantField editor={editor} /> : null}
      <EditorText
        editor={editor}
        field="apiBase"
        isCode
        placeholder={exampleApis[type]}
        hint={t('api_base_hint')}
      />
      <Collapsed editor={editor} title={t('endpoints')} hint={t('endpoints_hint_preset')}>
        <EndpointPair editor={editor} />
      </Collapsed>
    </>
  );
}

/** The organization whose accounts may sign in; part of both endpoints. */
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

interface CollapsedProps extends EndpointFieldsProps {
  readonly title: string;
  readonly hint: string;
  readonly children: ComponentChildren;
}

/** Collapsed until one of the endpoints inside has a problem. */
function Collapsed({ editor, title, hint, children }: CollapsedProps) {
  const { authorizationEndpoint, tokenEndpoint, apiBase } = editor.problems.value;
  const hasProblem = [authorizationEndpoint, tokenEndpoint, apiBase].some(
    (problem) => problem !== undefined,
  );
  return (
    <Disclosure title={title} isNeeded={hasProblem}>
      <p class="muted small">{hint}</p>
      {children}
    </Disclosure>
  );
}
