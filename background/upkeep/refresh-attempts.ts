import * as v from 'valibot';
import type { StorageArea } from '#browser/storage/storage-area.ts';
import type { SessionId } from '#core/session/session.ts';
import { keys } from '#storage/schema.ts';

/**
 * When upkeep last tried to refresh a session without success. In `storage.session`, so that each new worker does not
 * try again at once.
 */
export interface RefreshAttempts {
  /** The time of the last attempt by session, in epoch milliseconds. */
  all(): Promise<ReadonlyMap<SessionId, number>>;
  record(id: SessionId, nowMs: number): Promise<void>;
  remove(ids: readonly SessionId[]): Promise<void>;
  /** Removes the attempts of sessions that no longer exist. */
  keepOnly(exists: (id: SessionId) => boolean): Promise<void>;
}

const StoredAttempts = v.record(v.string(), v.pipe(v.number(), v.finite()));

export function createRefreshAttempts(area: StorageArea): RefreshAttempts {
  let reading: Promise<Map<SessionId, number>> | undefined;
  const all = (): Promise<Map<SessionId, number>> => {
    // If the entry cannot be read, the cost is one attempt too many.
    reading ??= area
      .read(keys.upkeep)
      .catch(() => undefined)
      .then((raw) => {
        const parsed = v.safeParse(StoredAttempts, raw);
        const entries = parsed.success ? Object.entries(parsed.output) : [];
        return new Map(entries.map(([id, atMs]) => [id as SessionId, atMs]));
      });
    return reading;
  };
  const store = async (attempts: ReadonlyMap<SessionId, number>): Promise<void> => {
    // If the area is full, this worker uses its memory, and the next one tries once more.
    await (
      attempts.size === 0
        ? area.remove([keys.upkeep])
        : area.write({ [keys.upkeep]: Object.fromEntries(attempts) })
    ).catch(() => undefined);
  };
  const remove: RefreshAttempts['remove'] = async (ids) => {
    const attempts = await all();
    const removed = ids.filter((id) => attempts.delete(id));
    if (removed.length > 0) await store(attempts);
  };
  return {
    all,
    record: async (id, nowMs) => {
      const attempts = await all();
      await store(attempts.set(id, nowMs));
    },
    remove,
    keepOnly: async (exists) => {
      const attempts = await all();
      await remove([...attempts.keys()].filter((id) => !exists(id)));
    },
  };
}
