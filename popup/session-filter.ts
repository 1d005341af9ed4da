import type { SessionView, SiteView } from '#wire/views.ts';

/** The popup offers a filter if there are more sites than this. */
const mostSitesWithoutFilter = 6;

/** Whether a site has the host of the active tab. */
export function isOfHost(site: SiteView, host: string | undefined): boolean {
  return host !== undefined && URL.canParse(site.url) && new URL(site.url).host === host;
}

/** Whether there are enough sites for a filter. */
export function isFilterOffered(sessions: readonly SessionView[]): boolean {
  return sessions.reduce((count, { sites }) => count + sites.length, 0) > mostSitesWithoutFilter;
}

/**
 * The sessions as the popup lists them: sessions and sites of the active tab first, the others in the given order. Only
 * sites that match all words of the filter, and no session without a match.
 */
export function filteredSessions(
  sessions: readonly SessionView[],
  host: string | undefined,
  filter: string,
): SessionView[] {
  const words = filter.toLowerCase().split(/\s+/u);
  const isMatch = (site: SiteView): boolean => {
    const text = `${site.name} ${site.url} ${site.product}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const rank = (site: SiteView): number => (isOfHost(site, host) ? 0 : 1);
  const sessionRank = (session: SessionView): number => Math.min(1, ...session.sites.map(rank));
  return sessions
    .map((session) => ({
      ...session,
      sites: session.sites.filter(isMatch).toSorted((one, other) => rank(one) - rank(other)),
    }))
    .filter((session) => filter.trim() === '' || session.sites.length > 0)
    .toSorted((one, other) => sessionRank(one) - sessionRank(other));
}
