import browser from 'webextension-polyfill';

/** Below the 30 seconds after which both browsers stop an idle background. */
const beatMs = 10_000;

/** How long nothing must have run for the background to count as idle: a reply is on its way that long. */
const restMs = 1_000;

let working = 0;
let waiting: (() => void)[] = [];
let rest: ReturnType<typeof setTimeout> | undefined;
let timer: ReturnType<typeof setInterval> | undefined;

/**
 * Keeps the background alive while some work runs. Firefox suspends an event page at 30 s even while
 * a reply is owed; a call of an extension API resets the clock in both browsers.
 */
export async function withKeepAlive<T>(work: () => Promise<T>): Promise<T> {
  working += 1;
  clearTimeout(rest);
  timer ??= setInterval(() => void browser.runtime.getPlatformInfo(), beatMs);
  try {
    return await work();
  } finally {
    working -= 1;
    if (working === 0) {
      clearInterval(timer);
      timer = undefined;
      awaitRest();
    }
  }
}

/** Runs something once no work is kept alive: at a moment in which the background may be ended. */
export function whenIdle(act: () => void): void {
  waiting.push(act);
  if (working === 0) awaitRest();
}

function awaitRest(): void {
  clearTimeout(rest);
  if (waiting.length === 0) return;
  rest = setTimeout(() => {
    const acts = waiting;
    waiting = [];
    for (const act of acts) act();
  }, restMs);
}
