import { accountText } from '#ui/account-text.ts';
import { Name, Sentence } from '#ui/controls/name.tsx';
import { GranteeName } from '#ui/grants/grantee-name.tsx';
import { t } from '#ui/i18n.ts';
import type { ClientImpact, ClientView } from '#wire/views.ts';
import { AskingPanel } from '../items/asking-panel.tsx';
import type { Deletion, OptionsStore } from '../state/store.ts';

interface DeletePanelProps {
  readonly client: ClientView;
  readonly deletion: Deletion;
  readonly store: OptionsStore;
}

/** Asks for confirmation, and lists what the deletion of a client affects. */
export function DeletePanel({ client, deletion, store }: DeletePanelProps) {
  const isDeleting = store.pendingActions.running.value.has('delete');
  return (
    <AskingPanel
      id={`delete-${client.id}`}
      level={4}
      title={<Sentence of="delete_title" names={[client.name]} />}
      action={t('delete')}
      isWaiting={deletion.impact === undefined || isDeleting}
      onConfirm={() => void store.confirmDeletion()}
      onCancel={store.cancelDeletion}
    >
      {deletion.impact === undefined ? null : <Impact impact={deletion.impact} />}
    </AskingPanel>
  );
}

function Impact({ impact: { sessions, origins } }: { readonly impact: ClientImpact }) {
  if (sessions.length === 0 && origins.length === 0) return <p>{t('delete_nothing_else')}</p>;
  return (
    <>
      {sessions.length === 0 ? null : (
        <div>
          <p>{t('delete_sessions')}</p>
          <ul>
            {sessions.map(({ id, account }) => (
              <li key={id}>
                <Name text={accountText(account)} />
              </li>
            ))}
          </ul>
        </div>
      )}
      {origins.length === 0 ? null : (
        <div>
          <p>{t('delete_pages')}</p>
          <ul>
            {origins.map((origin) => (
              <li key={origin}>
                <GranteeName origin={origin} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
