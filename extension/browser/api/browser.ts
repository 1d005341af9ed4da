import polyfilled from 'webextension-polyfill';

/** The extension API with promises, under the name that Firefox gave it. */
export const browser = polyfilled;

export type { Runtime, Scripting, Storage, Windows } from 'webextension-polyfill';
