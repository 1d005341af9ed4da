import { browser } from '../api/browser.ts';
import { connectableOrigin, type Origin } from '#core/values/origin.ts';

/** The page in the active tab, as far as `activeTab` shows it. */
export interface ActivePage {
  /** Undefined for pages that cannot be connected (the browser's own pages, files, plain http). */
  readonly origin?: Origin;
  /** The host for display, when the address is known. */
  readonly host?: string;
  /** The id of its tab, where the origin is known. */
  readonly tabId?: number;
}

/** Reads the address of the tab that the popup was opened over. */
export async function activePage(): Promise<ActivePage> {
  const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
  if (tab?.url === undefined || !URL.canParse(tab.url)) return {};
  const origin = connectableOrigin(tab.url);
  const { host } = new URL(tab.url);
  if (origin === undefined) return { host };
  return { host, origin, ...(tab.id === undefined ? {} : { tabId: tab.id }) };
}
