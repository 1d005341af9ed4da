import { grantChoices } from '#core/grant/grant-choices.ts';
import {
  answeredMembers,
  choiceKey,
  uniqueSites,
  type Access,
  type GrantedSite,
  type PageGrant,
} from '#core/grant/page-grant.ts';
import { proposedPaths, requestedPaths } from '#core/grant/requested-paths.ts';
import { isSameSite, type Product } from '#core/session/site.ts';
import { BrokerError } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import type { World } from '../platform/world.ts';
import type { Denials } from './denials.ts';
import type { Grants } from './grants.ts';
import type { Asker, Decision } from './open-question.ts';
import type { Questions } from './questions.ts';

/** What a connected page may request from the person, and how their answer changes the grant. */
export interface PageAccess {
  /**
   * Which of several sites of a product to use.
   * @throws BrokerError `site_required` when the person chooses none, and the faults of `Questions.put`
   */
  chooseSite(asker: Asker, product: Product): Promise<void>;
  /**
   * More sites, other paths, or write access.
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
  readonly world: Pick<World, 'withKeepAlive'>;
}

export function createPageAccess({
  questions,
  denials,
  grants,
  browserSession,
  world,
}: Dependencies): PageAccess {
  return {
    chooseSite: (asker, product) =>
      world.withKeepAlive(async () => {
        const access = grants.of(asker.origin)?.access ?? 'read';
        const decision = await questions.put({ kind: 'site', product, access }, asker);
        if (!decision.allow) throw new BrokerError('site_required');
      }, 'call'),
    request: (asker, { access = 'read', products, paths: named }) =>
      world.withKeepAlive(async () => {
        const grant = grants.of(asker.origin);
        if (grant === undefined) throw new BrokerError('not_connected');
        const wanted = grant.access === 'write' ? 'write' : access;
        const paths = named === undefined ? undefined : requestedPaths(named);
        proposedPaths(paths, grant.paths);
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
        await grants.change(question.origin, (grant) => {
          if (grant === undefined) return undefined;
          const sites = uniqueSites(grants.bind(decision.sites));
          const [site] = decision.sites;
          if (question.kind === 'site' && question.product !== undefined && site !== undefined) {
            const { cloudId, product } = site;
            const chosen = { ...grant.chosen, [question.product]: { cloudId, product } };
            return { ...grant, chosen };
          }
          const { browserSession: _earlier, paths: _paths, ...kept } = grant;
          return { ...kept, sites, ...answeredMembers(decision, grant, browserSession) };
        });
      } else {
        // One that cannot be stored is remembered until the worker ends.
        await denials.add(question).catch(() => undefined);
      }
      questions.decide(id, decision);
    },
    choose: async (origin, key, site) => {
      await grants.change(origin, (grant) => grant && withChoice(grant, key, site));
      await denials.forget(
        origin,
        ({ kind, product }) =>
          kind === 'site' && product !== undefined && choiceKey({ product }) === key,
      );
    },
  };
}

/** @throws BrokerError `not_found` when the site is not one of those to choose from */
function withChoice(grant: PageGrant, key: string, site: GrantedSite | undefined): PageGrant {
  const { [key]: _earlier, ...others } = grant.chosen;
  if (site === undefined) return { ...grant, chosen: others };
  const choice = grantChoices(grant.sites, grant.chosen).find((one) => one.key === key);
  const isCandidate = choice?.candidates.some(
    (one) => isSameSite(one, site) && one.sessionId === site.sessionId,
  );
  if (isCandidate !== true) throw new BrokerError('not_found', { subject: 'site' });
  return { ...grant, chosen: { ...others, [key]: site } };
}
