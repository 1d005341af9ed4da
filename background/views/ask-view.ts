import { durationOf, grantedSiteId, isGrantedTo, type PageGrant } from '#core/grant/page-grant.ts';
import { proposedPaths } from '#core/grant/requested-paths.ts';
import type { Site } from '#core/session/site.ts';
import type { StoredSession } from '#storage/schema.ts';
import type { AskView } from '#wire/views.ts';
import type { PageQuestion } from '../grants/open-question.ts';
import { ownerOf, type ToSiteView } from './site-view.ts';

/** The paths that a question proposes. Those of the grant, when it has got so many since that both are too many. */
function pathsToPropose(
  { paths }: PageQuestion,
  granted: readonly string[] | undefined,
): readonly string[] | undefined {
  try {
    return proposedPaths(paths, granted);
  } catch {
    return granted;
  }
}

/** The view of a question of a page. */
export function askView(
  question: PageQuestion,
  grant: PageGrant | undefined,
  sessions: readonly StoredSession[],
  siteView: ToSiteView,
): AskView {
  const { id, origin, kind, scope, candidates = [], products, access } = question;
  const paths = kind === 'access' ? pathsToPropose(question, grant?.paths) : undefined;
  const granted = new Map(grant?.sites.map((one) => [grantedSiteId(one), one]));
  const isGranted = (site: Site, { id: sessionId, account }: StoredSession): boolean => {
    const found = granted.get(grantedSiteId({ ...site, sessionId }));
    return found !== undefined && isGrantedTo(found, account);
  };
  const all = sessions.flatMap((owner) =>
    owner.sites.map((site) => ({
      ...siteView(site),
      ...ownerOf(owner),
      isGranted: isGranted(site, owner),
    })),
  );
  const offered = new Set(candidates.map(grantedSiteId));
  const isOffered = (site: (typeof all)[number]): boolean =>
    kind === 'site'
      ? site.isGranted && offered.has(grantedSiteId(site))
      : site.isGranted || products === undefined || products.includes(site.product);
  return {
    id,
    origin,
    kind,
    // The grant may have got write access since; to allow this question must not take that away.
    access: grant?.access === 'write' ? 'write' : access,
    duration: durationOf(grant),
    sites: all.filter(isOffered),
    ...(paths === undefined ? {} : { paths }),
    ...(grant?.paths === undefined ? {} : { grantedPaths: grant.paths }),
    ...scope,
  };
}
