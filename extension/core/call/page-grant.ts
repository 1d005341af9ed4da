import { isSameAccount, type Account, type SessionId } from '../session/session.ts';
import { isSameSite, type Product, type SiteKey } from '../session/site.ts';
import type { Origin } from '../values/origin.ts';

/** What a connected page may do. `read` refuses every call that could change something. */
export const accessLevels = ['read', 'write'] as const;
export type Access = (typeof accessLevels)[number];

/** A site of a grant, with the session whose account calls it. */
export interface GrantedSite extends SiteKey {
  readonly sessionId: SessionId;
}

/** An account as far as it identifies a person; empty when its provider did not name it. */
export type GrantedAccount = Pick<Account, 'accountId' | 'key'>;

/** A granted site, with the account that its session had when the person granted it. */
export interface BoundSite extends GrantedSite {
  readonly account: GrantedAccount;
}

/** What the person allowed the pages of one origin. */
export interface PageGrant {
  readonly origin: Origin;
  readonly sites: readonly BoundSite[];
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

/** The site bound to the account that its session has now. */
export function boundSite(site: GrantedSite, { accountId, key }: Account): BoundSite {
  const account = {
    ...(accountId === undefined ? {} : { accountId }),
    ...(key === undefined ? {} : { key }),
  };
  return { ...site, account };
}

/**
 * Whether a site may be called with the session's account of now. Where no account was known when the site was granted, only
 * the person could choose whose sign-in renews the session.
 */
export function isGrantedTo({ account: granted }: BoundSite, account: Account): boolean {
  return granted.accountId === undefined || isSameAccount(granted, account);
}

/** One entry per site and product. A later entry, with another account, replaces an earlier one. */
export function uniqueSites<S extends GrantedSite>(sites: readonly S[]): S[] {
  return sites.filter((site, at) => !sites.slice(at + 1).some((later) => isSameSite(site, later)));
}
