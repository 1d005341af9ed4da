import { browser } from './api/browser.ts';

/** Shorter than the 30 seconds after which both browsers stop an idle background. */
const intervalMs = 10_000;

/** How long no work must have run for the background to count as idle: time enough to deliver the last reply. */
const idleDelayMs = 1_000;

/** How long calls of pages delay an update, in milliseconds. Else a page that calls without a pause would prevent it. */
const callDelayMs = 120_000;

/**
 * `call`: work for a page, which may be cut short when an update waits. `whole`: a sign-in, a refresh, a revocation, a
 * change of the store; an update waits until it ends. Calls can cause it, so none begins for them when {@link isUpdateDue}.
 */
export type WorkKind = 'call' | 'whole';

const running: Record<WorkKind, number> = { call: 0, whole: 0 };
let updateCallback: (() => void) | undefined;
let isCallDelayOver = false;
let idleTimer: ReturnType<typeof setTimeout> | undefined;
let keepAliveTimer: ReturnType<typeof setInterval> | undefined;

/**
 * Keeps the background running until the work ends. Firefox suspends an event page after 30 s even while a reply is
 * pending; a call of an extension API restarts the idle timeout in both browsers.
 */
export async function withKeepAlive<T>(
  work: () => Promise<T>,
  kind: WorkKind = 'whole',
): Promise<T> {
  running[kind] += 1;
  checkIdle();
  keepAliveTimer ??= setInterval(keepAlive, intervalMs);
  try {
    return await work();
  } finally {
    running[kind] -= 1;
    checkIdle();
  }
}

/** The interval outlives the work by at most one turn: calls follow each other within milliseconds. */
function keepAlive(): void {
  if (running.call + running.whole > 0) void browser.runtime.getPlatformInfo();
  else {
    clearInterval(keepAliveTimer);
    keepAliveTimer = undefined;
  }
}

/**
 * Calls back once, when the background may be stopped for an update: when no work has run for a second, or from two
 * minutes on when nothing but calls of pages runs.
 */
export function whenUpdatable(callback: () => void): void {
  // A newer version that comes meanwhile does not begin the delay again.
  if (updateCallback === undefined) {
    isCallDelayOver = false;
    setTimeout(() => {
      isCallDelayOver = true;
      checkIdle();
    }, callDelayMs);
  }
  updateCallback = callback;
  checkIdle();
}

/** Whether an update has waited for calls of pages as long as it does. From then on nothing more begins for a page. */
export function isUpdateDue(): boolean {
  return updateCallback !== undefined && isCallDelayOver;
}

/** Starts the timer of the update when nothing delays it, and stops it when something does. */
function checkIdle(): void {
  const isDelayed = running.whole > 0 || (running.call > 0 && !isCallDelayOver);
  if (isDelayed || updateCallback === undefined) {
    clearTimeout(idleTimer);
    idleTimer = undefined;
    return;
  }
  idleTimer ??= setTimeout(() => {
    const callback = updateCallback;
    updateCallback = undefined;
    idleTimer = undefined;
    callback?.();
  }, idleDelayMs);
}
