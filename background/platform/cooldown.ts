import type { World } from './world.ts';

/** Keys whose work was just done and is not to be done again for a minute. In memory: a new worker begins without any. */
export interface Cooldowns<K, V> {
  /** Begins the cooldown of a key, or begins it again, and keeps `value` until it ends. */
  begin(key: K, value: V): void;
  /** The value that {@link begin} was given; undefined when the key has no cooldown. */
  get(key: K): V | undefined;
  end(key: K): void;
}

/** Duration of a cooldown, in milliseconds. Pages cause the work, so a page must not decide how often it is done. */
const cooldownMs = 60_000;

export function createCooldowns<K, V>({ nowMs }: Pick<World, 'nowMs'>): Cooldowns<K, V> {
  const entries = new Map<K, { readonly value: V; readonly sinceMs: number }>();
  const removeExpired = (): void => {
    const atMs = nowMs();
    for (const [key, { sinceMs }] of entries) {
      // After a clock was set back, the elapsed time is unknown: the cooldown ends.
      if (atMs >= sinceMs + cooldownMs || atMs < sinceMs) entries.delete(key);
    }
  };
  return {
    begin: (key, value) => {
      removeExpired();
      entries.set(key, { value, sinceMs: nowMs() });
    },
    get: (key) => {
      removeExpired();
      return entries.get(key)?.value;
    },
    end: (key) => void entries.delete(key),
  };
}

/**
 * Limits `work` to one run at a time and one start a minute for each key. The result resolves when the run ends, or at
 * once during the cooldown, and never rejects: a run that fails has a cooldown too.
 */
export function withCooldown<K>(
  work: (key: K) => Promise<unknown>,
  world: Pick<World, 'nowMs' | 'withKeepAlive'>,
): (key: K) => Promise<void> {
  const cooldowns = createCooldowns<K, true>(world);
  const running = new Map<K, Promise<void>>();
  return (key) => {
    const already = running.get(key);
    if (already !== undefined) return already;
    if (cooldowns.get(key)) return Promise.resolve();
    cooldowns.begin(key, true);
    const run = world
      .withKeepAlive(() => work(key))
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => running.delete(key));
    running.set(key, run);
    return run;
  };
}
