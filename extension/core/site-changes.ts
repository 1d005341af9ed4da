import { isSameSite, type Site } from './site.ts';

/** The sites that a session reaches, and those that it reached before and lost. */
export interface KnownSites {
  readonly sites: readonly Site[];
  readonly lostSites: readonly Site[];
}

/**
 * What is known after accessible-resources told its sites. Lost is what was known and is told no more; a site
 * that comes back is not lost any longer. A list that stays as it was is the same object, so that a
 * change can be told by identity.
 */
export function withSitesTold(before: KnownSites, told: readonly Site[]): KnownSites {
  const isTold = (site: Site): boolean => told.some((other) => isSameSite(site, other));
  const wasKnown = (site: Site): boolean => before.sites.some((other) => isSameSite(site, other));
  const earlier = before.lostSites.filter((site) => !isTold(site) && !wasKnown(site));
  const lost = [...earlier, ...before.sites.filter((site) => !isTold(site))];
  return {
    sites: unlessEqual(before.sites, told),
    lostSites: unlessEqual(before.lostSites, lost),
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
  const haveSameScopes = one.scopes.join(' ') === other.scopes.join(' ');
  return isSameSite(one, other) && isAlike && haveSameScopes;
}
