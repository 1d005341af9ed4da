import { browser } from './api/browser.ts';

/** Calls the listener when the browser starts and when the extension was installed or updated. */
export function onStart(listener: () => void): void {
  browser.runtime.onStartup.addListener(listener);
  browser.runtime.onInstalled.addListener(listener);
}

/** Calls the listener after the extension was installed, not after an update of it or of the browser. */
export function onInstalled(listener: () => void): void {
  browser.runtime.onInstalled.addListener(({ reason }) => {
    if (reason === 'install') listener();
  });
}

/**
 * Calls the listener when a newer version is ready to be installed. With a listener registered, the browser installs it at
 * {@link reload}, or at its next start.
 */
export function onUpdateAvailable(listener: () => void): void {
  browser.runtime.onUpdateAvailable.addListener(listener);
}

/** Restarts the extension, and installs an update that is ready. */
export function reload(): void {
  browser.runtime.reload();
}

/** The extension's own version. */
export function ownVersion(): string {
  return browser.runtime.getManifest().version;
}
