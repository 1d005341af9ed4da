import { signal, type ReadonlySignal } from '@preact/signals';

/** How long the window must be visible and focused before a click on *Allow* is accepted, in milliseconds. */
export const clickGuardDelayMs = 700;

/** Dependencies of the click guard. */
export interface ClickGuardPorts {
  /** Whether the window is visible and has the focus. */
  readonly isFocused: () => boolean;
  /** Calls the listener when the focus, the visibility or the size of the window changed. */
  readonly onWindowChanged: (listener: () => void) => void;
  /** Runs a callback after a delay; returns a function that cancels it. */
  readonly after: (delayMs: number, callback: () => void) => () => void;
}

/**
 * Whether a click on *Allow* is accepted. The page decides when this window opens, so a click or key that was meant for
 * the page could hit *Allow* (clickjacking): each change of focus, visibility or size restarts the delay.
 */
export function createClickGuard(ports: ClickGuardPorts): ReadonlySignal<boolean> {
  const isClickAccepted = signal(false);
  let stop = (): void => undefined;

  function start(): void {
    stop();
    isClickAccepted.value = false;
    if (!ports.isFocused()) return;
    stop = ports.after(clickGuardDelayMs, () => {
      isClickAccepted.value = ports.isFocused();
    });
  }

  ports.onWindowChanged(start);
  start();
  return isClickAccepted;
}

/** The dependencies, from a browser window. */
export function windowPorts(page: Window): ClickGuardPorts {
  return {
    isFocused: () => page.document.visibilityState === 'visible' && page.document.hasFocus(),
    onWindowChanged: (listener) => {
      for (const event of ['focus', 'blur', 'resize']) page.addEventListener(event, listener);
      page.document.addEventListener('visibilitychange', listener);
    },
    after: (delayMs, callback) => {
      const timer = page.setTimeout(callback, delayMs);
      return () => {
        page.clearTimeout(timer);
      };
    },
  };
}
