import {
  grantedSiteId,
  isGrantedTo,
  type BoundSite,
  type GrantedSite,
} from '#core/grant/page-grant.ts';
import { isUsable, type SessionId } from '#core/session/session.ts';
import { scopedAccess } from '#core/session/scoped-access.ts';
import type { Product, Site } from '#core/session/site.ts';
import type { Origin } from '#core/values/origin.ts';
import type { StoredSession } from '#storage/schema.ts';
import type { Listed, SiteRow } from '#wire/list-views.ts';
import type { Grants } from '../grants/grants.ts';
import type { PageQuestion } from '../grants/open-question.ts';
import { listed, matcher, type WantedPart } from './matching.ts';
import { sessionProblem, type SessionSource } from '../views/session-view.ts';
import { ownerOf, type ToSiteView } from '../views/site-view.ts';

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
  readonly grants: Pick<Grants, 'list'>;
  readonly sessions: () => readonly StoredSession[];
}

interface Candidate {
  readonly site: Site;
  readonly owner: StoredSession;
  readonly id: string;
}

/**
 * The sites that can be chosen for a page: those of sessions that can be used, and those that are granted to the origin, which
 * come first; then those of the host; then the others, by account and name. With a question: only those that answer it.
 */
export function findSites(
  wanted: WantedSites,
  question: PageQuestion | undefined,
  dependencies: Dependencies,
  siteView: ToSiteView,
): Listed<SiteRow> {
  const { clients, grants } = dependencies;
  const origin = question?.origin ?? wanted.origin;
  const grant = grants.list().find((one) => one.origin === origin);
  const bound = new Map<string, BoundSite>(grant?.sites.map((one) => [grantedSiteId(one), one]));
  const isGranted = ({ id, owner }: Candidate): boolean => {
    const found = bound.get(id);
    return found !== undefined && isGrantedTo(found, owner.account);
  };
  const inUse = new Set(grant?.sites.map(({ sessionId }) => sessionId));
  const isOffered = (owner: StoredSession): boolean =>
    wanted.sessionId === undefined
      ? owner.isIdentified && (isUsable(owner) || inUse.has(owner.id))
      : owner.id === wanted.sessionId;
  const only = wanted.only && new Set(wanted.only.map(grantedSiteId));
  const all = dependencies
    .sessions()
    .filter(isOffered)
    .flatMap((owner) => owner.sites.map((site) => candidate(site, owner)))
    .filter((one) => question === undefined || answers(question, one, isGranted(one)));
  const isMatch = matcher(wanted.filter);
  const clientName = (owner: StoredSession): string => clients.find(owner.clientId)?.name ?? '';
  const isOfTab = ({ site }: Candidate): boolean => isAtHost(site, wanted.host);
  const rank = (one: Candidate): number => (isGranted(one) ? 0 : isOfTab(one) ? 1 : 2);
  const matching = all
    .filter(
      (one) =>
        (only === undefined || only.has(one.id)) && isMatch(searchText(one, clientName(one.owner))),
    )
    .map((one) => ({ one, rank: rank(one) }))
    .sort((a, b) => a.rank - b.rank || compare(a.one, b.one))
    .map(({ one }) => one);
  return listed(all.length, matching, wanted, (one) => {
    const problem = sessionProblem(one.owner, dependencies);
    const access = scopedAccess(one.site);
    return {
      ...siteView(one.site),
      ...ownerOf(one.owner),
      clientName: clientName(one.owner),
      isGranted: isGranted(one),
      isOfTab: isOfTab(one),
      ...(problem === undefined ? {} : { problem }),
      ...(access === undefined ? {} : { scopedAccess: access }),
    };
  });
}

function candidate(site: Site, owner: StoredSession): Candidate {
  return { site, owner, id: grantedSiteId({ ...site, sessionId: owner.id }) };
}

/** Whether a site can be the answer to a question: one of its candidates, or of the products that it names. */
function answers(
  { kind, candidates = [], products }: PageQuestion,
  { id, site }: Candidate,
  isGranted: boolean,
): boolean {
  if (kind === 'site') return isGranted && candidates.some((one) => grantedSiteId(one) === id);
  return isGranted || products === undefined || isIncluded(products, site.product);
}

function isIncluded(products: readonly Product[], product: Product): boolean {
  return products.includes(product);
}

/** Whether a site has this host. */
function isAtHost({ url }: Site, host: string | undefined): boolean {
  return host !== undefined && URL.parse(url)?.host === host;
}

/** What the filter is compared with. */
function searchText({ site, owner }: Candidate, clientName: string): string {
  const { name = '', email = '' } = owner.account;
  return `${site.name} ${site.url} ${site.product} ${name} ${email} ${clientName}`.toLowerCase();
}

function compare(one: Candidate, other: Candidate): number {
  return (
    accountOf(one).localeCompare(accountOf(other)) || one.site.name.localeCompare(other.site.name)
  );
}

function accountOf({ owner: { account } }: Candidate): string {
  return account.name ?? account.email ?? '';
}
