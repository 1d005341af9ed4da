import { Icon } from '#ui/lists/icon.tsx';
import { t } from '#ui/i18n.ts';
import { Banners } from '#ui/notices/banners.tsx';
import { ConnectNotice } from '#ui/notices/connect-notice.tsx';
import { FlowNotice } from '#ui/notices/flow-notice.tsx';
import { PageView } from './page/page-view.tsx';
import { SessionsView } from './sessions/sessions-view.tsx';
import { SignInView } from './sessions/sign-in-view.tsx';
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
        <button
          type="button"
          class="button button-quiet with-icon"
          onClick={() => void store.openOptions()}
        >
          <Icon name="gear" />
          {t('options')}
        </button>
      </header>
      <main>
        <Banners store={{ ...store, overview: store.view }} isCompact />
        <Content store={store} />
      </main>
    </>
  );
}

function Content({ store }: { readonly store: PopupStore }) {
  const view = store.view.value;
  if (view === undefined) return null;
  const said = (
    <ConnectNotice outcome={view.connectOutcome} onDismiss={() => void store.dismissOutcome()} />
  );
  const Panel = store.panel.value;
  if (Panel !== undefined && store.connection.draft.value !== undefined)
    return <Panel store={store}>{said}</Panel>;
  return (
    <>
      <FlowNotice flow={view.flow} actions={store} />
      {said}
      <PageView store={store} view={view} page={store.page.value} />
      <SessionsView store={store} view={view} />
      <SignInView store={store} view={view} />
    </>
  );
}
