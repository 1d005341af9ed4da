import { durationOf, grantedSiteId, type PageGrant } from '#core/grant/page-grant.ts';
import { proposedPaths } from '#core/grant/requested-paths.ts';
import type { SessionId } from '#core/session/session.ts';
import { isSameSite } from '#core/session/site.ts';
import type { StoredSession } from '#storage/schema.ts';
import type { AskView, SiteView } from '#wire/views.ts';
import type { PageQuestion } from '../grants/open-question.ts';
import { ownerOf, plainSiteView, storedSite } from './site-view.ts';

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
  findSession: (id: SessionId) => StoredSession | undefined,
  mayLast: boolean,
): AskView {
  const { id, origin, kind, scope, access } = question;
  const paths = kind === 'access' ? pathsToPropose(question, grant?.paths) : undefined;
  const granted = grantedSites(grant, findSession);
  const site = kind === 'site' ? onlySite(question, granted) : undefined;
  return {
    id,
    origin,
    kind,
    // The grant may have got write access since; to allow this question must not take that away.
    access: grant?.access === 'write' ? 'write' : access,
    duration: durationOf(grant),
    mayLast,
    granted,
    ...(grant === undefined ? {} : { grantedAccess: grant.access }),
    ...(site === undefined ? {} : { site }),
    ...(paths === undefined ? {} : { paths }),
    ...(grant?.paths === undefined ? {} : { grantedPaths: grant.paths }),
    ...scope,
  };
}

/** The granted sites that their sessions reach with the account that they were granted for. */
function grantedSites(
  grant: PageGrant | undefined,
  findSession: (id: SessionId) => StoredSession | undefined,
): AskView['granted'] {
  return (grant?.sites ?? []).flatMap((one) => {
    const found = storedSite(one, findSession(one.sessionId));
    return found ? [{ ...plainSiteView(found.site), ...ownerOf(found.owner) }] : [];
  });
}

/** The site of all candidates that are still granted, when there are several: they differ in their accounts. */
function onlySite(
  { candidates = [] }: PageQuestion,
  granted: AskView['granted'],
): SiteView | undefined {
  const offered = new Set(candidates.map(grantedSiteId));
  const [first, ...others] = granted.filter((one) => offered.has(grantedSiteId(one)));
  if (first === undefined || others.length === 0) return undefined;
  const { cloudId, product, url, name } = first;
  return others.every((one) => isSameSite(one, first))
    ? { cloudId, product, url, name }
    : undefined;
}
