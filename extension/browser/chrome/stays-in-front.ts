import type { Windows } from '../api/browser.ts';

/** Whether a window stays in front of all others. Chrome says so of the picture-in-picture of a page's document. */
export function staysInFront({ alwaysOnTop }: Windows.Window): boolean {
  return alwaysOnTop;
}
