import { boundSite, type GrantedSite, type PageGrant } from '#core/grant/page-grant.ts';
import { findSite } from '#core/session/site.ts';
import { BrokerError } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import type { Grants } from '../grants/grants.ts';
import type { World } from '../platform/world.ts';
import type { Sessions } from '../sessions/sessions.ts';

/**
 * The grants that calls are judged by: those that the person gave, and beside them one for each call of the console while it
 * runs, for exactly its site, with write access. The latter are nowhere else: they are not stored, listed or shown, and no
 * sender of a message can have their origin.
 */
export interface ConsoleGrants {
  readonly of: Grants['of'];
  /**
   * Runs a call of the console with its grant.
   * @throws BrokerError `not_found` when there is no such session, or it does not have the site
   */
  during<T>(site: GrantedSite, work: (origin: Origin) => Promise<T>): Promise<T>;
}

/** No origin of a page and no key of an extension begins like this, see `isGrantee`. */
const originPrefix = 'console:';

export function createConsoleGrants(
  grants: Pick<Grants, 'of'>,
  sessions: Pick<Sessions, 'getOrFail'>,
  world: Pick<World, 'crypto' | 'nowMs'>,
): ConsoleGrants {
  const running = new Map<Origin, PageGrant>();
  return {
    of: (origin) => running.get(origin) ?? grants.of(origin),
    during: async (site, work) => {
      const { account, sites } = sessions.getOrFail(site.sessionId);
      if (findSite(sites, site) === undefined)
        throw new BrokerError('not_found', { subject: 'site' });
      const origin = `${originPrefix}${world.crypto.randomUUID()}` as Origin;
      const bound = [boundSite(site, account)];
      const terms = { access: 'write', grantedAtMs: world.nowMs(), chosen: {} } as const;
      running.set(origin, { origin, sites: bound, ...terms });
      try {
        return await work(origin);
      } finally {
        running.delete(origin);
      }
    },
  };
}
