import browser from 'webextension-polyfill';
import { askForHosts } from '#target/ask-for-hosts.ts';

/** Whether the browser grants all of these match patterns now. */
export function hasHostPatterns(patterns: readonly string[]): Promise<boolean> {
  return browser.permissions.contains({ origins: [...patterns] });
}

/**
 * Asks the person for host access. Must be called within a click, with nothing awaited before; the popup may be closed by
 * the prompt, so what follows belongs to the worker, and what the worker needs for it is `prepared`.
 */
export function requestHostPatterns(
  patterns: readonly string[],
  prepared: Promise<unknown> = Promise.resolve(),
): Promise<boolean> {
  return askForHosts(patterns, prepared);
}

/** Gives host access back. */
export function removeHostPatterns(patterns: readonly string[]): Promise<boolean> {
  return browser.permissions.remove({ origins: [...patterns] });
}

/** Calls back when the person allowed some hosts. */
export function onHostsAdded(listener: () => void): void {
  browser.permissions.onAdded.addListener(listener);
}

/** Calls back when the person withdrew some hosts. */
export function onHostsRemoved(listener: () => void): void {
  browser.permissions.onRemoved.addListener(listener);
}
