import { incomingLinkSteps } from '#core/provider/application-link.ts';
import {
  dataCenterProducts,
  dataCenterFacts,
  type DataCenterProduct,
} from '#core/provider/data-center.ts';
import { profileOf } from '#core/provider/provider-profile.ts';
import { providerTexts } from '#core/provider/provider-texts.ts';
import type { ProviderType } from '#core/provider/provider-type.ts';
import { CopyableText } from '#ui/controls/copyable-text.tsx';
import { t, type MessageKey } from '#ui/i18n.ts';
import type { EditorStore } from '../editor-store.ts';

interface CallbackUrlProps {
  readonly editor: EditorStore;
  /** Resolves to whether the text was copied. */
  readonly copyText: (text: string) => Promise<boolean>;
}

/** The callback URL that is registered with the app, and how to register it. */
export function CallbackUrl({ editor, copyText }: CallbackUrlProps) {
  return (
    <section class="card stack editor-callback" aria-labelledby="callback-title">
      <h2 id="callback-title">{t('callback_title')}</h2>
      <CopyableText
        id="callback-url"
        label={t('callback_url')}
        value={editor.redirectUri.value}
        rows={4}
        placeholder={callbackPlaceholder(editor.draft.value.type)}
        copyText={copyText}
      />
      <Registration editor={editor} />
    </section>
  );
}

/** The placeholder of an unknown callback URL: names the field that it is derived from. */
export function callbackPlaceholder(type: ProviderType): string {
  const { endpointSource, protocol } = profileOf(type);
  const ownField = protocol === 'oauth1' ? 'authorize_url' : 'authorization_endpoint';
  return t('callback_unknown', t(endpointSource === 'base-url' ? 'base_url' : ownField));
}

/** Where and how the callback URL is registered. */
function Registration({ editor }: Pick<CallbackUrlProps, 'editor'>) {
  const { type, product } = editor.draft.value;
  const { endpointSource } = profileOf(type);
  const { consoleUrl } = providerTexts[type];
  if (endpointSource === 'base-url')
    return <AdminSteps product={product ?? dataCenterProducts[0]} />;
  const isCloud = endpointSource === 'cloud';
  return (
    <>
      <p class="small">
        {t(isCloud ? 'callback_hint' : 'callback_hint_provider')}{' '}
        {consoleUrl === undefined ? null : (
          <a href={consoleUrl} target="_blank" rel="noreferrer">
            {t(isCloud ? 'developer_console' : 'provider_console')}
          </a>
        )}
      </p>
      <p class="small">{t('own_organization')}</p>
      {isCloud ? (
        <details class="small">
          <summary>{t('consent_hints')}</summary>
          <ul class="steps">
            <li>{t('cause_sharing')}</li>
            <li>{t('cause_callback')}</li>
            <li>{t('cause_scopes')}</li>
            <li>{t('cause_site')}</li>
          </ul>
        </details>
      ) : null}
    </>
  );
}

/** What an administrator of a Data Center product does to register the client, in order. */
function AdminSteps({ product }: { readonly product: DataCenterProduct }) {
  const { label, firstVersion } = dataCenterFacts[product];
  return (
    <>
      <p class="small">{t('admin_steps', `${label} ${firstVersion}`)}</p>
      <ol class="steps small">
        {incomingLinkSteps(product).map((step) => (
          <li key={step}>{t(step as MessageKey)}</li>
        ))}
      </ol>
    </>
  );
}
