import { signal, type ReadonlySignal } from '@preact/signals';

/** How long a window has to be in front before a click on *Allow* counts, in milliseconds. */
export const clickGuardDelayMs = 700;

/** What arming needs of the page. */
export interface ClickGuardPorts {
  /** Whether the person can see the window and it has the focus. */
  readonly isInFront: () => boolean;
  /** Calls back when the focus, the visibility or the size of the window changed. */
  readonly onWindowChanged: (listener: () => void) => void;
  /** Runs a callback after some milliseconds; returns the way to stop it. */
  readonly after: (delayMs: number, callback: () => void) => () => void;
}

/**
 * Whether a click may count. A page that opens this window chose the moment, so a click or key that
 * was meant for the page must not land on *Allow*: each change of focus or size starts the wait anew.
 */
export function createClickGuard(ports: ClickGuardPorts): ReadonlySignal<boolean> {
  const isClickAccepted = signal(false);
  let stop = (): void => undefined;

  function start(): void {
    stop();
    isClickAccepted.value = false;
    if (!ports.isInFront()) return;
    stop = ports.after(clickGuardDelayMs, () => {
      isClickAccepted.value = ports.isInFront();
    });
  }

  ports.onWindowChanged(start);
  start();
  return isClickAccepted;
}

/** Arming by the real window. */
export function windowPorts(page: Window): ClickGuardPorts {
  return {
    isInFront: () => page.document.visibilityState === 'visible' && page.document.hasFocus(),
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
