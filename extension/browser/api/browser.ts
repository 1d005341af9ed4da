import type { Browser } from 'webextension-polyfill';

/** The extension API with promises. Firefox has always had it under this name, Chrome has since 148, the lowest version of the manifest. */
export const { browser } = globalThis as unknown as { readonly browser: Browser };

export type { Runtime, Scripting, Storage } from 'webextension-polyfill';
