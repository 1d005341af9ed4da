import browser from 'webextension-polyfill';

/** Below the 30 seconds after which both browsers stop an idle background. */
const beatMs = 10_000;

let working = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/**
 * Keeps the background alive while some work runs. Firefox suspends an event page at 30 s even while
 * a reply is owed; a call of an extension API resets the clock in both browsers.
 */
export async function withKeepAlive<T>(work: () => Promise<T>): Promise<T> {
  working += 1;
  timer ??= setInterval(() => void browser.runtime.getPlatformInfo(), beatMs);
  try {
    return await work();
  } finally {
    working -= 1;
    if (working === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  }
}
