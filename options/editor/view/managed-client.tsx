import { usesClientSecret } from '#core/client/client-configuration.ts';
import { CodeFact } from '#ui/controls/code-fact.tsx';
import { ManagedMark } from '#ui/lists/managed-mark.tsx';
import { Notice } from '#ui/controls/notice.tsx';
import { t } from '#ui/i18n.ts';
import type { ClientView } from '#wire/views.ts';
import { memberLabel } from '../../members/member-label.ts';
import { typeLabel } from '../../state/type-label.ts';
import type { EditorStore } from '../editor-store.ts';
import { EditorText } from '../fields/editor-text.tsx';
import { Group } from '../fields/group.tsx';

interface ManagedClientProps {
  readonly client: ClientView;
  readonly editor: EditorStore;
}

/** A client that the organization's policy gives: what it is, and the field for a secret that the policy does not give. */
export function ManagedClient({ client, editor }: ManagedClientProps) {
  const { managed, hasSecret, type } = client;
  return (
    <>
      <Notice>
        <ManagedMark />
        <p>{t(managed?.hasSecret === true ? 'managed_client_text' : 'managed_client_secret')}</p>
      </Notice>
      <Group title={t('group_client')}>
        <dl class="facts">
          <dt>{memberLabel('type', type)}</dt>
          <dd>{typeLabel(client)}</dd>
          <CodeFact label={memberLabel('clientId', type)} value={client.clientId} />
          <CodeFact
            label={memberLabel('authorizationEndpoint', type)}
            value={client.authorizationEndpoint}
          />
          <CodeFact label={memberLabel('tokenEndpoint', type)} value={client.tokenEndpoint} />
          {client.scopes.length === 0 ? null : (
            <CodeFact label={memberLabel('scopes', type)} value={client.scopes.join(' ')} />
          )}
        </dl>
        {managed?.hasSecret === true || !usesClientSecret(client) ? null : (
          <EditorText
            editor={editor}
            field="clientSecret"
            type="password"
            isRequired={!hasSecret}
            placeholder={hasSecret ? t('secret_kept') : undefined}
          />
        )}
      </Group>
    </>
  );
}
