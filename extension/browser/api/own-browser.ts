import type { Browser } from 'webextension-polyfill';

/**
 * The browser's own `browser`, for the content script: it is loaded with every connected page, and the polyfill would be
 * nearly half of it. Chrome has it since 148, the lowest version of the manifest; there the polyfill hands on the same object.
 */
export const { browser } = globalThis as unknown as { readonly browser: Browser };
