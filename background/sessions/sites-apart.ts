import type { SessionId, SessionSites } from '#core/session/session.ts';
import {
  prefixes,
  type SessionEntry,
  type SitesEntry,
  type StoredSession,
} from '#storage/schema.ts';
import type { Parting } from '../storage/entity-layout.ts';
import type { Repository } from '../storage/repository.ts';
import type { Store } from '../storage/store.ts';

/**
 * The sites of a session are stored apart. Without them, as after damage, the session is one whose sites were never read: they
 * are read again at the next start.
 */
export const sitesApart: Parting<SessionEntry, SitesEntry, StoredSession> = {
  mainOf: ({
    sites: _sites,
    lostSites: _lost,
    sitesReadAtMs: _readAt,
    unreadableSites: _unreadable,
    ...entry
  }) => entry,
  partOf: ({ id, sites, sitesReadAtMs, unreadableSites, lostSites }) => ({
    id,
    sites,
    sitesReadAtMs,
    ...(unreadableSites === undefined ? {} : { unreadableSites }),
    lostSites,
  }),
  hasSamePart: (one, other) =>
    one.sites === other.sites &&
    one.lostSites === other.lostSites &&
    one.sitesReadAtMs === other.sitesReadAtMs &&
    one.unreadableSites === other.unreadableSites,
  join: (entry, sites) => ({ ...entry, ...(sites ?? unread) }),
};

const unread: SessionSites = { sites: [], sitesReadAtMs: 0, lostSites: [] };

/** At each start: removes the sites of sessions that are gone, as after damage. @throws BrokerError `storage_failed` */
export async function removeSitesWithoutSession(
  sessions: Pick<Repository<SessionId, StoredSession>, 'get'>,
  store: Pick<Store, 'entries' | 'hasStaleCopy' | 'remove'>,
): Promise<void> {
  const left = store
    .entries(prefixes.sites)
    .map(([key]) => key)
    .filter((key) => sessions.get(key.slice(prefixes.sites.length) as SessionId) === undefined);
  // The session may be in a copy that cannot be read now.
  if (left.length > 0 && !store.hasStaleCopy()) await store.remove(left);
}
