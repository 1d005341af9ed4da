import { apiBaseOf } from '#core/client/client-endpoints.ts';
import { profileOf } from '#core/provider/provider-profile.ts';
import type { ProviderProfile } from '#core/provider/provider-type.ts';
import type { Account } from '#core/session/session.ts';
import { ownSite, type SiteReport } from '#core/session/site.ts';
import { accessibleResources, me } from './atlassian-resources.ts';
import { dataCenterAccount } from './data-center-resources.ts';
import type { ResourceContext } from './resource-request.ts';
import { userinfoAccount } from './userinfo.ts';

const accounts: Readonly<
  Record<ProviderProfile['identity'], (context: ResourceContext) => Promise<Account>>
> = {
  atlassian: me,
  'data-center': dataCenterAccount,
  userinfo: userinfoAccount,
  none: () => Promise.resolve({}),
};

/**
 * The account of the person who signed in; empty when the grant does not allow reading it.
 * @throws BrokerError `answered_as_anonymous`, `provider_unreachable`, `provider_answer_invalid`
 */
export function accountOf(context: ResourceContext): Promise<Account> {
  return accounts[profileOf(context.client.type).identity](context);
}

const sites: Readonly<
  Record<ProviderProfile['sites'], (context: ResourceContext) => Promise<SiteReport>>
> = {
  'accessible-resources': accessibleResources,
  'base-url': configuredSite,
  'api-base': configuredSite,
};

/**
 * The sites that a grant reaches.
 * @throws BrokerError `grant_rejected` (the token is rejected), `provider_unreachable`, `provider_answer_invalid`
 */
export function sitesOf(context: ResourceContext): Promise<SiteReport> {
  return sites[profileOf(context.client.type).sites](context);
}

/** The one site that the configuration names, if it has an API base URL. */
async function configuredSite({ client, scopes, subtle }: ResourceContext): Promise<SiteReport> {
  const url = apiBaseOf(client);
  if (url === undefined) return { sites: [], unreadable: 0 };
  const digest = await subtle.digest('SHA-256', new TextEncoder().encode(url));
  const site = ownSite(url, client.product ?? 'generic', scopes, new Uint8Array(digest, 0, 16));
  return { sites: [site], unreadable: 0 };
}
