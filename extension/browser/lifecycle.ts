import browser from 'webextension-polyfill';

/** Calls back when the browser starts and when the extension was installed or updated. */
export function onStart(listener: () => void): void {
  browser.runtime.onStartup.addListener(listener);
  browser.runtime.onInstalled.addListener(listener);
}

/** The extension's own version. */
export function ownVersion(): string {
  return browser.runtime.getManifest().version;
}
