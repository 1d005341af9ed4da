import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Origin } from '#core/values/origin.ts';
import { accountText } from '#ui/account-text.ts';
import { Button } from '#ui/controls/button.tsx';
import { Sentence } from '#ui/controls/name.tsx';
import { GranteeName } from '#ui/grants/grantee-name.tsx';
import { t, type MessageKey } from '#ui/i18n.ts';
import type { SessionDetails } from '#wire/list-views.ts';
import type { SessionsStore } from './sessions-store.ts';

interface SignOutPanelProps {
  readonly details: SessionDetails;
  readonly store: SessionsStore;
  readonly onSignedOut: () => void;
}

/** Asks whether a session is to end, and says which pages lose sites. */
export function SignOutPanel({ details, store, onSignedOut }: SignOutPanelProps) {
  const { row, pages } = details;
  const title = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => title.current?.focus(), []);
  const originsOf = (isOnlySession: boolean): Origin[] =>
    pages.filter((page) => page.isOnlySession === isOnlySession).map(({ origin }) => origin);
  const signOut = async (): Promise<void> => {
    if (await store.signOut(row.id)) onSignedOut();
  };
  return (
    <section class="notice notice-error" aria-labelledby="sign-out-title">
      <h3 id="sign-out-title" ref={title} tabIndex={-1}>
        <Sentence of="sign_out_title" names={[accountText(row.account)]} />
      </h3>
      <p>{t('sign_out_text')}</p>
      <Origins title="sign_out_disconnects" origins={originsOf(true)} />
      <Origins title="sign_out_loses_sites" origins={originsOf(false)} />
      <div class="row">
        <Button
          kind="danger"
          disabled={store.pendingActions.running.value.has('sign-out')}
          onClick={() => void signOut()}
        >
          {t('sign_out')}
        </Button>
        <Button
          onClick={() => {
            store.ask(undefined);
          }}
        >
          {t('cancel')}
        </Button>
      </div>
    </section>
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
