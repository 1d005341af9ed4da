import {
  grantedSiteId,
  isGrantedTo,
  type BoundSite,
  type GrantedSite,
} from '#core/grant/page-grant.ts';
import { isUsable, type SessionId } from '#core/session/session.ts';
import type { Origin } from '#core/values/origin.ts';
import type { Listed, SessionProblem, SiteRow } from '#wire/list-views.ts';
import type { PageUses } from '../activity/page-uses.ts';
import type { Grants } from '../grants/grants.ts';
import type { PageQuestion } from '../grants/open-question.ts';
import { sessionProblem, type SessionSource } from '../views/session-view.ts';
import { sessionSite, type ToSiteView } from '../views/site-view.ts';
import { containsAll, listed, wordsLacking, wordsOf, type WantedPart } from './matching.ts';
import type { IndexedSession, IndexedSite, SiteIndex } from './site-index.ts';

/** Which sites are listed. */
export interface WantedSites extends WantedPart {
  /** Marks the sites that are granted to it. */
  readonly origin?: Origin | undefined;
  /** Marks the sites with this host. */
  readonly host?: string | undefined;
  /** Only sites of this session. */
  readonly sessionId?: SessionId | undefined;
  /** Only these sites. */
  readonly only?: readonly GrantedSite[] | undefined;
}

interface Dependencies extends SessionSource {
  readonly grants: Pick<Grants, 'find'>;
  readonly index: SiteIndex;
  readonly uses: Pick<PageUses, 'siteMs'>;
}

/**
 * The sites that can be chosen for a page: those of sessions that can be used, and those that are granted to the origin, which
 * come first; then those of the host; then those that were used, the last used first; then the others, by account and name. With
 * a question: only those that answer it.
 */
export function findSites(
  wanted: WantedSites,
  question: PageQuestion | undefined,
  dependencies: Dependencies,
  siteView: ToSiteView,
): Listed<SiteRow> {
  const { index, grants, uses } = dependencies;
  const origin = question?.origin ?? wanted.origin;
  const grant = origin && grants.find(origin);
  const isGranted = grantedCheck(grant?.sites ?? []);
  const inUse = new Set(grant?.sites.map(({ sessionId }) => sessionId));
  const isOffered = ({ stored }: IndexedSession): boolean =>
    wanted.sessionId === undefined
      ? stored.isIdentified && (isUsable(stored) || inUse.has(stored.id))
      : stored.id === wanted.sessionId;
  const answers = question === undefined ? () => true : answerCheck(question, isGranted);
  const isOfTab = hostCheck(wanted.host);
  const only = wanted.only && new Set(wanted.only.map(grantedSiteId));
  const words = wordsOf(wanted.filter);
  const ranked = createRanks(isGranted, isOfTab, uses);
  let total = 0;
  for (const owner of index.sessions()) {
    if (!isOffered(owner)) continue;
    const inSite = wordsLacking(words, owner.text);
    for (const one of owner.sites) {
      if (!answers(one)) continue;
      total += 1;
      if ((only === undefined || only.has(one.id)) && containsAll(one.text, inSite))
        ranked.add(one);
    }
  }
  const problemOf = problemsBySession(dependencies);
  return listed(total, ranked.inOrder(), wanted, (one) => {
    const { site, owner } = one;
    return {
      ...sessionSite(site, owner.stored, problemOf(owner), siteView),
      clientName: owner.clientName,
      isGranted: isGranted(one),
      isOfTab: isOfTab(one),
    };
  });
}

type Check = (one: IndexedSite) => boolean;

function grantedCheck(sites: readonly BoundSite[]): Check {
  const bound = new Map(sites.map((one) => [grantedSiteId(one), one]));
  if (bound.size === 0) return () => false;
  return ({ id, owner }) => {
    const found = bound.get(id);
    return found !== undefined && isGrantedTo(found, owner.stored.account);
  };
}

/** Whether a site can be the answer to a question: one of its candidates, or of the products that it names. */
function answerCheck({ kind, candidates = [], products }: PageQuestion, isGranted: Check): Check {
  if (kind === 'access')
    return (one) => products === undefined || products.includes(one.site.product) || isGranted(one);
  const offered = new Set(candidates.map(grantedSiteId));
  return (one) => offered.has(one.id) && isGranted(one);
}

function hostCheck(host: string | undefined): Check {
  return host === undefined ? () => false : (one) => one.host() === host;
}

/** Puts sites, which are added by account and name, into the order of the list. */
function createRanks(isGranted: Check, isOfTab: Check, uses: Dependencies['uses']) {
  const granted: IndexedSite[] = [];
  const ofTab: IndexedSite[] = [];
  const used: { readonly one: IndexedSite; readonly atMs: number }[] = [];
  const others: IndexedSite[] = [];
  return {
    add: (one: IndexedSite): void => {
      if (isGranted(one)) granted.push(one);
      else if (isOfTab(one)) ofTab.push(one);
      else {
        const atMs = uses.siteMs(one.id);
        if (atMs === undefined) others.push(one);
        else used.push({ one, atMs });
      }
    },
    inOrder: (): IndexedSite[] => {
      used.sort((one, other) => other.atMs - one.atMs);
      return [...granted, ...ofTab, ...used.map(({ one }) => one), ...others];
    },
  };
}

function problemsBySession(
  source: SessionSource,
): (owner: IndexedSession) => SessionProblem | undefined {
  const known = new Map<IndexedSession, SessionProblem | undefined>();
  return (owner) => {
    if (!known.has(owner)) known.set(owner, sessionProblem(owner.stored, source));
    return known.get(owner);
  };
}
