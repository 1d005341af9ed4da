import { browser } from '../api/browser.ts';

/** Whether the extension has host access to all of these match patterns now. */
export function hasHostPatterns(patterns: readonly string[]): Promise<boolean> {
  return browser.permissions.contains({ origins: [...patterns] });
}

/**
 * Requests host access. Must be called within a click, before any `await`. The prompt may close the popup, so the worker
 * does what follows; `prepared` resolves once the worker has stored what it needs for that.
 */
export { askForHosts as requestHostPatterns } from '#target/ask-for-hosts.ts';

/** Removes host access. */
export function removeHostPatterns(patterns: readonly string[]): Promise<boolean> {
  return browser.permissions.remove({ origins: [...patterns] });
}

/** The match patterns of the hosts to which the extension has access beside those of the manifest. */
export async function optionalHostPatterns(): Promise<string[]> {
  const { origins = [] } = await browser.permissions.getAll();
  const { host_permissions: own = [] } = browser.runtime.getManifest() as {
    host_permissions?: string[];
  };
  return origins.filter((pattern) => !own.includes(pattern));
}

/** Gives up access to all of {@link optionalHostPatterns}. */
export async function releaseHostPatterns(): Promise<void> {
  const patterns = await optionalHostPatterns();
  // One by one: those that an administrator granted cannot be given up.
  await Promise.allSettled(patterns.map((pattern) => removeHostPatterns([pattern])));
}

/** Calls the listener when host permissions were granted. */
export function onHostsAdded(listener: () => void): void {
  browser.permissions.onAdded.addListener(listener);
}

/** Calls the listener when host permissions were removed. */
export function onHostsRemoved(listener: () => void): void {
  browser.permissions.onRemoved.addListener(listener);
}
