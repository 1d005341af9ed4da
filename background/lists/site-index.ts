import { grantedSiteId } from '#core/grant/page-grant.ts';
import type { Site } from '#core/session/site.ts';
import type { StoredSession } from '#storage/schema.ts';
import type { Clients } from '../clients/clients.ts';
import type { World } from '../platform/world.ts';
import { searchText } from './matching.ts';
import { byText, sessionOrder } from './session-order.ts';

/** A session, and what is looked for in it. */
export interface IndexedSession {
  readonly stored: StoredSession;
  readonly clientName: string;
  /** Account and client, see `searchText`. */
  readonly text: string;
  /** By name. */
  readonly sites: readonly IndexedSite[];
}

/** A site of a session. */
export interface IndexedSite {
  readonly site: Site;
  readonly owner: IndexedSession;
  /** See `grantedSiteId`. */
  readonly id: string;
  /** See `searchText`. Without what its owner's text has. */
  readonly text: string;
  /** The host of its URL. */
  readonly host: () => string | undefined;
}

/** All sessions and their sites in the order in which they are listed, with what a search compares. */
export interface SiteIndex {
  /** By account, then by client. */
  sessions(): readonly IndexedSession[];
}

interface Dependencies {
  readonly clients: Pick<Clients, 'find'>;
  readonly sessions: () => readonly StoredSession[];
  readonly world: Pick<World, 'compareNames'>;
}

/** Stored sessions are replaced, never changed: what was made of one holds for as long as its client has the same name. */
export function createSiteIndex(dependencies: Dependencies): SiteIndex {
  const { clients, sessions, world } = dependencies;
  const order = sessionOrder(dependencies);
  const known = new WeakMap<StoredSession, IndexedSession>();
  let ordered: readonly IndexedSession[] = [];
  let orderOf: readonly IndexedSession[] = [];
  const indexed = (stored: StoredSession): IndexedSession => {
    const clientName = clients.find(stored.clientId)?.name ?? '';
    const before = known.get(stored);
    if (before?.clientName === clientName) return before;
    const made = indexSession(stored, clientName, world);
    known.set(stored, made);
    return made;
  };
  return {
    sessions: () => {
      const now = sessions().map(indexed);
      const isSame = now.length === orderOf.length && now.every((one, at) => one === orderOf[at]);
      if (!isSame) {
        orderOf = now;
        ordered = now.toSorted((one, other) => order(one.stored, other.stored));
      }
      return ordered;
    },
  };
}

function indexSession(
  stored: StoredSession,
  clientName: string,
  { compareNames }: Dependencies['world'],
): IndexedSession {
  const { account, label } = stored;
  const text = searchText(label, account.name, account.email, clientName);
  const sites: IndexedSite[] = [];
  const owner = { stored, clientName, text, sites };
  for (const site of stored.sites)
    sites.push({
      site,
      owner,
      id: grantedSiteId({ ...site, sessionId: stored.id }),
      text: searchText(site.name, site.url, site.product),
      host: once(() => URL.parse(site.url)?.host),
    });
  sites.sort(
    (one, other) => compareNames(one.site.name, other.site.name) || byText(one.id, other.id),
  );
  return owner;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
