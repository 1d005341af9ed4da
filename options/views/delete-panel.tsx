import { useLayoutEffect, useRef } from 'preact/hooks';
import { accountText } from '#ui/account-text.ts';
import { Button } from '#ui/controls/button.tsx';
import { Name, Sentence } from '#ui/controls/name.tsx';
import { GranteeName } from '#ui/grants/grantee-name.tsx';
import { t } from '#ui/i18n.ts';
import type { ClientImpact, ClientView } from '#wire/views.ts';
import type { Deletion, OptionsStore } from '../state/store.ts';

interface DeletePanelProps {
  readonly client: ClientView;
  readonly deletion: Deletion;
  readonly store: OptionsStore;
}

/** Asks for confirmation, and lists what the deletion of a client affects. */
export function DeletePanel({ client, deletion, store }: DeletePanelProps) {
  const title = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => title.current?.focus(), []);
  const isDeleting = store.pendingActions.running.value.has('delete');
  return (
    <section class="notice notice-error" aria-labelledby={`delete-${client.id}`}>
      <h4 id={`delete-${client.id}`} ref={title} tabIndex={-1}>
        <Sentence of="delete_title" names={[client.name]} />
      </h4>
      {deletion.impact === undefined ? null : <Impact impact={deletion.impact} />}
      <div class="row">
        <Button
          kind="danger"
          disabled={deletion.impact === undefined || isDeleting}
          onClick={() => void store.confirmDeletion()}
        >
          {t('delete')}
        </Button>
        <Button onClick={store.cancelDeletion}>{t('cancel')}</Button>
      </div>
    </section>
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
