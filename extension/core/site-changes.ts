import { isSameSite, type Site } from './site.ts';

/** The sites of a session as its grant reaches them, and those that it reached once. */
export interface KnownSites {
  readonly sites: readonly Site[];
  /** Known before and not reached any more; one that comes back is no longer lost. */
  readonly lostSites: readonly Site[];
}

/** What is known after accessible-resources was asked again. */
export function withSitesTold(before: KnownSites, told: readonly Site[]): KnownSites {
  const known = [...before.sites, ...before.lostSites];
  const lost = known.filter((site) => !told.some((candidate) => isSameSite(candidate, site)));
  const lostSites = lost.filter(
    (site, at) => lost.findIndex((one) => isSameSite(one, site)) === at,
  );
  return { sites: told, lostSites };
}
