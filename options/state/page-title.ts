import { t } from '#ui/i18n.ts';
import { granteeText } from '#ui/state/grant-actions.ts';
import type { Route } from './route.ts';

/** The texts for the names of the views. */
export const viewNames = {
  clients: 'clients',
  'new-client': 'new_client',
  client: 'clients',
  sessions: 'sessions',
  'connected-pages': 'connected_pages',
  activity: 'activity',
  console: 'console',
  settings: 'settings',
  about: 'about',
  transfer: 'transfer',
  welcome: 'welcome_title',
} as const satisfies Record<Route['view'], string>;

/** The document's title: the name of the view, then the brand. `clientName` is the client that is edited, if any. */
export function pageTitle(route: Route, clientName: string | undefined): string {
  return t('page_title', nameOf(route, clientName));
}

function nameOf(route: Route, clientName: string | undefined): string {
  if (clientName !== undefined) return t('edit_client', clientName);
  if (route.view === 'connected-pages' && route.origin !== undefined)
    return t('connection_of', granteeText(route.origin));
  return t(viewNames[route.view]);
}
