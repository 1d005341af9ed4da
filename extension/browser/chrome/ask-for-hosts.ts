import browser from 'webextension-polyfill';

/**
 * Asks once everything is prepared: the prompt closes the popup, and Chrome drops a message whose sender is gone by the time
 * the worker runs. It still takes the question as part of the click some seconds later.
 */
export async function askForHosts(
  patterns: readonly string[],
  prepared: Promise<unknown>,
): Promise<boolean> {
  await prepared;
  return browser.permissions.request({ origins: [...patterns] });
}
