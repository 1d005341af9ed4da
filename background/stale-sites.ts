import type { SessionId } from '../extension/core/session.ts';
import type { World } from './world.ts';

/** Notes that a call proved a session's list of sites wrong. */
export type NoteStale = (id: SessionId) => void;

/** A session's sites are read again at most this often, in milliseconds: pages decide how often they are refused. */
const restMs = 60_000;

interface Dependencies {
  /** Reads the sites anew and stores them. */
  readonly reread: (id: SessionId) => Promise<unknown>;
  readonly world: Pick<World, 'nowMs' | 'withKeepAlive'>;
}

/**
 * Makes a {@link NoteStale} that has the sites of the session read again, one reading at a time. Nobody waits
 * for it, and a failure leaves the list as it is.
 */
export function createNoteStale({ reread, world }: Dependencies): NoteStale {
  const running = new Set<SessionId>();
  const readAtMs = new Map<SessionId, number>();
  return (id) => {
    const nowMs = world.nowMs();
    for (const [known, atMs] of readAtMs)
      // A clock that went back tells nothing of how long ago it was.
      if (nowMs >= atMs + restMs || nowMs < atMs) readAtMs.delete(known);
    if (running.has(id) || readAtMs.has(id)) return;
    running.add(id);
    readAtMs.set(id, nowMs);
    world
      .withKeepAlive(() => reread(id))
      .catch(() => undefined)
      .finally(() => running.delete(id));
  };
}
