import type { WindowOutcome } from '#browser/identity.ts';
import { BrokerError } from '#core/values/fault.ts';
import { deadline } from '../platform/deadline.ts';
import type { World } from '../platform/world.ts';
import type { FlowRecord } from './flow-record.ts';
import type { FlowStore } from './flow-store.ts';
import type { Attempt, Exchange, SignInProtocol } from './sign-in-protocol.ts';

/** How long the window may stay open, in milliseconds. */
export const windowMs = 15 * 60_000;

interface AuthorizationWorld extends Pick<World, 'windows' | 'identity' | 'after'> {
  /** Aborts when the person cancels the sign-in. */
  readonly signal: AbortSignal;
}

type WindowWorld = Pick<World, 'windows'>;

/**
 * Opens the sign-in window, stores its id, and validates the authorization response.
 * @throws BrokerError `flow_closed`, `flow_unloadable`, `flow_in_progress`, `flow_expired` and those of
 *   `SignInProtocol.readResponse`
 */
export async function authorizeInWindow(
  attempt: Attempt,
  protocol: SignInProtocol,
  store: FlowStore,
  world: AuthorizationWorld,
): Promise<Exchange> {
  const { windows, identity, signal } = world;
  const limit = deadline(world, windowMs, signal);
  let recorded: Promise<void> = Promise.resolve();
  const stopWatching = windows.onPopupWindow((windowId) => {
    stopWatching();
    recorded = store.recordWindow(windowId);
    const close = (): void => void windows.close(windowId);
    if (limit.signal.aborted) close();
    else limit.signal.addEventListener('abort', close);
  });
  try {
    const url = await protocol.authorizationUrl(attempt);
    throwIfCancelled(signal);
    const outcome = await identity.authorize(url);
    // The response may have arrived before the window could be closed.
    throwIfCancelled(signal);
    if ('redirectedTo' in outcome) return protocol.readResponse(attempt, outcome.redirectedTo);
    throw limit.isExpired() ? new BrokerError('flow_expired') : windowFault(outcome);
  } finally {
    stopWatching();
    limit.release();
    // A later write of the window id would restore the attempt that is removed next.
    await recorded;
  }
}

/** @throws BrokerError `flow_closed` when the person cancelled */
export function throwIfCancelled({ aborted }: AbortSignal): void {
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

export async function closeWindow(store: FlowStore, { windows }: WindowWorld): Promise<void> {
  const flow = await store.record();
  if (flow?.windowId !== undefined) await windows.close(flow.windowId);
}

/** @throws BrokerError `not_found` */
export async function showWindow(store: FlowStore, { windows }: WindowWorld): Promise<void> {
  const flow = await store.record();
  const isShown = flow?.windowId !== undefined && (await windows.show(flow.windowId));
  if (!isShown) throw new BrokerError('not_found', { subject: 'sign-in window' });
}

/**
 * Closes the window of an earlier worker: the browser opens no other sign-in window beside it. If that worker ended
 * before it stored the window's id, the window is closed if it is the only popup window that opened since.
 */
export async function closeOrphan(
  { state, windowId, popupsBefore }: FlowRecord,
  { windows }: WindowWorld,
): Promise<void> {
  if (windowId !== undefined) return windows.close(windowId);
  if (state !== 'waiting' || popupsBefore === undefined) return;
  const [orphan, ...others] = (await windows.popups()).filter((id) => !popupsBefore.includes(id));
  if (orphan !== undefined && others.length === 0) await windows.close(orphan);
}
