import type { SessionId } from '../extension/core/session.ts';
import type { World } from './world.ts';

/** What was just done for somebody, and is not done again for a while. In memory: a new worker does it once more. */
export interface Rests<K, V> {
  begin(key: K, value: V): void;
  /** Undefined when it does not rest. */
  of(key: K): V | undefined;
  end(key: K): void;
}

/** How long it rests, in milliseconds: pages decide how often they are refused. */
const restMs = 60_000;

/** See {@link Rests}. */
export function createRests<K, V>({ nowMs }: Pick<World, 'nowMs'>): Rests<K, V> {
  const resting = new Map<K, { readonly value: V; readonly sinceMs: number }>();
  const forgetOver = (): void => {
    const atMs = nowMs();
    for (const [key, { sinceMs }] of resting)
      // A clock that went back tells nothing of how long ago it was.
      if (atMs >= sinceMs + restMs || atMs < sinceMs) resting.delete(key);
  };
  return {
    begin: (key, value) => {
      forgetOver();
      resting.set(key, { value, sinceMs: nowMs() });
    },
    of: (key) => {
      forgetOver();
      return resting.get(key)?.value;
    },
    end: (key) => void resting.delete(key),
  };
}

/** Does something for a session; resolves when it is done, and at once while it rests. Never rejects. */
export type Rested = (id: SessionId) => Promise<void>;

/** Makes a {@link Rested}: one at a time for each session. A failure rests too. */
export function rested(
  act: (id: SessionId) => Promise<unknown>,
  world: Pick<World, 'nowMs' | 'withKeepAlive'>,
): Rested {
  const rests = createRests<SessionId, true>(world);
  const running = new Map<SessionId, Promise<void>>();
  return (id) => {
    const already = running.get(id);
    if (already !== undefined) return already;
    if (rests.of(id)) return Promise.resolve();
    rests.begin(id, true);
    const work = world
      .withKeepAlive(() => act(id))
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => running.delete(id));
    running.set(id, work);
    return work;
  };
}
