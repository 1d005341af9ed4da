import { t } from '#ui/i18n.ts';
import { Banners } from '#ui/notices/banners.tsx';
import { FlowNotice } from '#ui/notices/flow-notice.tsx';
import { EditorView } from './editor/view/editor-view.tsx';
import { hashOf, type Route } from './state/route.ts';
import type { OptionsStore } from './state/store.ts';
import { ClientsView } from './views/clients-view.tsx';
import { ConnectedPagesView } from './views/connected-pages-view.tsx';
import { SettingsView } from './views/settings-view.tsx';

/** The options page: navigation, problems, and the view of the route. */
export function Options({ store }: { readonly store: OptionsStore }) {
  const overview = store.overview.value;
  return (
    <div class="page">
      <Navigation store={store} />
      <main class="stack">
        <Banners store={store} />
        <FlowNotice flow={overview?.flow} sessions={overview?.sessions ?? []} actions={store} />
        {overview === undefined ? null : <Section store={store} />}
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
      return <ConnectedPagesView store={store} />;
    case 'settings':
      return <SettingsView settings={store.settings} />;
    case 'new-client':
    case 'client':
      return <EditorView key={hashOf(route)} store={store} />;
  }
}

type SectionView = 'clients' | 'connected-pages' | 'settings';

function sectionOf({ view }: Route): SectionView {
  return view === 'connected-pages' || view === 'settings' ? view : 'clients';
}

function Navigation({ store }: { readonly store: OptionsStore }) {
  const current = sectionOf(store.route.value);
  const link = (view: SectionView, label: string) => (
    <a href={hashOf({ view })} aria-current={view === current ? 'page' : undefined}>
      {label}
    </a>
  );
  return (
    <header class="bar">
      <strong class="brand">
        <img src="/icons/48.png" alt="" />
        {t('brand')}
      </strong>
      <nav aria-label={t('sections')}>
        {link('clients', t('clients'))}
        {link('connected-pages', t('connected_pages'))}
        {link('settings', t('settings'))}
      </nav>
    </header>
  );
}
