import { t } from '../../extension/ui/i18n.ts';
import type { EditorStore } from '../editor/editor-store.ts';
import type { Route } from './route.ts';

/** The document's title: the name of the view, then the brand. `editor` is the form of the route, if there is one. */
export function pageTitle(route: Route, editor: EditorStore | undefined): string {
  return t('page_title', viewName(route, editor?.original?.name));
}

function viewName({ view }: Route, clientName: string | undefined): string {
  switch (view) {
    case 'connected-pages':
      return t('connected_pages');
    case 'settings':
      return t('settings');
    case 'new-client':
      return t('new_client');
    case 'clients':
    case 'client':
      return clientName === undefined ? t('clients') : t('edit_client', clientName);
  }
}
