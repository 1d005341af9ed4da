import { browser } from './api/browser.ts';

/** The key in `storage.session`, which the browser keeps in memory until it closes. */
const key = 'unfinished-form';

/** What was last kept by {@link keepForm}; undefined when there is nothing. */
export async function keptForm(): Promise<unknown> {
  return (await browser.storage.session.get(key))[key];
}

/** Keeps what the person has chosen in a form that the browser may close, instead of what was kept; without a form, nothing. */
export async function keepForm(form: object | undefined): Promise<void> {
  if (form === undefined) await browser.storage.session.remove(key);
  else await browser.storage.session.set({ [key]: form });
}
