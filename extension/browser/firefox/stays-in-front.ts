import type { Windows } from '../api/browser.ts';

/**
 * Whether a window may stay in front of all others. Of the picture-in-picture of a page's document Firefox says that it is a popup,
 * whose address it does not tell. So are popups of pages that are not connected, which would be behind.
 */
export function staysInFront({ type, tabs = [] }: Windows.Window): boolean {
  return type === 'popup' && tabs.every(({ url }) => url === undefined || url === 'about:blank');
}
