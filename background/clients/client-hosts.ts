import { requiredOrigins, type ProviderConfiguration } from '#core/client/client-endpoints.ts';
import { BrokerError } from '#core/values/fault.ts';
import type { World } from '../platform/world.ts';

type Permissions = Pick<World['permissions'], 'has' | 'patternOf'>;

/** Match patterns of the hosts whose permission a client needs. */
export function hostPatternsOf(
  client: ProviderConfiguration,
  { patternOf }: Pick<Permissions, 'patternOf'>,
): string[] {
  return requiredOrigins(client).map((origin) => patternOf(origin));
}

/** @throws BrokerError `permission_missing` with the match patterns, when the permission for one of them is missing */
export async function requireHosts(
  client: ProviderConfiguration,
  permissions: Permissions,
): Promise<void> {
  const patterns = hostPatternsOf(client, permissions);
  if (!(await permissions.has(patterns)))
    throw new BrokerError('permission_missing', { subject: patterns.join(' ') });
}
