import type { Life } from './killable-world.ts';
import type { Model, Real } from './session-model.ts';

/** What has not ended after so long, in milliseconds of the case's own clock, never ends. */
const longestMs = 30 * 24 * 60 * 60_000;
/** After so many turns of the event loop without a call of a port nothing but time is waited for. */
const stillTurns = 100;
/** After so many of them the jobs of the thread pool are waited for: on a busy machine one may take longer than all those turns. */
const turnsWithoutPool = 10;
/** libuv's pool has so many threads unless told otherwise. */
const poolThreads = 4;
/** A port that has not answered after so many turns never does; the stand-in's cryptography takes some thousand. */
const owedTurns = 1_000_000;
/** A background that calls ports more often is in a loop. */
const mostCalls = 100_000;

/**
 * Runs a case, and lets time pass while nothing else is waited for. Rejects when the case would never end, which takes no
 * real time: so a case that fails can be shrunk, whatever its smaller cases do.
 */
export async function runToEnd(real: Real, model: Model, run: () => Promise<void>): Promise<void> {
  const work = run().then(() => true);
  try {
    for (let stepMs = 1000; ; stepMs *= 2) {
      const isDone = await Promise.race([work, untilStill(real).then(() => false)]);
      if (isDone) return;
      if (stepMs > longestMs) throw new Error(`step ${String(model.steps)} has no end`);
      // As after a sleep: what was under way may be reported too late.
      model.isExcused = true;
      real.setup.browser.elapse(stepMs);
    }
  } finally {
    real.alive.life.end();
  }
}

/** Waits until nothing but time is waited for. */
async function untilStill(real: Real): Promise<void> {
  let before: { readonly life: Life; readonly begun: number; readonly owed: number } | undefined;
  for (let turns = 0; turns < (before?.owed ? owedTurns : stillTurns); turns += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    if (turns % turnsWithoutPool === 0) await poolEmpty();
    const { life } = real.alive;
    const { begun, owed } = life.ports();
    if (begun > mostCalls) throw new Error(`a loop: ${String(begun)} calls of ports`);
    if (life !== before?.life || begun !== before.begun || owed !== before.owed) turns = 0;
    before = { life, begun, owed };
  }
}

/** Waits until the jobs of the thread pool that were there before, the cryptography of the stand-in and of the platform, have ended. */
async function poolEmpty(): Promise<void> {
  const jobs = Array.from({ length: 2 * poolThreads }, () =>
    crypto.subtle.digest('SHA-256', new Uint8Array()),
  );
  await Promise.all(jobs);
}
