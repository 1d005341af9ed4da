import type { ClientId } from '#core/client/client-configuration.ts';
import type { StoredClient, StoredSession } from '#storage/schema.ts';
import type { Overview } from '#wire/views.ts';
import { hostPatternsOf } from '../clients/client-hosts.ts';
import type { Clients } from '../clients/clients.ts';
import type { World } from '../platform/world.ts';

interface Dependencies {
  readonly clients: Pick<Clients, 'list' | 'getOrFail'>;
  readonly sessions: () => readonly StoredSession[];
  readonly world: Pick<World, 'permissions'>;
}

/** The match patterns that clients need and for which the permission is missing. */
export async function missingPatterns({
  clients,
  sessions,
  world: { permissions },
}: Dependencies): Promise<Pick<Overview, 'missingHostPatterns' | 'missingHostPatternsOf'>> {
  const all = clients.list();
  const patternsOf = (client: StoredClient): string[] => hostPatternsOf(client, permissions);
  const needed = [...new Set(all.flatMap(patternsOf))];
  const isHeld = await Promise.all(needed.map((pattern) => permissions.has([pattern])));
  const missing = new Set(needed.filter((_, at) => !isHeld[at]));
  const missingByClient = all.flatMap((client): [ClientId, string[]][] => {
    const patterns = patternsOf(client).filter((pattern) => missing.has(pattern));
    return patterns.length === 0 ? [] : [[client.id, patterns]];
  });
  const inUse = missingByClient.filter(
    ([id]) =>
      clients.getOrFail(id).type === 'atlassian-cloud' ||
      sessions().some(({ clientId }) => clientId === id),
  );
  return {
    missingHostPatterns: [...new Set(inUse.flatMap(([, patterns]) => patterns))],
    missingHostPatternsOf: Object.fromEntries(missingByClient),
  };
}
