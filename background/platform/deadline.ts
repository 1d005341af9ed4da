import type { World } from './world.ts';

/** A signal that ends after a time, or with another signal. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Whether it ended by time and not by the other signal. */
  readonly isExpired: () => boolean;
  /** Takes the time limit off when the work is done; the other signal is still followed, as by a body that streams. */
  readonly release: () => void;
}

/** Makes a {@link Deadline} of so many milliseconds. */
export function deadline(
  { after }: Pick<World, 'after'>,
  afterMs: number,
  other?: AbortSignal,
): Deadline {
  const controller = new AbortController();
  let expired = false;
  const release = after(afterMs, () => {
    expired = true;
    controller.abort();
  });
  const follow = (): void => {
    controller.abort(other?.reason);
  };
  if (other?.aborted) follow();
  other?.addEventListener('abort', follow, { once: true });
  return {
    signal: controller.signal,
    isExpired: () => expired,
    release,
  };
}
