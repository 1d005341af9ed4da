import type { WindowOutcome } from '../../extension/browser/identity.ts';
import { BrokerError } from '../../extension/core/values/fault.ts';
import { deadline } from '../platform/deadline.ts';
import type { World } from '../platform/world.ts';
import type { FlowStore } from './flow-store.ts';
import type { Attempt, Exchange, SignInProtocol } from './sign-in-protocol.ts';

/** How long the window may stay open, in milliseconds. */
export const windowMs = 15 * 60_000;

/** What the question needs, and what ends it when the person cancels. */
interface AskingWorld extends Pick<World, 'windows' | 'identity' | 'after'> {
  readonly signal: AbortSignal;
}

/**
 * Opens the browser's auth window, notes which one it is, and judges what it came back with.
 * @throws BrokerError `flow_closed`, `flow_unloadable`, `flow_in_progress`, `flow_expired` and those of `SignInProtocol.read`
 */
export async function askPerson(
  attempt: Attempt,
  protocol: SignInProtocol,
  store: FlowStore,
  world: AskingWorld,
): Promise<Exchange> {
  const { windows, identity, signal } = world;
  const limit = deadline(world, windowMs, signal);
  let noted: Promise<void> = Promise.resolve();
  const stopWatching = windows.onPopupWindow((windowId) => {
    stopWatching();
    noted = store.noteWindow(windowId);
    const close = (): void => void windows.close(windowId);
    if (limit.signal.aborted) close();
    else limit.signal.addEventListener('abort', close);
  });
  try {
    const address = await protocol.addressOf(attempt);
    requireWanted(signal);
    const outcome = await identity.authorize(address);
    // It may have come back before it could be closed.
    requireWanted(signal);
    if ('redirectedTo' in outcome) return protocol.read(attempt, outcome.redirectedTo);
    throw limit.isExpired() ? new BrokerError('flow_expired') : windowFault(outcome);
  } finally {
    stopWatching();
    limit.release();
    // Or it would bring the attempt back that is about to be taken out.
    await noted;
  }
}

/** @throws BrokerError `flow_closed` when the person cancelled */
export function requireWanted({ aborted }: AbortSignal): void {
  if (aborted) throw new BrokerError('flow_closed');
}

function windowFault({ ended }: Extract<WindowOutcome, { ended: unknown }>): BrokerError {
  const codes = {
    closed: 'flow_closed',
    unloadable: 'flow_unloadable',
    busy: 'flow_in_progress',
  } as const;
  return new BrokerError(codes[ended]);
}
