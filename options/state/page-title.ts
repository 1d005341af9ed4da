import { t } from '#ui/i18n.ts';
import type { Route } from './route.ts';

const viewNames = {
  clients: 'clients',
  'new-client': 'new_client',
  client: 'clients',
  sessions: 'sessions',
  'connected-pages': 'connected_pages',
  activity: 'activity',
  console: 'console',
  settings: 'settings',
  about: 'about',
  welcome: 'welcome_title',
} as const satisfies Record<Route['view'], string>;

/** The document's title: the name of the view, then the brand. `clientName` is the client that is edited, if any. */
export function pageTitle({ view }: Route, clientName: string | undefined): string {
  return t(
    'page_title',
    clientName === undefined ? t(viewNames[view]) : t('edit_client', clientName),
  );
}
