import browser from 'webextension-polyfill';

/** Calls back when the browser starts and when the extension was installed or updated. */
export function onStart(listener: () => void): void {
  browser.runtime.onStartup.addListener(listener);
  browser.runtime.onInstalled.addListener(listener);
}

/**
 * Calls back when a newer version waits to be installed. With a listener the browser leaves the moment to
 * {@link reload}, and installs by itself when it starts anew.
 */
export function onUpdateAvailable(listener: () => void): void {
  browser.runtime.onUpdateAvailable.addListener(listener);
}

/** Ends this version and starts the newest one. */
export function reload(): void {
  browser.runtime.reload();
}

/** The extension's own version. */
export function ownVersion(): string {
  return browser.runtime.getManifest().version;
}
