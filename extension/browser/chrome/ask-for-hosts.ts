import { browser } from '../api/browser.ts';

/**
 * Requests the permission after `prepared` resolves: the prompt closes the popup, and Chrome drops a message whose sender was
 * closed before the worker started. The user activation of the click lasts for some seconds.
 */
export async function askForHosts(
  patterns: readonly string[],
  prepared: Promise<unknown>,
): Promise<boolean> {
  await prepared;
  return browser.permissions.request({ origins: [...patterns] });
}
