import type { World } from './world.ts';

/** An abort signal with a time limit. */
export interface Deadline {
  /** Aborted after the time limit, or together with the other signal. */
  readonly signal: AbortSignal;
  /** Whether the time limit aborted the signal. */
  readonly isExpired: () => boolean;
  /** Removes the time limit. The signal still follows the other one, as a response body needs while it streams. */
  readonly release: () => void;
}

/**
 * @param limitMs - the time limit, in milliseconds
 * @param other - a signal that aborts this one with its reason
 */
export function deadline(
  { after }: Pick<World, 'after'>,
  limitMs: number,
  other?: AbortSignal,
): Deadline {
  const controller = new AbortController();
  let expired = false;
  const release = after(limitMs, () => {
    expired = true;
    controller.abort();
  });
  const follow = (): void => {
    controller.abort(other?.reason);
  };
  if (other?.aborted) follow();
  other?.addEventListener('abort', follow, { once: true });
  return { signal: controller.signal, isExpired: () => expired, release };
}
