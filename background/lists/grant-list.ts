import { findSite, type Site } from '#core/session/site.ts';
import type { BoundSite, PageGrant } from '#core/grant/page-grant.ts';
import type { StoredSession } from '#storage/schema.ts';
import type { GrantRow, Listed } from '#wire/list-views.ts';
import type { Grants } from '../grants/grants.ts';
import type { GrantViews } from '../views/grant-view.ts';
import { matcher, partOf, type WantedPart } from './matching.ts';

interface Dependencies {
  readonly grants: Pick<Grants, 'list'>;
  readonly sessions: () => readonly StoredSession[];
}

/** The grants whose origin matches, or one of whose sites with its account. */
export async function findGrants(
  wanted: WantedPart,
  { grants, sessions }: Dependencies,
  views: Pick<GrantViews, 'connection'>,
): Promise<Listed<GrantRow>> {
  const owners = new Map(sessions().map((one) => [one.id, one]));
  const isMatch = matcher(wanted.filter);
  const isFound = ({ origin, sites }: PageGrant): boolean =>
    isMatch(origin) ||
    sites.some((site) => isMatch(`${origin} ${siteText(site, owners.get(site.sessionId))}`));
  const all = grants.list();
  const matching = all
    .filter(isFound)
    .sort((one, other) => other.grantedAtMs - one.grantedAtMs || compare(one, other));
  const { rows, ...counts } = partOf(all.length, matching, wanted);
  return { ...counts, rows: await Promise.all(rows.map(async (one) => row(one, views))) };
}

async function row(grant: PageGrant, views: Pick<GrantViews, 'connection'>): Promise<GrantRow> {
  const { choosable: _, ...shown } = await views.connection(grant);
  return shown;
}

function siteText(granted: BoundSite, owner: StoredSession | undefined): string {
  if (owner === undefined) return '';
  const site: Site | undefined =
    findSite(owner.sites, granted) ?? findSite(owner.lostSites, granted);
  const { name = '', email = '' } = owner.account;
  return `${site?.name ?? ''} ${site?.url ?? ''} ${granted.product} ${name} ${email}`.toLowerCase();
}

function compare({ origin: one }: PageGrant, { origin: other }: PageGrant): number {
  return one < other ? -1 : 1;
}
