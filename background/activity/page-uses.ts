import type { SessionId } from '#core/session/session.ts';
import type { Origin } from '#core/values/origin.ts';
import type { StoredCounts } from './stored-counts.ts';

/** When and how often pages called, as far as that was recorded; nothing while the log is off. */
export interface PageUses {
  /** When a granted site was last called, see `grantedSiteId`; in epoch milliseconds. */
  siteMs(siteId: string): number | undefined;
  /** When an origin last called. */
  originMs(origin: Origin): number | undefined;
  /** When a site of each session was last called. */
  sessionsMs(): ReadonlyMap<SessionId, number>;
  /** How many calls each origin made in the last 30 days, however they ended. */
  calls(): ReadonlyMap<Origin, number>;
}

export function createPageUses(isOn: () => boolean, counts: StoredCounts): PageUses {
  const timeOf = (key: string): number | undefined => (isOn() ? counts.uses.get(key) : undefined);
  return {
    siteMs: timeOf,
    originMs: timeOf,
    sessionsMs: () => {
      const times = new Map<SessionId, number>();
      for (const [key, atMs] of isOn() ? counts.uses.entries() : []) {
        const id = sessionOf(key);
        if (id !== undefined) times.set(id, Math.max(times.get(id) ?? 0, atMs));
      }
      return times;
    },
    calls: () => {
      const sums = new Map<Origin, number>();
      for (const { origin, ok, failed, refused, aborted } of isOn() ? counts.list(undefined) : [])
        sums.set(origin, (sums.get(origin) ?? 0) + ok + failed + refused + aborted);
      return sums;
    },
  };
}

/** Who has sessions and grants. */
export interface KnownParties {
  readonly hasSession: (id: SessionId) => boolean;
  readonly hasGrant: (origin: Origin) => boolean;
}

/** Whether the session or the grant of a recorded use exists. */
export function isOfKnown(key: string, { hasSession, hasGrant }: KnownParties): boolean {
  const id = sessionOf(key);
  return id === undefined ? hasGrant(key as Origin) : hasSession(id);
}

const siteIdPattern = /^[a-z]+:[A-Za-z0-9-]{1,64}:([\da-f-]{36})$/u;

/** The session of the id of a granted site; undefined for an origin. */
function sessionOf(key: string): SessionId | undefined {
  return siteIdPattern.exec(key)?.[1] as SessionId | undefined;
}
