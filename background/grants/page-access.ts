import { uniqueSites, type Access } from '#core/grant/page-grant.ts';
import type { Product } from '#core/session/site.ts';
import { BrokerError } from '#core/values/fault.ts';
import type { World } from '../platform/world.ts';
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
  /** More sites, or write access. @throws BrokerError `not_allowed`, and the faults of `Questions.put` */
  request(
    asker: Asker,
    wanted: { access?: Access | undefined; products?: Product[] | undefined },
  ): Promise<void>;
  /** The person's answer. @throws BrokerError `not_found` */
  decide(id: string, decision: Decision): Promise<void>;
}

interface Dependencies {
  readonly questions: Questions;
  readonly grants: Grants;
  readonly world: Pick<World, 'withKeepAlive'>;
}

export function createPageAccess({ questions, grants, world }: Dependencies): PageAccess {
  return {
    chooseSite: (asker, product) =>
      world.withKeepAlive(async () => {
        const access = grants.of(asker.origin)?.access ?? 'read';
        const decision = await questions.put({ kind: 'site', product, access }, asker);
        if (!decision.allow) throw new BrokerError('site_required');
      }, 'call'),
    request: (asker, { access = 'read', products }) =>
      world.withKeepAlive(async () => {
        const grant = grants.of(asker.origin);
        if (grant === undefined) throw new BrokerError('not_connected');
        const wanted = grant.access === 'write' ? 'write' : access;
        const named = products === undefined ? {} : { products };
        const decision = await questions.put({ kind: 'access', access: wanted, ...named }, asker);
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
          return { ...grant, sites, access: decision.access };
        });
      }
      questions.decide(id, decision);
    },
  };
}
