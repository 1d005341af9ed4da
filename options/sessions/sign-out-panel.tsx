import type { Origin } from '#core/values/origin.ts';
import { accountText } from '#ui/account-text.ts';
import { Sentence } from '#ui/controls/name.tsx';
import { GranteeName } from '#ui/grants/grantee-name.tsx';
import { t, type MessageKey } from '#ui/i18n.ts';
import type { SessionDetails } from '#wire/list-views.ts';
import { AskingPanel } from '../items/asking-panel.tsx';
import type { SessionsStore } from './sessions-store.ts';

interface SignOutPanelProps {
  readonly details: SessionDetails;
  readonly store: SessionsStore;
  readonly onSignedOut: () => void;
}

/** Asks whether a session is to end, and says which pages lose sites. */
export function SignOutPanel({ details, store, onSignedOut }: SignOutPanelProps) {
  const { row, pages } = details;
  const originsOf = (isOnlySession: boolean): Origin[] =>
    pages.filter((page) => page.isOnlySession === isOnlySession).map(({ origin }) => origin);
  const signOut = async (): Promise<void> => {
    if (await store.signOut(row.id)) onSignedOut();
  };
  return (
    <AskingPanel
      id="sign-out-title"
      level={3}
      title={<Sentence of="sign_out_title" names={[accountText(row.account)]} />}
      action={t('sign_out')}
      isWaiting={store.pendingActions.running.value.has('sign-out')}
      onConfirm={() => void signOut()}
      onCancel={() => {
        store.ask(undefined);
      }}
    >
      <p>{t('sign_out_text')}</p>
      <Origins title="sign_out_disconnects" origins={originsOf(true)} />
      <Origins title="sign_out_loses_sites" origins={originsOf(false)} />
    </AskingPanel>
  );
}

function Origins({
  title,
  origins,
}: {
  readonly title: MessageKey;
  readonly origins: readonly Origin[];
}) {
  if (origins.length === 0) return null;
  return (
    <div>
      <p>{t(title)}</p>
      <ul>
        {origins.map((origin) => (
          <li key={origin}>
            <GranteeName origin={origin} />
          </li>
        ))}
      </ul>
    </div>
  );
}
