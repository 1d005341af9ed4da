import type { SessionId } from '#core/session/session.ts';
import type { Site } from '#core/session/site.ts';
import type { StoredSession } from '#storage/schema.ts';
import type { Listed, SessionRow } from '#wire/list-views.ts';
import type { Grants } from '../grants/grants.ts';
import { listed, matcher, type WantedPart } from './matching.ts';
import { sessionProblem, withoutSites, type SessionSource } from '../views/session-view.ts';
import { plainSiteView } from '../views/site-view.ts';

/** Which sessions are listed, and in which order. */
export interface WantedSessions extends WantedPart {
  /** `last-use`: the last used first. `account`: by the name of the account. */
  readonly order?: 'last-use' | 'account' | undefined;
  readonly only?: 'needs-person' | undefined;
}

interface Dependencies extends SessionSource {
  readonly grants: Pick<Grants, 'list'>;
  readonly sessions: () => readonly StoredSession[];
}

/** The most sites that a row names. */
const maxNamedSites = 3;

/** The sessions whose account, client or a site of theirs matches. */
export function findSessions(
  wanted: WantedSessions,
  dependencies: Dependencies,
): Listed<SessionRow> {
  const { clients } = dependencies;
  const all = dependencies.sessions();
  const isMatch = matcher(wanted.filter);
  const ownText = ({ account, clientId }: StoredSession): string =>
    `${account.name ?? ''} ${account.email ?? ''} ${clients.find(clientId)?.name ?? ''}`.toLowerCase();
  const siteText = (site: Site): string => `${site.name} ${site.url} ${site.product}`.toLowerCase();
  const matching = all
    .filter((one) => wanted.only === undefined || sessionProblem(one, dependencies) !== undefined)
    .flatMap((owner) => {
      const own = ownText(owner);
      const sites = owner.sites.filter((site) => isMatch(`${own} ${siteText(site)}`));
      return sites.length > 0 || isMatch(own) ? [{ owner, sites }] : [];
    })
    .sort(({ owner: one }, { owner: other }) =>
      wanted.order === 'account'
        ? ownText(one).localeCompare(ownText(other))
        : usedAtMs(other) - usedAtMs(one),
    );
  const pages = pageCounts(dependencies);
  return listed(all.length, matching, wanted, ({ owner, sites }) =>
    sessionRow(owner, sites, pages.get(owner.id) ?? 0, dependencies),
  );
}

/** The row of a session. */
export function sessionRow(
  owner: StoredSession,
  sites: readonly Site[],
  pageCount: number,
  source: SessionSource,
): SessionRow {
  const problem = sessionProblem(owner, source);
  const { signedInAtMs, refreshedAtMs, scopes } = owner;
  return {
    ...withoutSites(owner, plainSiteView, source),
    siteCount: owner.sites.length,
    matchingSites: sites.slice(0, maxNamedSites).map(plainSiteView),
    grantedScopes: scopes,
    signedInAtMs,
    refreshedAtMs,
    pageCount,
    ...(problem === undefined ? {} : { problem }),
  };
}

/** When a session was last used, as far as that is known. */
export function usedAtMs({ refreshedAtMs }: StoredSession): number {
  return refreshedAtMs;
}

/** How many connected pages use each session. */
export function pageCounts({
  grants,
}: Pick<Dependencies, 'grants'>): ReadonlyMap<SessionId, number> {
  const counts = new Map<SessionId, number>();
  for (const { sites } of grants.list())
    for (const id of new Set(sites.map(({ sessionId }) => sessionId)))
      counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}
