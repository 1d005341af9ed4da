import { accountText } from '#ui/account-text.ts';
import { Sentence } from '#ui/controls/name.tsx';
import { LosingPages } from '#ui/grants/losing-pages.tsx';
import { t } from '#ui/i18n.ts';
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
      <LosingPages pages={pages} />
    </AskingPanel>
  );
}
