import { browser } from '../api/browser.ts';

/** The key in `storage.session`, which the browser keeps in memory until it closes. */
const key = 'popup-lists';

/** What was last kept by {@link keepLists}; undefined when there is nothing. */
export async function keptLists(): Promise<unknown> {
  return (await browser.storage.session.get(key))[key];
}

/** Keeps what is searched for in the popup, and which of its sections are open, while it is closed. */
export async function keepLists(lists: object): Promise<void> {
  await browser.storage.session.set({ [key]: lists });
}
