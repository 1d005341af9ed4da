import { browser } from '../api/browser.ts';
import { connectableOrigin, type Origin } from '#core/values/origin.ts';

/**
 * The page in the active tab, as far as `activeTab` or a host permission shows it: `activeTab` is for the tab in which the popup was
 * opened, and ends when that tab shows another origin, in Firefox another document.
 */
export interface ActivePage {
  /** Undefined for pages that cannot be connected (the browser's own pages, files, plain http). */
  readonly origin?: Origin;
  /** Undefined when the browser does not say the address. */
  readonly host?: string;
  /** The id of its tab, where the origin is known. */
  readonly tabId?: number;
}

/** Reads the address of the tab in front, in the window of the popup. */
export async function activePage(): Promise<ActivePage> {
  const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
  if (tab?.url === undefined || !URL.canParse(tab.url)) return {};
  const origin = connectableOrigin(tab.url);
  const { host } = new URL(tab.url);
  if (origin === undefined) return { host };
  return { host, origin, ...(tab.id === undefined ? {} : { tabId: tab.id }) };
}

/**
 * Calls the listener when another tab comes to the front, and when the tab in front may show another document: Firefox keeps a popup
 * open in both cases, Chrome in the second.
 */
export function onActivePageChanged(listener: () => void): void {
  browser.tabs.onActivated.addListener(listener);
  // Firefox reports `loading` while the document before is still shown, so every later change counts too.
  browser.tabs.onUpdated.addListener((_id, _change, { active }) => {
    if (active) listener();
  });
}
