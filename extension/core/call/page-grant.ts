import type { SessionId } from '../session/session.ts';
import { isSameSite, type Product, type SiteKey } from '../session/site.ts';
import type { Origin } from '../values/origin.ts';

/** What a connected page may do: `read` refuses every call that could change something. */
export const accessLevels = ['read', 'write'] as const;
/** See {@link accessLevels}. */
export type Access = (typeof accessLevels)[number];

/** A site within a grant, with the session whose account is used for it. */
export interface GrantedSite extends SiteKey {
  readonly sessionId: SessionId;
}

/** What a person allowed the pages of one origin. */
export interface PageGrant {
  readonly origin: Origin;
  readonly sites: readonly GrantedSite[];
  readonly access: Access;
  readonly grantedAtMs: number;
  /** Which of several sites a path without `site` goes to, per product, as the person chose. */
  readonly chosen: Readonly<Partial<Record<Product, SiteKey>>>;
}

/** The grant without the sites of some sessions; undefined when none is left. */
export function withoutSessions(
  grant: PageGrant,
  isGone: (sessionId: SessionId) => boolean,
): PageGrant | undefined {
  const sites = grant.sites.filter((site) => !isGone(site.sessionId));
  if (sites.length === 0) return undefined;
  return sites.length === grant.sites.length ? grant : { ...grant, sites };
}

/** One entry per site and product: a later entry (another account for the same site) replaces. */
export function uniqueSites(sites: readonly GrantedSite[]): GrantedSite[] {
  return sites.filter((site, at) => !sites.slice(at + 1).some((later) => isSameSite(site, later)));
}
