import type { SessionId } from '../extension/core/session.ts';
import { rested } from './rests.ts';
import type { World } from './world.ts';

/** Notes that a call proved a session's list of sites wrong. */
export type NoteStale = (id: SessionId) => void;

interface Dependencies {
  /** Reads the sites anew and stores them. */
  readonly reread: (id: SessionId) => Promise<unknown>;
  readonly world: Pick<World, 'nowMs' | 'withKeepAlive'>;
}

/**
 * Makes a {@link NoteStale} that has the sites of the session read again, one reading at a time and once a minute at most.
 * Nobody waits for it, and a failure leaves the list as it is.
 */
export function createNoteStale({ reread, world }: Dependencies): NoteStale {
  const rereadOnce = rested(reread, world);
  return (id) => void rereadOnce(id);
}
