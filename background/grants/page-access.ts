import { siteRequired, type SiteChoice } from '#core/address/call-address.ts';
import { grantChoices } from '#core/grant/grant-choices.ts';
import {
  answeredMembers,
  choiceKey,
  grantedSiteId,
  isSameGrantedSite,
  uniqueSites,
  type Access,
  type ChosenSite,
  type GrantedSite,
  type PageGrant,
} from '#core/grant/page-grant.ts';
import { isWithinPaths } from '#core/grant/granted-paths.ts';
import { proposedPaths, requestedPaths } from '#core/grant/requested-paths.ts';
import { isSameSite, type Product } from '#core/session/site.ts';
import { BrokerError } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import type { World } from '../platform/world.ts';
import type { Denials } from './denials.ts';
import type { Grants } from './grants.ts';
import type { Asker, Decision, PageQuestion } from './open-question.ts';
import type { Questions } from './questions.ts';

/** What a connected page or another extension may request from the person, and how their answer changes the grant. */
export interface PageAccess {
  /**
   * Which of several granted sites to use.
   * @throws BrokerError `site_required` when the person chooses none, and the faults of `Questions.put`
   */
  chooseSite(asker: Asker, choice: SiteChoice): Promise<void>;
  /**
   * More sites, other paths, or write access; of another extension also its first grant.
   * @throws BrokerError `not_allowed`, `invalid_request` for the paths, and the faults of `Questions.put`
   */
  request(
    asker: Asker,
    wanted: {
      access?: Access | undefined;
      products?: Product[] | undefined;
      /** As the page sent it. */
      paths?: unknown;
    },
  ): Promise<void>;
  /** The person's answer. A denial is remembered. @throws BrokerError `not_found` */
  decide(id: string, decision: Decision): Promise<void>;
  /**
   * The person chooses one of several sites without a question; without a site, the next call asks, also after a denial.
   * @throws BrokerError `not_found`, `not_connected`
   */
  choose(origin: Origin, key: string, site: GrantedSite | undefined): Promise<void>;
}

interface Dependencies {
  readonly questions: Questions;
  readonly denials: Denials;
  readonly grants: Grants;
  /** The id of the browser session. */
  readonly browserSession: string;
  /** Whether a grant may last longer than the browser session: a setting. */
  readonly mayLast: () => boolean;
  readonly world: Pick<World, 'withKeepAlive' | 'nowMs'>;
}

export function createPageAccess({
  questions,
  denials,
  grants,
  world,
  ...session
}: Dependencies): PageAccess {
  /** What an answer extends when there is no grant yet: of another extension it makes the first one. */
  const firstGrant = ({ kind, origin }: PageQuestion): PageGrant | undefined =>
    kind === 'access' && grants.mayAskFirst(origin)
      ? { origin, sites: [], access: 'read', grantedAtMs: world.nowMs(), chosen: {} }
      : undefined;
  return {
    chooseSite: (asker, { scope, candidates }) =>
      world.withKeepAlive(async () => {
        const access = grants.of(asker.origin)?.access ?? 'read';
        const decision = await questions.put({ kind: 'site', scope, candidates, access }, asker);
        if (!decision.allow) throw siteRequired(candidates);
      }, 'call'),
    request: (asker, { access = 'read', products, paths: named }) =>
      world.withKeepAlive(async () => {
        const grant = grants.of(asker.origin);
        if (grant === undefined && !grants.mayAskFirst(asker.origin))
          throw new BrokerError('not_connected');
        if (grant !== undefined && grants.isManaged(grant.origin)) {
          requireCovered(grant, access, named);
          return;
        }
        const wanted = grant?.access === 'write' ? 'write' : access;
        const paths = named === undefined ? undefined : requestedPaths(named);
        proposedPaths(paths, grant?.paths);
        const question = {
          kind: 'access',
          access: wanted,
          ...(products === undefined ? {} : { products }),
          ...(paths === undefined ? {} : { paths }),
        } as const;
        const decision = await questions.put(question, asker);
        if (!decision.allow) throw new BrokerError('not_allowed');
      }, 'call'),
    decide: async (id, decision) => {
      const question = questions.list().find((candidate) => candidate.id === id);
      if (question === undefined) throw new BrokerError('not_found', { subject: 'question' });
      // Stored before the page gets the answer, so that its next call finds the new grant.
      if (decision.allow) {
        await grants.change(question.origin, (before) => {
          const grant = before ?? firstGrant(question);
          if (grant === undefined) return undefined;
          const choice = choiceOf(question, decision.sites, grant);
          if (choice !== undefined) return { ...grant, chosen: { ...grant.chosen, ...choice } };
          assertAsked(question, decision.sites, grant);
          const sites = uniqueSites(grants.bind(decision.sites));
          const { browserSession: _earlier, paths: _paths, awaited: _awaited, ...kept } = grant;
          return { ...kept, sites, ...answeredMembers(decision, grant, session) };
        });
      } else {
        // One that cannot be stored is remembered until the worker ends.
        await denials.add(question).catch(() => undefined);
      }
      questions.decide(id, decision);
    },
    choose: async (origin, key, site) => {
      await grants.change(origin, (grant) => grant && withChoice(grant, key, site));
      await denials.forget(origin, ({ scope }) => scope !== undefined && choiceKey(scope) === key);
    },
  };
}

/**
 * Nobody can extend what the organization's policy grants, so the person is not asked.
 * @throws BrokerError `not_allowed` unless the grant covers the access and the paths already; `invalid_request`
 */
function requireCovered(grant: PageGrant, access: PageGrant['access'], named: unknown): void {
  const paths = named === undefined ? [] : requestedPaths(named);
  const isCovered =
    (access === 'read' || grant.access === 'write') &&
    paths.every((path) => isWithinPaths(path, grant.paths));
  if (!isCovered) throw new BrokerError('not_allowed');
}

/**
 * A question for some products adds no site of another one.
 * @throws BrokerError `not_found` for a site that was not offered
 */
function assertAsked(
  { products }: PageQuestion,
  sites: readonly GrantedSite[],
  grant: PageGrant,
): void {
  const granted = new Set(grant.sites.map(grantedSiteId));
  const isAsked = (site: GrantedSite): boolean =>
    products === undefined || products.includes(site.product) || granted.has(grantedSiteId(site));
  if (!sites.every(isAsked)) throw new BrokerError('not_found', { subject: 'site' });
}

/** @throws BrokerError `not_found` when the site is not one of those to choose from */
function withChoice(grant: PageGrant, key: string, site: GrantedSite | undefined): PageGrant {
  const { [key]: _earlier, ...others } = grant.chosen;
  if (site === undefined) return { ...grant, chosen: others };
  const choice = grantChoices(grant.sites, grant.chosen).find((one) => one.key === key);
  const isCandidate = choice?.candidates.some((one) => isSameGrantedSite(one, site));
  if (isCandidate !== true) throw new BrokerError('not_found', { subject: 'site' });
  return { ...grant, chosen: { ...others, [key]: site } };
}

/**
 * What the answer to a question for one site adds to the choices of the grant; undefined for another question.
 * @throws BrokerError `not_found` for a site that was not offered, or is not granted any more
 */
function choiceOf(
  { scope, candidates = [] }: PageQuestion,
  [wanted]: readonly GrantedSite[],
  grant: PageGrant,
): Record<string, ChosenSite> | undefined {
  if (scope === undefined) return undefined;
  const granted = new Set(grant.sites.map(grantedSiteId));
  const ofSite = candidates.filter(
    (one) => wanted !== undefined && isSameSite(one, wanted) && granted.has(grantedSiteId(one)),
  );
  const site = ofSite.find(({ sessionId }) => sessionId === wanted?.sessionId);
  if (site === undefined) throw new BrokerError('not_found', { subject: 'site' });
  const { cloudId, product, sessionId } = site;
  // Without the session the choice outlives it: the site may be granted again with another one of the same account.
  const account = ofSite.length > 1 ? { sessionId } : {};
  return { [choiceKey(scope)]: { cloudId, product, ...account } };
}
