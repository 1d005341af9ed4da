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

/**
 * So many patterns are given up at a time. In Chrome each call takes time, and each pattern takes longer the more there are, while
 * the browser does nothing else: of 10,000 patterns, 250 take up to 1.8 s, and all of them in one call a minute.
 */
const mostAtOnce = 250;

/** Gives up access to all of {@link optionalHostPatterns}. */
export async function releaseHostPatterns(): Promise<void> {
  const patterns = await optionalHostPatterns();
  for (let at = 0; at < patterns.length; at += mostAtOnce)
    await giveUp(patterns.slice(at, at + mostAtOnce));
}

/** The browser refuses all when one of them cannot be given up, because an administrator granted it: then each half for itself. */
async function giveUp(patterns: readonly string[]): Promise<void> {
  try {
    await removeHostPatterns(patterns);
  } catch {
    if (patterns.length === 1) return;
    const middle = Math.ceil(patterns.length / 2);
    await giveUp(patterns.slice(0, middle));
    await giveUp(patterns.slice(middle));
  }
}

/** Calls the listener when host permissions were granted. */
export function onHostsAdded(listener: () => void): void {
  browser.permissions.onAdded.addListener(listener);
}

/** Calls the listener when host permissions were removed. */
export function onHostsRemoved(listener: () => void): void {
  browser.permissions.onRemoved.addListener(listener);
}
