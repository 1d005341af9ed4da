import type { ReachableSite } from '#core/address/reachable-site.ts';
import { grantedSiteId } from '#core/grant/page-grant.ts';
import type { SessionId } from '#core/session/session.ts';
import type { CloudId } from '#core/session/site.ts';
import type { PageSite } from '#wire/page-api.ts';
import type { TestAccount, TestSite } from './types.ts';

/** A granted site, as calls are planned with it and as the page sees it. */
export interface GrantedTestSite {
  readonly reachable: ReachableSite;
  readonly page: Omit<PageSite, 'access'>;
}

const gateway = 'https://api.atlassian.com';

export function grantedSite(
  { url: given, product = 'jira', name, avatarUrl, cloudId, isCloud, account }: TestSite,
  accounts: readonly TestAccount[],
): GrantedTestSite {
  const { host, hostname, pathname } = new URL(given);
  const url = given.replace(/\/+$/u, '');
  const owner = accounts.find(({ id }) => account === undefined || id === account);
  if (owner === undefined) throw new Error(`no account has the id ${String(account)}`);
  const isAtlassian = hostname.endsWith('.atlassian.net');
  const hasGateway = isCloud ?? (isAtlassian && (product === 'jira' || product === 'confluence'));
  const reachable: ReachableSite = {
    product,
    cloudId: (cloudId ?? madeId(`${host}${pathname}`)) as CloudId,
    sessionId: owner.id as SessionId,
    url,
    name: name ?? host,
    ...(hasGateway ? { gateway } : {}),
  };
  const page = {
    id: grantedSiteId(reachable),
    product,
    url,
    name: reachable.name,
    account: { id: owner.id, name: owner.name ?? '' },
    ...(avatarUrl === undefined ? {} : { avatarUrl }),
  };
  return { reachable, page };
}

/** An id of the characters that Atlassian's have. */
function madeId(address: string): string {
  return address
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/gu, '-')
    .replaceAll(/^-+|-+$/gu, '')
    .slice(0, 64);
}
