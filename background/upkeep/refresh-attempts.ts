import * as v from 'valibot';
import type { StorageArea } from '../../extension/browser/storage/storage-area.ts';
import type { SessionId } from '../../extension/core/session/session.ts';
import { keys } from '../../extension/storage/schema.ts';

/** When upkeep last tried in vain to refresh a session; outlives the worker, so that each new one does not try at once. */
export interface Tries {
  /** Epoch milliseconds by session. */
  all(): Promise<ReadonlyMap<SessionId, number>>;
  note(id: SessionId, nowMs: number): Promise<void>;
  forget(ids: readonly SessionId[]): Promise<void>;
  /** Forgets what is of no session any more. */
  keep(isKept: (id: SessionId) => boolean): Promise<void>;
}

const StoredTries = v.record(v.string(), v.pipe(v.number(), v.finite()));

/** See {@link Tries}. */
export function createTries(area: StorageArea): Tries {
  let reading: Promise<Map<SessionId, number>> | undefined;
  const all = (): Promise<Map<SessionId, number>> => {
    // What cannot be read now is not worth more than a try too many.
    reading ??= area
      .read(keys.upkeep)
      .catch(() => undefined)
      .then((raw) => {
        const parsed = v.safeParse(StoredTries, raw);
        const entries = parsed.success ? Object.entries(parsed.output) : [];
        return new Map(entries.map(([id, atMs]) => [id as SessionId, atMs]));
      });
    return reading;
  };
  const store = async (tries: ReadonlyMap<SessionId, number>): Promise<void> => {
    // Memory serves this worker if the area is full; the next one tries once more.
    await (
      tries.size === 0
        ? area.remove([keys.upkeep])
        : area.write({ [keys.upkeep]: Object.fromEntries(tries) })
    ).catch(() => undefined);
  };
  const forget: Tries['forget'] = async (ids) => {
    const tries = await all();
    const known = ids.filter((id) => tries.delete(id));
    if (known.length > 0) await store(tries);
  };
  return {
    all,
    note: async (id, nowMs) => {
      const tries = await all();
      await store(tries.set(id, nowMs));
    },
    forget,
    keep: async (isKept) => {
      const tries = await all();
      await forget([...tries.keys()].filter((id) => !isKept(id)));
    },
  };
}
