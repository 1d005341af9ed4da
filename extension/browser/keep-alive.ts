import browser from 'webextension-polyfill';

/** Shorter than the 30 seconds after which both browsers stop an idle background. */
const intervalMs = 10_000;

/** How long no work must have run for the background to count as idle: time enough to deliver the last reply. */
const idleDelayMs = 1_000;

let runningCount = 0;
let idleCallbacks: (() => void)[] = [];
let idleTimer: ReturnType<typeof setTimeout> | undefined;
let keepAliveTimer: ReturnType<typeof setInterval> | undefined;

/**
 * Keeps the background running until the work ends. Firefox suspends an event page after 30 s even while a reply is
 * pending; a call of an extension API restarts the idle timeout in both browsers.
 */
export async function withKeepAlive<T>(work: () => Promise<T>): Promise<T> {
  runningCount += 1;
  clearTimeout(idleTimer);
  keepAliveTimer ??= setInterval(() => void browser.runtime.getPlatformInfo(), intervalMs);
  try {
    return await work();
  } finally {
    runningCount -= 1;
    if (runningCount === 0) {
      clearInterval(keepAliveTimer);
      keepAliveTimer = undefined;
      startIdleTimer();
    }
  }
}

/** Calls back once when no work has run for a second: the background can then be stopped without loss. */
export function whenIdle(callback: () => void): void {
  idleCallbacks.push(callback);
  if (runningCount === 0) startIdleTimer();
}

function startIdleTimer(): void {
  clearTimeout(idleTimer);
  if (idleCallbacks.length === 0) return;
  idleTimer = setTimeout(() => {
    const callbacks = idleCallbacks;
    idleCallbacks = [];
    for (const callback of callbacks) callback();
  }, idleDelayMs);
}
