import type { StorageArea } from '#browser/storage/storage-area.ts';
import type { SessionId } from '#core/session/session.ts';
import { reveal, secret, type Secret } from '#core/values/secret.ts';
import { parseAccess } from '#storage/parse-stored.ts';
import { keys, type StoredAccess } from '#storage/schema.ts';

/** An access token in the worker's memory. Times are epoch milliseconds. */
export interface AccessToken {
  readonly token: Secret;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  /** The session's generation when it was issued. */
  readonly generation: number;
  /** When the first call was made with it; absent before that. */
  readonly usedAtMs?: number;
}

/** Access tokens: in memory, and in `storage.session` so that a new worker finds them. Never on disk. */
export interface AccessTokens {
  /** The token; undefined when its generation is lower than `generation`. */
  read(id: SessionId, generation?: number): Promise<AccessToken | undefined>;
  /** Does nothing when a token of a higher generation is in memory. */
  write(id: SessionId, access: AccessToken): Promise<void>;
  /** Records the first use of a token. Resolves to false when a use was recorded before, or another token has replaced it. */
  recordUse(id: SessionId, used: AccessToken, nowMs: number): Promise<boolean>;
  remove(ids: readonly SessionId[]): Promise<void>;
}

/** A token, and what its session was bound to when it was issued. */
type CachedToken = AccessToken & Pick<StoredAccess, 'binding'>;

/**
 * Keeps access tokens in `area`.
 * @param bindingOf where the tokens of a session may be sent now, and whose it is; a token issued for another binding is not returned
 */
export function createAccessTokens(
  area: StorageArea,
  bindingOf: (id: SessionId) => string,
): AccessTokens {
  const memory = new Map<SessionId, CachedToken>();
  const cachedToken = (id: SessionId, generation: number): CachedToken | undefined => {
    const cached = memory.get(id);
    const isCurrent = cached && cached.generation >= generation && cached.binding === bindingOf(id);
    return isCurrent ? cached : undefined;
  };
  const write: AccessTokens['write'] = async (id, access) => {
    if ((memory.get(id)?.generation ?? 0) > access.generation) return;
    const cached = { ...access, binding: bindingOf(id) };
    memory.set(id, cached);
    const entry: StoredAccess = { ...cached, token: reveal(access.token) };
    // If the area is full, this worker uses the token in memory and the next worker refreshes.
    await area.write({ [keys.access(id)]: entry }).catch(() => undefined);
  };
  return {
    read: async (id, generation = 0) => {
      const cached = cachedToken(id, generation);
      if (cached) return cached;
      const parsed = parseAccess(await area.read(keys.access(id)));
      // A refresh has written a newer token meanwhile.
      const newer = cachedToken(id, generation);
      if (newer) return newer;
      if (!parsed.ok || parsed.value.generation < generation) return undefined;
      if (parsed.value.binding !== bindingOf(id)) return undefined;
      const access = { ...parsed.value, token: secret(parsed.value.token) };
      memory.set(id, access);
      return access;
    },
    write,
    recordUse: async (id, used, nowMs) => {
      const current = memory.get(id);
      if (current?.generation !== used.generation || current.usedAtMs !== undefined) return false;
      await write(id, { ...current, usedAtMs: nowMs });
      return true;
    },
    remove: async (ids) => {
      for (const id of ids) memory.delete(id);
      await area.remove(ids.map((id) => keys.access(id)));
    },
  };
}
