import { grantedSiteId, type PageGrant } from '#core/grant/page-grant.ts';
import type { Origin } from '#core/values/origin.ts';
import type { GrantRow, Listed } from '#wire/list-views.ts';
import type { GrantView } from '#wire/views.ts';
import type { PageUses } from '../activity/page-uses.ts';
import type { Grants } from '../grants/grants.ts';
import type { GrantViews } from '../views/grant-view.ts';
import {
  containsAll,
  partOf,
  searchText,
  wordsLacking,
  wordsOf,
  type WantedPart,
} from './matching.ts';
import type { SiteIndex } from './site-index.ts';

interface Dependencies {
  readonly grants: Pick<Grants, 'list'>;
  readonly index: SiteIndex;
  readonly uses: Pick<PageUses, 'originMs' | 'calls'>;
}

/** The grants whose origin matches, or one of whose sites with its account; those first that called last. */
export async function findGrants(
  wanted: WantedPart,
  { grants, index, uses }: Dependencies,
  views: Pick<GrantViews, 'connection'>,
): Promise<Listed<GrantRow>> {
  const words = wordsOf(wanted.filter);
  const textOf = words.length === 0 ? () => '' : siteTexts(index);
  const all = grants.list();
  const usedAtMs = ({ origin, grantedAtMs }: PageGrant): number =>
    uses.originMs(origin) ?? grantedAtMs;
  const matching = all
    .filter((grant) => {
      const inSite = wordsLacking(words, searchText(grant.origin));
      return inSite.length === 0 || grant.sites.some((one) => containsAll(textOf(one), inSite));
    })
    .sort((one, other) => usedAtMs(other) - usedAtMs(one) || byOrigin(one, other));
  const { rows, ...counts } = partOf(all.length, matching, wanted);
  const usesOf = grantUses(uses);
  const row = async (grant: PageGrant): Promise<GrantRow> => {
    const { choosable: _, ...shown } = await views.connection(grant);
    return { ...shown, ...usesOf(grant.origin) };
  };
  return { ...counts, rows: await Promise.all(rows.map(row)) };
}

/** When an origin last called, and how often: the members of its view that say so. */
export function grantUses(
  uses: Dependencies['uses'],
): (origin: Origin) => Pick<GrantView, 'lastUsedAtMs' | 'callsIn30Days'> {
  const calls = uses.calls();
  return (origin) => {
    const lastUsedAtMs = uses.originMs(origin);
    const callsIn30Days = calls.get(origin);
    return {
      ...(lastUsedAtMs === undefined ? {} : { lastUsedAtMs }),
      ...(callsIn30Days === undefined ? {} : { callsIn30Days }),
    };
  };
}

/** What is looked for in a granted site: nothing when its session does not reach it any more. */
function siteTexts(index: SiteIndex): (site: PageGrant['sites'][number]) => string {
  const texts = new Map(
    index
      .sessions()
      .flatMap(({ sites, text: ofOwner }) =>
        sites.map(({ id, text }) => [id, `${text} ${ofOwner}`]),
      ),
  );
  return (site) => texts.get(grantedSiteId(site)) ?? '';
}

function byOrigin({ origin: one }: PageGrant, { origin: other }: PageGrant): number {
  return one < other ? -1 : 1;
}
