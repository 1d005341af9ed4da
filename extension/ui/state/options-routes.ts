import type { ClientId } from '#core/client/client-configuration.ts';
import type { Origin } from '#core/values/origin.ts';

/** The hash of a client's form; `sign-in` if a sign-in was asked for and the client lacks something. */
export function clientRoute(id: ClientId, purpose?: 'sign-in'): string {
  return `#/clients/${id}${purpose === undefined ? '' : `?for=${purpose}`}`;
}

/** A page to return to after the first run. */
export interface PageToReturnTo {
  readonly origin: Origin;
  /** Its tab; without it, the page is opened in a new one. */
  readonly tabId?: number;
}

/** The hash of the first run; `page` is the one that the person came from. */
export function firstRunRoute(page?: PageToReturnTo): string {
  if (page === undefined) return '#/welcome';
  const query = new URLSearchParams({ from: page.origin });
  if (page.tabId !== undefined) query.set('tab', `${page.tabId}`);
  return `#/welcome?${query.toString()}`;
}
