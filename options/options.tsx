import { t } from '#ui/i18n.ts';
import { Banners } from '#ui/notices/banners.tsx';
import { FlowNotice } from '#ui/notices/flow-notice.tsx';
import { isFlowRunning } from '#ui/state/flow-actions.ts';
import { AboutView } from './about/about-view.tsx';
import { ActivityView } from './activity/activity-view.tsx';
import { ConsoleView } from './console/view/console-view.tsx';
import { EditorView } from './editor/view/editor-view.tsx';
import { PagesView } from './pages/pages-view.tsx';
import { SessionsView } from './sessions/sessions-view.tsx';
import { viewNames } from './state/page-title.ts';
import { hashOf, type Route } from './state/route.ts';
import type { OptionsStore } from './state/store.ts';
import { TransferView } from './transfer/transfer-view.tsx';
import { ClientsView } from './views/clients-view.tsx';
import { SettingsView } from './views/settings-view.tsx';
import { WelcomeView } from './welcome/welcome-view.tsx';

/** The options page: navigation, problems, and the view of the route. */
export function Options({ store }: { readonly store: OptionsStore }) {
  const overview = store.overview.value;
  return (
    <div class="page">
      <Navigation store={store} />
      <main class="stack">
        <Banners store={store} />
        {store.route.value.view === 'welcome' ? null : (
          <FlowNotice flow={overview?.flow} actions={store} />
        )}
        {overview === undefined && store.route.value.view !== 'about' ? null : (
          <Section store={store} />
        )}
      </main>
      <footer class="muted small">{t('not_affiliated')}</footer>
    </div>
  );
}

function Section({ store }: { readonly store: OptionsStore }) {
  const route = store.route.value;
  switch (route.view) {
    case 'clients':
      return <ClientsView store={store} />;
    case 'connected-pages':
      return (
        <PagesView
          store={store.pages}
          denials={store.overview.value?.denials ?? []}
          show={(origin) => {
            store.goTo({ view: 'connected-pages', ...(origin === undefined ? {} : { origin }) });
          }}
        />
      );
    case 'settings':
      return <SettingsView settings={store.settings} />;
    case 'console':
      return (
        <ConsoleView
          store={store.console}
          actions={store}
          isFlowRunning={isFlowRunning(store.overview.value?.flow)}
        />
      );
    case 'activity':
      return (
        <ActivityView
          store={store.activity}
          clients={store.overview.value?.clients ?? []}
          scopeActions={store}
          isFlowRunning={isFlowRunning(store.overview.value?.flow)}
          showPage={(origin) => {
            store.goTo({ view: 'activity', ...(origin === undefined ? {} : { origin }) });
          }}
          copyText={store.copyText}
        />
      );
    case 'sessions':
      return (
        <SessionsView
          store={store.sessions}
          clients={store.overview.value?.clients ?? []}
          signIn={store.signIn}
          scopeActions={store}
          isFlowRunning={isFlowRunning(store.overview.value?.flow)}
          show={(id) => {
            store.goTo({ view: 'sessions', ...(id === undefined ? {} : { id }) });
          }}
        />
      );
    case 'transfer':
      return <TransferView store={store} clients={store.overview.value?.clients ?? []} />;
    case 'about':
      return (
        <AboutView
          store={store.about}
          isErasing={store.pendingActions.running.value.has('erase')}
          isFaultShown={store.loadFault.value !== undefined}
        />
      );
    case 'welcome':
      return (
        <WelcomeView
          store={store.welcome}
          flow={store.overview.value?.flow}
          actions={store}
          page={route.page}
        />
      );
    case 'new-client':
    case 'client':
      return <EditorView key={hashOf(route)} store={store} />;
  }
}

/** The views of the navigation. */
const sections = [
  'clients',
  'sessions',
  'connected-pages',
  'activity',
  'console',
  'settings',
  'about',
] as const satisfies readonly Route['view'][];

/** The view of the navigation that a view belongs to; for the first run none. */
function sectionOf({ view }: Route): (typeof sections)[number] | undefined {
  if (view === 'client' || view === 'new-client') return 'clients';
  if (view === 'transfer') return 'settings';
  return sections.find((section) => section === view);
}

function Navigation({ store }: { readonly store: OptionsStore }) {
  const current = sectionOf(store.route.value);
  return (
    <header class="bar">
      <strong class="brand">
        <img src="/icons/48.png" alt="" />
        {t('brand')}
      </strong>
      <nav aria-label={t('sections')}>
        {sections.map((view) => (
          <a key={view} href={`#/${view}`} aria-current={view === current ? 'page' : undefined}>
            {t(viewNames[view])}
          </a>
        ))}
      </nav>
    </header>
  );
}
