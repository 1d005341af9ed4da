import { browser } from './api/browser.ts';

/** The text of a message in the browser's language; empty if the key does not exist. */
export function message(key: string, ...substitutions: string[]): string {
  return browser.i18n.getMessage(key, substitutions);
}
