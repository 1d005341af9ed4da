import { Button } from '#ui/controls/button.tsx';
import { t } from '#ui/i18n.ts';
import { isFlowRunning } from '#ui/state/flow-actions.ts';
import type { ClientView } from '#wire/views.ts';
import type { PopupStore } from './store.ts';

/** Leads to adding the first client, to the first sign-in, or to signing in with another account. */
export function SignInView({ store }: { readonly store: PopupStore }) {
  const overview = store.overview.value;
  if (overview === undefined) return null;
  if (overview.clients.length === 0) return <NoClient store={store} />;
  const buttons = <SignInButtons clients={overview.clients} store={store} />;
  if (overview.sessions.length > 0) {
    return (
      <details>
        <summary>{t('another_account')}</summary>
        <div class="stack">
          <p class="muted small">{t('another_account_hint')}</p>
          {buttons}
        </div>
      </details>
    );
  }
  if (isFlowRunning(overview.flow)) return null;
  return (
    <section class="stack" aria-labelledby="sign-in-title">
      <h2 id="sign-in-title">{t('no_session_title')}</h2>
      <p>{t('no_session_text')}</p>
      {buttons}
    </section>
  );
}

function NoClient({ store }: { readonly store: PopupStore }) {
  return (
    <section class="stack" aria-labelledby="no-client-title">
      <h2 id="no-client-title">{t('no_client_title')}</h2>
      <p>{t('no_client_text')}</p>
      <Button kind="primary" isWide onClick={() => void store.openOptions('#/clients/new')}>
        {t('add_client')}
      </Button>
    </section>
  );
}

interface SignInButtonsProps {
  readonly clients: readonly ClientView[];
  readonly store: PopupStore;
}

function SignInButtons({ clients, store }: SignInButtonsProps) {
  const isRunning =
    isFlowRunning(store.overview.value?.flow) || store.pendingActions.running.value.has('sign-in');
  return clients.map(({ id, name }) => (
    <Button
      key={id}
      kind="primary"
      isWide
      disabled={isRunning}
      onClick={() => void store.signIn(id)}
    >
      {clients.length === 1 ? t('sign_in') : t('sign_in_with', name)}
    </Button>
  ));
}
