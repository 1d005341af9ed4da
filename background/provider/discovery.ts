import type { DiscoveryResult } from '#core/protocol/discovery-result.ts';
import { BrokerError } from '#core/values/fault.ts';
import { hasAmbiguousHost, type Origin } from '#core/values/origin.ts';
import { discover } from '#oauth/oauth2/metadata-request.ts';
import { deadline } from '../platform/deadline.ts';
import type { World } from '../platform/world.ts';

/** A request for the metadata of an issuer. */
export interface DiscoveryRequest {
  /** The issuer, or one of its two well-known URLs. */
  readonly issuer: string;
  readonly isHttpAllowed?: boolean;
}

/**
 * Reads the metadata of an issuer.
 * @see RFC 8414, section 3
 * @throws BrokerError `permission_missing` with the match pattern of its host
 */
export type Discover = (request: DiscoveryRequest) => Promise<DiscoveryResult>;

/** Longest wait for both documents together, in milliseconds. */
const discoveryMs = 15_000;

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

/** Passes a text that is not a usable web URL: reading it reports the problem, and no permission is missing. */
async function requireHost(issuer: string, permissions: World['permissions']): Promise<void> {
  const text = issuer.trim();
  if (!/^https?:\/\//iu.test(text) || !URL.canParse(text)) return;
  const url = new URL(text);
  if (hasAmbiguousHost(url)) return;
  const pattern = permissions.patternOf(url.origin as Origin);
  if (!(await permissions.has([pattern])))
    throw new BrokerError('permission_missing', { subject: pattern });
}
