import type { ClientId } from '#core/client/client-configuration.ts';
import type { SessionId } from '#core/session/session.ts';
import { connectableOrigin, isGrantee, type Origin } from '#core/values/origin.ts';
import { clientRoute, firstRunRoute, type PageToReturnTo } from '#ui/state/options-routes.ts';

/** The views that are the same for every hash of theirs, or for a hash without a detail. */
const plainViews = [
  'clients',
  'sessions',
  'connected-pages',
  'activity',
  'console',
  'settings',
  'about',
  'transfer',
  'welcome',
] as const;
type PlainView = (typeof plainViews)[number];

/** The view of the options page; stored in the URL's hash. */
export type Route =
  | { readonly view: Exclude<PlainView, 'sessions' | 'connected-pages' | 'activity' | 'welcome'> }
  /** `page` is the one that the person came from. */
  | { readonly view: 'welcome'; readonly page?: PageToReturnTo }
  | { readonly view: 'new-client'; readonly copyOf?: ClientId }
  /** `isToSignIn`: a sign-in was asked for, and the client lacks something that it needs. */
  | { readonly view: 'client'; readonly id: ClientId; readonly isToSignIn?: true }
  /** `id` is the session to show. */
  | { readonly view: 'sessions'; readonly id?: SessionId }
  /** `origin` is the page to show. */
  | { readonly view: 'connected-pages'; readonly origin?: Origin }
  /** `origin`: only what this page did. */
  | { readonly view: 'activity'; readonly origin?: Origin };

/** Parses a hash; an unknown one is the view of all clients. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/u, '').split('?');
  const [section = '', detail = ''] = path.split('/');
  const view = plainViews.find((one) => one === section);
  switch (view) {
    case undefined:
      return { view: 'clients' };
    case 'clients':
      return parseClientRoute(detail, new URLSearchParams(query));
    case 'sessions':
      return detail === '' ? { view } : { view, id: detail as SessionId };
    case 'connected-pages':
    case 'activity': {
      const origin = decoded(detail);
      return isGrantee(origin) ? { view, origin } : { view };
    }
    case 'welcome': {
      const page = pageOf(new URLSearchParams(query));
      return page === undefined ? { view } : { view, page };
    }
    default:
      return { view };
  }
}

function parseClientRoute(detail: string, parameters: URLSearchParams): Route {
  if (detail === '') return { view: 'clients' };
  if (detail !== 'new') {
    const client = { view: 'client', id: detail as ClientId } as const;
    return parameters.get('for') === 'sign-in' ? { ...client, isToSignIn: true } : client;
  }
  const copyOf = parameters.get('copy');
  return copyOf === null
    ? { view: 'new-client' }
    : { view: 'new-client', copyOf: copyOf as ClientId };
}

/** The page to return to; only one that can be connected. */
function pageOf(parameters: URLSearchParams): PageToReturnTo | undefined {
  const origin = connectableOrigin(parameters.get('from') ?? undefined);
  if (origin === undefined) return undefined;
  const tab = parameters.get('tab') ?? '';
  return /^\d{1,9}$/u.test(tab) ? { origin, tabId: Number(tab) } : { origin };
}

/** The text, percent-decoded where that is possible. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The hash of a route. */
export function hashOf(route: Route): string {
  switch (route.view) {
    case 'client':
      return clientRoute(route.id, route.isToSignIn === true ? 'sign-in' : undefined);
    case 'new-client':
      return route.copyOf === undefined ? '#/clients/new' : `#/clients/new?copy=${route.copyOf}`;
    case 'sessions':
      return route.id === undefined ? '#/sessions' : `#/sessions/${route.id}`;
    case 'connected-pages':
    case 'activity':
      return route.origin === undefined
        ? `#/${route.view}`
        : `#/${route.view}/${encodeURIComponent(route.origin)}`;
    case 'welcome':
      return firstRunRoute(route.page);
    default:
      return `#/${route.view}`;
  }
}
