import { signatureMethodOf } from '#core/client/client-configuration.ts';
import { applicationLinkSteps } from '#core/provider/application-link.ts';
import type { ProviderType } from '#core/provider/provider-type.ts';
import { CopyableText } from '#ui/controls/copyable-text.tsx';
import { t } from '#ui/i18n.ts';
import type { ClientView } from '#wire/views.ts';
import { consumerInfo, type ConsumerInfoField } from '../consumer-info.ts';
import type { EditorStore } from '../editor-store.ts';
import { Group } from '../fields/group.tsx';
import { callbackPlaceholder } from './callback-url.tsx';

interface ConsumerInfoViewProps {
  readonly editor: EditorStore;
  /** The saved client; absent for a new one. */
  readonly saved: ClientView | undefined;
  readonly copyText: (text: string) => Promise<boolean>;
}

/** *Consumer info*: the values to paste where the consumer is registered, and the steps there. */
export function ConsumerInfoView({ editor, saved, copyText }: ConsumerInfoViewProps) {
  const { type, name, clientId, description } = editor.draft.value;
  const isLink = type === 'application-link';
  const isRsa = signatureMethodOf(editor.draft.value) === 'RSA-SHA1';
  const lines = consumerInfo({
    name,
    description,
    consumerKey: clientId,
    isRsa,
    publicKeyPem: saved?.publicKeyPem ?? '',
    callbackUrl: editor.redirectUri.value ?? '',
  });
  return (
    <Group title={t('consumer_info')}>
      <p class="small">{t(isLink ? 'consumer_info_link' : 'consumer_info_provider')}</p>
      {isLink ? (
        <ol class="steps small">
          {applicationLinkSteps.map((step) => (
            <li key={step}>{t(step)}</li>
          ))}
        </ol>
      ) : null}
      {lines.map(({ field, value }) => (
        <CopyableText
          key={field}
          id={field === 'callbackUrl' ? 'callback-url' : `consumer-${field}`}
          label={t(field === 'callbackUrl' ? 'callback_url' : `consumer_info_${field}`)}
          value={value === '' ? undefined : value}
          placeholder={placeholderOf(field, type)}
          {...(field === 'publicKey' ? { rows: 9 } : {})}
          copyText={copyText}
        />
      ))}
    </Group>
  );
}

function placeholderOf(field: ConsumerInfoField, type: ProviderType): string {
  if (field === 'callbackUrl') return callbackPlaceholder(type);
  return t(field === 'publicKey' ? 'public_key_unknown' : 'consumer_info_unknown');
}
