import type { StorageArea } from '../../extension/browser/storage/storage-area.ts';
import type { SessionId } from '../../extension/core/session/session.ts';
import { reveal, secret, type Secret } from '../../extension/core/values/secret.ts';
import { parseAccess } from '../../extension/storage/parse-stored.ts';
import { keys, type StoredAccess } from '../../extension/storage/schema.ts';

/** An access token in the worker's memory. */
export interface AccessToken {
  readonly token: Secret;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  /** The session's generation that it came with. */
  readonly generation: number;
  /** When a call was first made with it; absent when none was. */
  readonly usedAtMs?: number;
}

/** Access tokens: in memory, and in `storage.session` so that they outlive the worker. Never on a disk. */
export interface AccessTokens {
  /** The token, unless it is of an older generation than the one asked for. */
  read(id: SessionId, generation?: number): Promise<AccessToken | undefined>;
  /** Never puts an older generation in the place of a newer one. */
  write(id: SessionId, access: AccessToken): Promise<void>;
  /** Notes the first use of a token; resolves to whether this was it. A token that was replaced meanwhile is left alone. */
  noteUse(id: SessionId, used: AccessToken, nowMs: number): Promise<boolean>;
  forget(ids: readonly SessionId[]): Promise<void>;
}

/** A token with what decided where it might go when it came. */
type Kept = AccessToken & Pick<StoredAccess, 'audience'>;

/**
 * See {@link AccessTokens}.
 * @param audience what decides now where the tokens of a session go; one that came for another is not given out
 */
export function createAccessTokens(
  area: StorageArea,
  audience: (id: SessionId) => string,
): AccessTokens {
  const memory = new Map<SessionId, Kept>();
  const remembered = (id: SessionId, generation: number): Kept | undefined => {
    const kept = memory.get(id);
    const isGood = kept && kept.generation >= generation && kept.audience === audience(id);
    return isGood ? kept : undefined;
  };
  const write: AccessTokens['write'] = async (id, access) => {
    if ((memory.get(id)?.generation ?? 0) > access.generation) return;
    const kept = { ...access, audience: audience(id) };
    memory.set(id, kept);
    const entry: StoredAccess = { ...kept, token: reveal(access.token) };
    // Memory serves this worker if the area is full; the next one refreshes.
    await area.write({ [keys.access(id)]: entry }).catch(() => undefined);
  };
  return {
    read: async (id, generation = 0) => {
      const cached = remembered(id, generation);
      if (cached) return cached;
      const parsed = parseAccess(await area.read(keys.access(id)));
      // Written meanwhile by a refresh: that one is newer.
      const raced = remembered(id, generation);
      if (raced) return raced;
      if (!parsed.ok || parsed.value.generation < generation) return undefined;
      if (parsed.value.audience !== audience(id)) return undefined;
      const access = { ...parsed.value, token: secret(parsed.value.token) };
      memory.set(id, access);
      return access;
    },
    write,
    noteUse: async (id, used, nowMs) => {
      const current = memory.get(id);
      if (current?.generation !== used.generation || current.usedAtMs !== undefined) return false;
      await write(id, { ...current, usedAtMs: nowMs });
      return true;
    },
    forget: async (ids) => {
      for (const id of ids) memory.delete(id);
      await area.remove(ids.map((id) => keys.access(id)));
    },
  };
}
