import { BrokerError } from '../extension/core/fault.ts';
import type { WindowOutcome } from '../extension/browser/identity.ts';
import { deadline } from './deadline.ts';
import type { FlowStore } from './flow-store.ts';
import type { Attempt, Exchange, SignInProtocol } from './sign-in-protocol.ts';
import type { World } from './world.ts';

/** How long the window may stay open, in milliseconds. */
export const windowMs = 15 * 60_000;

/**
 * Opens the browser's auth window, notes which one it is, and judges what it came back with.
 * @throws BrokerError `flow_closed`, `flow_unloadable`, `flow_in_progress`, `flow_expired` and those of `SignInProtocol.read`
 */
export async function askPerson(
  attempt: Attempt,
  protocol: SignInProtocol,
  store: FlowStore,
  world: Pick<World, 'windows' | 'identity' | 'after'>,
): Promise<Exchange> {
  const { windows, identity } = world;
  const limit = deadline(world, windowMs);
  let noted: Promise<void> = Promise.resolve();
  const stopWatching = windows.onPopupWindow((windowId) => {
    stopWatching();
    noted = store.noteWindow(windowId);
    limit.signal.addEventListener('abort', () => void windows.close(windowId));
  });
  try {
    const outcome = await identity.authorize(await protocol.addressOf(attempt));
    if ('redirectedTo' in outcome) return protocol.read(attempt, outcome.redirectedTo);
    throw limit.isExpired() ? new BrokerError('flow_expired') : windowFault(outcome);
  } finally {
    stopWatching();
    limit.release();
    // Or it would bring the attempt back that is about to be taken out.
    await noted;
  }
}

function windowFault({ ended }: Extract<WindowOutcome, { ended: unknown }>): BrokerError {
  const codes = {
    closed: 'flow_closed',
    unloadable: 'flow_unloadable',
    busy: 'flow_in_progress',
  } as const;
  return new BrokerError(codes[ended]);
}
