import { grantedSiteId, type PageGrant } from '#core/grant/page-grant.ts';
import type { Site } from '#core/session/site.ts';
import type { StoredSession } from '#storage/schema.ts';
import type { PageSite } from '#wire/page-api.ts';

/** A granted site as its page gets it. */
export function pageSite(
  site: Site,
  { id: sessionId, account }: StoredSession,
  { access }: PageGrant,
): PageSite {
  const { product, url, name, avatarUrl } = site;
  return {
    id: grantedSiteId({ ...site, sessionId }),
    account: { id: sessionId, name: account.name ?? account.email ?? '' },
    product,
    url,
    name,
    access,
    ...(avatarUrl === undefined ? {} : { avatarUrl }),
  };
}
