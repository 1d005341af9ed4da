import * as v from 'valibot';
import type { StorageArea } from '../../extension/browser/storage/storage-area.ts';
import {
  accessLevels,
  type Access,
  type GrantedSite,
} from '../../extension/core/call/page-grant.ts';
import type { SessionId } from '../../extension/core/session/session.ts';
import { SiteKeySchema } from '../../extension/core/session/site.ts';
import { connectableOrigin, type Origin } from '../../extension/core/values/origin.ts';
import { keys, prefixes } from '../../extension/storage/schema.ts';

/** What a person is about to allow an origin. */
export interface WantedGrant {
  readonly origin: Origin;
  readonly sites: readonly GrantedSite[];
  readonly access: Access;
}

/** Grants that wait for the browser's own prompt: the popup that asked is gone by the time it is answered. */
export interface PendingGrants {
  put(wanted: WantedGrant): Promise<void>;
  /** Those that are not outdated. */
  list(nowMs: number): Promise<readonly WantedGrant[]>;
  /** Takes one out; resolves to false when somebody else did. */
  take(origin: Origin): Promise<boolean>;
}

/**
 * How long a prompt may be left unanswered, in milliseconds. Short, for nobody tells that it was refused: a
 * host that is allowed much later, in the browser's own settings, connects nothing.
 */
const lifetimeMs = 3 * 60_000;

const PendingSchema = v.object({
  origin: v.custom<Origin>(
    (input) => typeof input === 'string' && connectableOrigin(input) === input,
  ),
  sites: v.array(
    v.object({
      ...SiteKeySchema.entries,
      sessionId: v.custom<SessionId>((input) => typeof input === 'string'),
    }),
  ),
  access: v.picklist(accessLevels),
  askedAtMs: v.number(),
});

/** Whether an entry under the prefix of pending grants counts for nothing any more. */
export function isOutdatedPending(raw: unknown, nowMs: number): boolean {
  const parsed = v.safeParse(PendingSchema, raw);
  // One of the future was put while the clock was wrong.
  return !parsed.success || Math.abs(nowMs - parsed.output.askedAtMs) >= lifetimeMs;
}

/** See {@link PendingGrants}. */
export function pendingGrants(area: StorageArea, nowMs: () => number = Date.now): PendingGrants {
  const taken = new Set<Origin>();
  return {
    put: async (wanted) => {
      taken.delete(wanted.origin);
      await area.write({ [keys.pending(wanted.origin)]: { ...wanted, askedAtMs: nowMs() } });
    },
    list: async (now) => {
      const entries = Object.entries(await area.all()).filter(([key]) =>
        key.startsWith(prefixes.pending),
      );
      const parsed = entries.map(([, value]) => v.safeParse(PendingSchema, value));
      return parsed.flatMap((entry) =>
        entry.success && now - entry.output.askedAtMs < lifetimeMs ? [entry.output] : [],
      );
    },
    take: async (origin) => {
      if (taken.has(origin)) return false;
      taken.add(origin);
      await area.remove([keys.pending(origin)]);
      return true;
    },
  };
}
