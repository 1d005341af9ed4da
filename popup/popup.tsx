import { Button } from '#ui/controls/button.tsx';
import { t } from '#ui/i18n.ts';
import { Banners } from '#ui/notices/banners.tsx';
import { FlowNotice } from '#ui/notices/flow-notice.tsx';
import { ConnectPanel } from './connect-panel.tsx';
import { PageView } from './page-view.tsx';
import { SessionsView } from './sessions-view.tsx';
import { SignInView } from './sign-in-view.tsx';
import type { PopupStore } from './store.ts';

/** The popup: problems, the page in the active tab, the sessions with their sites. */
export function Popup({ store }: { readonly store: PopupStore }) {
  return (
    <>
      <header>
        <h1 class="brand">
          <img src="/icons/32.png" alt="" />
          {t('brand')}
        </h1>
        <Button kind="quiet" onClick={() => void store.openOptions()}>
          {t('options')}
        </Button>
      </header>
      <main>
        <Banners store={store} />
        <Content store={store} />
      </main>
    </>
  );
}

function Content({ store }: { readonly store: PopupStore }) {
  const overview = store.overview.value;
  if (overview === undefined) return null;
  if (store.connection.draft.value !== undefined) return <ConnectPanel store={store} />;
  return (
    <>
      <FlowNotice flow={overview.flow} actions={store} />
      {overview.sessions.length === 0 && overview.grants.length === 0 ? null : (
        <PageView store={store} />
      )}
      <SessionsView store={store} />
      <SignInView store={store} />
    </>
  );
}
