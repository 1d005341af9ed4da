import type { SessionId } from '#core/session/session.ts';
import type { Site } from '#core/session/site.ts';
import type { StoredSession } from '#storage/schema.ts';
import type { Listed, SessionRow } from '#wire/list-views.ts';
import type { PageUses } from '../activity/page-uses.ts';
import type { Grants } from '../grants/grants.ts';
import { sessionProblem, withoutSites, type SessionSource } from '../views/session-view.ts';
import { plainSiteView } from '../views/site-view.ts';
import { containsAll, listed, wordsLacking, wordsOf, type WantedPart } from './matching.ts';
import type { IndexedSession, SiteIndex } from './site-index.ts';

/** Which sessions are listed, and in which order. */
export interface WantedSessions extends WantedPart {
  /** `last-use`: the last used first. `account`: by the name of the account. */
  readonly order?: 'last-use' | 'account' | undefined;
  readonly only?: 'needs-person' | undefined;
}

/** What rows of sessions are made of. */
export interface RowSource extends SessionSource {
  readonly grants: Pick<Grants, 'list'>;
  readonly uses: Pick<PageUses, 'sessionsMs'>;
}

interface Dependencies extends RowSource {
  readonly index: SiteIndex;
}

/** The most sites that a row names. */
const maxNamedSites = 3;

/** The sessions whose account, client or a site of theirs matches. */
export function findSessions(
  wanted: WantedSessions,
  dependencies: Dependencies,
): Listed<SessionRow> {
  const all = dependencies.index.sessions();
  const words = wordsOf(wanted.filter);
  const rows = createSessionRows(dependencies);
  const matching = all
    .filter(
      ({ stored }) =>
        wanted.only === undefined || sessionProblem(stored, dependencies) !== undefined,
    )
    .flatMap((one) => {
      const inSite = wordsLacking(words, one.text);
      const sites = firstMatches(one, inSite);
      return sites.length > 0 || inSite.length === 0 ? [{ one, sites }] : [];
    });
  if (wanted.order !== 'account')
    matching.sort(
      ({ one }, { one: other }) => rows.usedAtMs(other.stored) - rows.usedAtMs(one.stored),
    );
  return listed(all.length, matching, wanted, ({ one, sites }) => rows.row(one.stored, sites));
}

function firstMatches({ sites }: IndexedSession, words: readonly string[]): Site[] {
  const found: Site[] = [];
  for (const { site, text } of sites) {
    if (!containsAll(text, words)) continue;
    found.push(site);
    if (found.length === maxNamedSites) break;
  }
  return found;
}

/** Makes rows of sessions, which have much in common. */
export interface SessionRows {
  /** @param sites - those that the row names first */
  row(owner: StoredSession, sites: readonly Site[]): SessionRow;
  /** When a session was last used, as far as that is known. */
  usedAtMs(owner: StoredSession): number;
}

export function createSessionRows(source: RowSource): SessionRows {
  const pages = pageCounts(source);
  const lastUses = source.uses.sessionsMs();
  return {
    row: (owner, sites) => {
      const problem = sessionProblem(owner, source);
      const lastUsedAtMs = lastUses.get(owner.id);
      const { lostSites, ...members } = withoutSites(owner, plainSiteView, source);
      return {
        ...members,
        lostSites: lostSites.slice(0, maxNamedSites),
        lostSiteCount: lostSites.length,
        siteCount: owner.sites.length,
        matchingSites: sites.slice(0, maxNamedSites).map(plainSiteView),
        grantedScopes: owner.scopes,
        signedInAtMs: owner.signedInAtMs,
        refreshedAtMs: owner.refreshedAtMs,
        pageCount: pages.get(owner.id) ?? 0,
        ...(lastUsedAtMs === undefined ? {} : { lastUsedAtMs }),
        ...(problem === undefined ? {} : { problem }),
      };
    },
    usedAtMs: ({ id, refreshedAtMs }) => lastUses.get(id) ?? refreshedAtMs,
  };
}

/** How many connected pages use each session. */
function pageCounts({ grants }: Pick<RowSource, 'grants'>): ReadonlyMap<SessionId, number> {
  const counts = new Map<SessionId, number>();
  for (const { sites } of grants.list())
    for (const id of new Set(sites.map(({ sessionId }) => sessionId)))
      counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}
