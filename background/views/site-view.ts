import { isGrantedTo, type BoundSite } from '#core/grant/page-grant.ts';
import { scopedAccess } from '#core/session/scoped-access.ts';
import type { SessionId } from '#core/session/session.ts';
import { findSite, type Site } from '#core/session/site.ts';
import type { StoredSession } from '#storage/schema.ts';
import type { SessionProblem, SessionSite } from '#wire/list-views.ts';
import type { AccountView, SiteView } from '#wire/views.ts';
import type { Avatars } from './avatars.ts';

/** Makes views of sites. */
export type ToSiteView = (site: Site) => SiteView;

/** The view of a site without its image. */
export function plainSiteView({ cloudId, product, url, name }: Site): SiteView {
  return { cloudId, product, url, name };
}

/** Views of sites with their images, as far as they are loaded. */
export function siteViews(avatars: Pick<Avatars, 'get'>): ToSiteView {
  return (site) => {
    const avatarDataUrl = avatars.get(site.avatarUrl);
    const view = plainSiteView(site);
    return avatarDataUrl === undefined ? view : { ...view, avatarDataUrl };
  };
}

/** The view of a session's account: with the label, without the key, which only the provider needs. */
export function accountView({
  account: { key: _key, ...shown },
  label,
}: Pick<StoredSession, 'account' | 'label'>): AccountView {
  return label === undefined ? shown : { ...shown, label };
}

/** The members of a view that say whose session it is. */
export function ownerOf(owner: StoredSession): {
  readonly sessionId: SessionId;
  readonly account: AccountView;
} {
  return { sessionId: owner.id, account: accountView(owner) };
}

/** The stored site of a granted one; undefined when the session no longer reaches it or has another account. */
export function storedSite(
  granted: BoundSite,
  owner: StoredSession | undefined,
): { readonly site: Site; readonly owner: StoredSession } | undefined {
  if (owner === undefined || !isGrantedTo(granted, owner.account)) return undefined;
  const site = findSite(owner.sites, granted);
  return site && { site, owner };
}

/** The view of a site with the session whose account calls it, and what is wrong with it. */
export function sessionSite(
  site: Site,
  owner: StoredSession,
  problem: SessionProblem | undefined,
  siteView: ToSiteView,
): SessionSite {
  const access = scopedAccess(site);
  return {
    ...siteView(site),
    ...ownerOf(owner),
    clientId: owner.clientId,
    ...(problem === undefined ? {} : { problem }),
    ...(access === undefined ? {} : { scopedAccess: access }),
  };
}
