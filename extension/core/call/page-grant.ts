import type { SessionId } from '../session/session.ts';
import { isSameSite, type Product, type SiteKey } from '../session/site.ts';
import type { Origin } from '../values/origin.ts';

/** What a connected page may do. `read` refuses every call that could change something. */
export const accessLevels = ['read', 'write'] as const;
export type Access = (typeof accessLevels)[number];

/** A site of a grant, with the session whose account calls it. */
export interface GrantedSite extends SiteKey {
  readonly sessionId: SessionId;
}

/** What the person allowed the pages of one origin. */
export interface PageGrant {
  readonly origin: Origin;
  readonly sites: readonly GrantedSite[];
  readonly access: Access;
  readonly grantedAtMs: number;
  /** The site that the person chose for paths that do not name one, per product. */
  readonly chosen: Readonly<Partial<Record<Product, SiteKey>>>;
}

/** The grant without the sites of some sessions: undefined when no site is left, the same object when none was removed. */
export function withoutSessions(
  grant: PageGrant,
  isRemoved: (sessionId: SessionId) => boolean,
): PageGrant | undefined {
  const sites = grant.sites.filter((site) => !isRemoved(site.sessionId));
  if (sites.length === 0) return undefined;
  return sites.length === grant.sites.length ? grant : { ...grant, sites };
}

/** One entry per site and product. A later entry, with another account, replaces an earlier one. */
export function uniqueSites(sites: readonly GrantedSite[]): GrantedSite[] {
  return sites.filter((site, at) => !sites.slice(at + 1).some((later) => isSameSite(site, later)));
}
