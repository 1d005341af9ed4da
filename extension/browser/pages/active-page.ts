import browser from 'webextension-polyfill';
import { connectableOrigin, type Origin } from '#core/values/origin.ts';

/** The page in the active tab, as far as `activeTab` shows it. */
export interface ActivePage {
  /** Undefined for pages that cannot be connected (the browser's own pages, files, plain http). */
  readonly origin?: Origin;
  /** The host for display, when the address is known. */
  readonly host?: string;
}

/** Reads the address of the tab that the popup was opened over. */
export async function activePage(): Promise<ActivePage> {
  const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
  if (tab?.url === undefined || !URL.canParse(tab.url)) return {};
  const origin = connectableOrigin(tab.url);
  return { host: new URL(tab.url).host, ...(origin === undefined ? {} : { origin }) };
}

/** Opens the options page, or focuses it if it is open; with a route (`#/clients/new`), opens a new tab. */
export async function openOptions(route?: string): Promise<void> {
  if (route === undefined) await browser.runtime.openOptionsPage();
  else await browser.tabs.create({ url: browser.runtime.getURL(`options/index.html${route}`) });
}
