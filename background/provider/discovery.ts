import type { DiscoveryResult } from '../../extension/core/protocol/discovery-result.ts';
import { BrokerError } from '../../extension/core/values/fault.ts';
import type { Origin } from '../../extension/core/values/origin.ts';
import { discover } from '../../extension/oauth/oauth2/discovery.ts';
import { deadline } from '../platform/deadline.ts';
import type { World } from '../platform/world.ts';

/** What is asked of whom. */
export interface WantedDiscovery {
  /** The issuer, or one of its two well-known addresses. */
  readonly issuer: string;
  readonly isHttpAllowed?: boolean;
}

/**
 * Asks an issuer what it is and can.
 * @throws BrokerError `permission_missing` with the match pattern of its host
 */
export type Discover = (wanted: WantedDiscovery) => Promise<DiscoveryResult>;

/** The longest wait for both documents together, in milliseconds. */
const discoveryMs = 15_000;

/** See {@link Discover}. */
export function createDiscover(
  world: Pick<World, 'after' | 'fetch' | 'permissions' | 'withKeepAlive'>,
): Discover {
  return ({ issuer, isHttpAllowed = false }) =>
    world.withKeepAlive(async () => {
      await requireHost(issuer, world.permissions);
      const limit = deadline(world, discoveryMs);
      try {
        const { signal } = limit;
        return await discover(issuer, { fetch: world.fetch, signal, isHttpAllowed });
      } finally {
        limit.release();
      }
    });
}

/** What is no address of the web is told as such, without asking for a host. */
async function requireHost(issuer: string, permissions: World['permissions']): Promise<void> {
  const text = issuer.trim();
  if (!/^https?:\/\//iu.test(text) || !URL.canParse(text)) return;
  const pattern = permissions.patternOf(new URL(text).origin as Origin);
  if (!(await permissions.has([pattern])))
    throw new BrokerError('permission_missing', { subject: pattern });
}
