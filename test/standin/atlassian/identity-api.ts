import { AVATAR_HOST } from '../facts/hosts.ts';
import { scopesOf, type Account, type Site } from '../facts/sites.ts';
import { json, type Answer } from '../http/answer.ts';
import { gatewayError } from '../state/gateway-errors.ts';
import type { Grant } from '../state/token-families.ts';
import type { World } from '../state/world.ts';

/** GET /oauth/token/accessible-resources: one entry per site and product, with one id. */
export function accessibleResources(world: World, grant: Grant): Answer {
  const mine = world.accounts.get(grant.accountId).sites;
  const sites = world.sites.filter(
    ({ cloudId }) => mine.includes(cloudId) && grant.cloudIds.includes(cloudId),
  );
  const entries = sites.flatMap((site) =>
    site.products.flatMap((product) => {
      const scopes = scopesOf(product, grant.scopes);
      if (scopes.length === 0) return [];
      const { cloudId: id, name, url } = site;
      return [{ id, url, name, scopes, avatarUrl: avatarUrl(site) }];
    }),
  );
  return json(200, entries);
}

/** GET /me: needs read:me. */
export function me(world: World, grant: Grant): Answer {
  if (!grant.scopes.includes('read:me')) return gatewayError(403, 'Forbidden');
  const account = world.accounts.get(grant.accountId);
  return json(200, {
    account_type: 'atlassian',
    account_id: account.accountId,
    email: account.email,
    name: account.name,
    picture: picture(account),
    account_status: 'active',
    nickname: account.nickname,
    zoneinfo: 'Europe/Berlin',
    locale: 'en-GB',
    extended_profile: {
      job_title: 'Engineer',
      organization: 'Example',
      department: 'Tests',
      location: 'Nowhere',
    },
  });
}

/** Where the picture of a site is. */
export function avatarUrl(site: Site): string {
  return `https://${AVATAR_HOST}/avatars/240/${site.cloudId}.png`;
}

/** Where the picture of an account is. */
export function picture(account: Account): string {
  return `https://${AVATAR_HOST}/people/${account.nickname}.png`;
}
