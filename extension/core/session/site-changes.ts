import { isSameSite, type Site } from './site.ts';

/** The sites of a session as its grant reaches them, and those that it reached once. */
export interface KnownSites {
  readonly sites: readonly Site[];
  /** Known before and not reached any more; one that comes back is no longer lost. */
  readonly lostSites: readonly Site[];
}

/**
 * What is known after accessible-resources was asked again. A list that stays as it was is the same object, so
 * that a change can be told by identity.
 */
export function withReportedSites(before: KnownSites, told: readonly Site[]): KnownSites {
  const known = [...before.sites, ...before.lostSites];
  const lost = known.filter((site) => !told.some((candidate) => isSameSite(candidate, site)));
  const lostSites = lost.filter(
    (site, at) => lost.findIndex((one) => isSameSite(one, site)) === at,
  );
  return {
    sites: unlessEqual(before.sites, told),
    lostSites: unlessEqual(before.lostSites, lostSites),
  };
}

function unlessEqual(before: readonly Site[], after: readonly Site[]): readonly Site[] {
  const isEqual =
    before.length === after.length &&
    before.every((site, at) => after[at] !== undefined && isEqualSite(site, after[at]));
  return isEqual ? before : after;
}

function isEqualSite(one: Site, other: Site): boolean {
  const isAlike =
    one.url === other.url && one.name === other.name && one.avatarUrl === other.avatarUrl;
  return isSameSite(one, other) && isAlike && one.scopes.join(' ') === other.scopes.join(' ');
}
