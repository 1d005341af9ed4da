import { isSameSite, type Site, type SiteReport } from './site.ts';

/** The sites that a session's grant gives access to, and those that it gave access to earlier. */
export interface KnownSites {
  readonly sites: readonly Site[];
  /** Known before, and no longer accessible. A site that is accessible again is removed from this list. */
  readonly lostSites: readonly Site[];
}

/**
 * The known sites after accessible-resources was read again. An unchanged list is the same object, to detect changes by
 * identity. An entry that could not be read may be any of the sites that are missing, so none of them is lost.
 */
export function withReportedSites(before: KnownSites, report: SiteReport): KnownSites {
  const isMissing = (site: Site): boolean =>
    !report.sites.some((candidate) => isSameSite(candidate, site));
  const kept = report.unreadable === 0 ? [] : before.sites.filter(isMissing);
  const reported = kept.length === 0 ? report.sites : [...report.sites, ...kept];
  const known = [...before.sites, ...before.lostSites];
  const lost = known.filter((site) => !reported.some((candidate) => isSameSite(candidate, site)));
  const lostSites = lost.filter(
    (site, at) => lost.findIndex((one) => isSameSite(one, site)) === at,
  );
  return {
    sites: unlessEqual(before.sites, reported),
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
