import type { SessionView, SiteView } from '../extension/wire/views.ts';

/** From how many sites on the popup offers a filter. */
const filterAbove = 6;

/** Whether a site is the one that the active tab shows. */
export function isOfHost(site: SiteView, host: string | undefined): boolean {
  return host !== undefined && URL.canParse(site.url) && new URL(site.url).host === host;
}

/** Whether there are so many sites that finding one by eye takes time. */
export function isFilterOffered(sessions: readonly SessionView[]): boolean {
  return sessions.reduce((count, { sites }) => count + sites.length, 0) > filterAbove;
}

/**
 * The sessions as the popup lists them: what belongs to the active tab first, else in the order that
 * they came in; only sites that the filter names, and no session that it leaves empty.
 */
export function filteredSessions(
  sessions: readonly SessionView[],
  host: string | undefined,
  filter: string,
): SessionView[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== '');
  const isFound = (site: SiteView): boolean => {
    const text = `${site.name} ${site.url} ${site.product}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const rank = (site: SiteView): number => (isOfHost(site, host) ? 0 : 1);
  const sessionRank = (session: SessionView): number => Math.min(1, ...session.sites.map(rank));
  return sessions
    .map((session) => ({
      ...session,
      sites: session.sites.filter(isFound).toSorted((one, other) => rank(one) - rank(other)),
    }))
    .filter((session) => words.length === 0 || session.sites.length > 0)
    .toSorted((one, other) => sessionRank(one) - sessionRank(other));
}
