import type { ClientId } from '#core/client/client-configuration.ts';

/** The view of the options page; stored in the URL's hash. */
export type Route =
  | { readonly view: 'clients' }
  | { readonly view: 'new-client'; readonly copyOf?: ClientId }
  | { readonly view: 'client'; readonly id: ClientId }
  | { readonly view: 'connected-pages' }
  | { readonly view: 'settings' };

/** Parses a hash; an unknown one is the view of all clients. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/u, '').split('?');
  const [section, detail] = path.split('/');
  if (section === 'connected-pages') return { view: 'connected-pages' };
  if (section === 'settings') return { view: 'settings' };
  if (section !== 'clients' || detail === undefined || detail === '') return { view: 'clients' };
  if (detail !== 'new') return { view: 'client', id: detail as ClientId };
  const copyOf = new URLSearchParams(query).get('copy');
  return { view: 'new-client', ...(copyOf === null ? {} : { copyOf: copyOf as ClientId }) };
}

/** The hash of a route. */
export function hashOf(route: Route): string {
  switch (route.view) {
    case 'clients':
      return '#/clients';
    case 'client':
      return `#/clients/${route.id}`;
    case 'connected-pages':
      return '#/connected-pages';
    case 'settings':
      return '#/settings';
    case 'new-client':
      return route.copyOf === undefined ? '#/clients/new' : `#/clients/new?copy=${route.copyOf}`;
  }
}
