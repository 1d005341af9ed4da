import { browser } from './api/browser.ts';

/** Reads a text file of the extension's package. */
export async function packagedText(path: string): Promise<string> {
  const response = await fetch(browser.runtime.getURL(path));
  return response.text();
}
