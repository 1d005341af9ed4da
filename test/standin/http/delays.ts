import { waitRealMs } from '../facts/clock.ts';
import type { MetFault } from './faults.ts';

/** Waits as the latency faults of one side of the server's act say, in order. */
export async function waitFor(
  met: readonly MetFault[],
  when: 'before' | 'after',
  gone: Promise<void>,
): Promise<void> {
  for (const { action } of met) {
    if (action.kind !== 'latency' || (action.when ?? 'before') !== when) continue;
    const wait = Promise.all([action.until, action.ms ? waitRealMs(action.ms) : undefined]);
    // A client that went away does not keep the server waiting; what follows still happens.
    await (when === 'before' ? wait : Promise.race([wait, gone]));
  }
}
