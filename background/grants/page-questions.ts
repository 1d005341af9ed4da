import { uniqueSites, type Access } from '../../extension/core/call/page-grant.ts';
import type { Product } from '../../extension/core/session/site.ts';
import { BrokerError } from '../../extension/core/values/fault.ts';
import type { Origin } from '../../extension/core/values/origin.ts';
import type { World } from '../platform/world.ts';
import type { Grants } from './grants.ts';
import type { Asks, Decision } from './questions.ts';

/** What a connected page may ask the person for, and what their answer does. */
export interface PageAccess {
  /** Which of several sites of a product is meant. @throws BrokerError `site_required` when none is chosen */
  chooseSite(origin: Origin, product: Product): Promise<void>;
  /** More sites, or write access. @throws BrokerError `not_allowed` */
  request(
    origin: Origin,
    wanted: { access?: Access | undefined; products?: Product[] | undefined },
  ): Promise<void>;
  /** The person's answer. @throws BrokerError `not_found` */
  decide(id: string, decision: Decision): Promise<void>;
}

interface Dependencies {
  readonly asks: Asks;
  readonly grants: Grants;
  readonly world: Pick<World, 'withKeepAlive'>;
}

/** See {@link PageAccess}. */
export function createPageAccess({ asks, grants, world }: Dependencies): PageAccess {
  return {
    chooseSite: (origin, product) =>
      world.withKeepAlive(async () => {
        const access = grants.of(origin)?.access ?? 'read';
        const decision = await asks.put({ origin, kind: 'site', product, access });
        if (!decision.allow) throw new BrokerError('site_required');
      }),
    request: (origin, { access = 'read', products }) =>
      world.withKeepAlive(async () => {
        const grant = grants.of(origin);
        if (grant === undefined) throw new BrokerError('not_connected');
        const wanted = grant.access === 'write' ? 'write' : access;
        const decision = await asks.put({
          origin,
          kind: 'access',
          access: wanted,
          ...(products === undefined ? {} : { products }),
        });
        if (!decision.allow) throw new BrokerError('not_allowed');
      }),
    decide: async (id, decision) => {
      const ask = asks.list().find((candidate) => candidate.id === id);
      if (ask === undefined) throw new BrokerError('not_found', { subject: 'question' });
      // Stored before the page is told, so that what it does next finds the answer.
      if (decision.allow) {
        await grants.change(ask.origin, (grant) => {
          const [site] = decision.sites;
          if (ask.kind === 'site' && ask.product !== undefined && site !== undefined) {
            const { cloudId, product } = site;
            return { ...grant, chosen: { ...grant.chosen, [ask.product]: { cloudId, product } } };
          }
          return { ...grant, sites: uniqueSites(decision.sites), access: decision.access };
        });
      }
      await asks.decide(id, decision);
    },
  };
}
