import { isUsable } from '#core/session/session.ts';
import { revokeBestEffort, type Revocable } from '#oauth/oauth2/revocation.ts';
import type { StoredClient, StoredSession } from '#storage/schema.ts';
import type { Clients } from '../clients/clients.ts';
import { deadline } from '../platform/deadline.ts';
import type { World } from '../platform/world.ts';
import { resourceMs } from './ask-provider.ts';

/** What a revocation needs. */
export interface RevocationDependencies {
  readonly clients: Pick<Clients, 'requireAllowed' | 'secretOf'>;
  readonly world: Pick<World, 'fetch' | 'after' | 'withKeepAlive'>;
}

/**
 * Prepares the request that revokes a token, with the configuration that it was issued for: what is returned sends it. Nothing is
 * sent over plain http that is forbidden, nor where the client secret cannot be decrypted for the addresses of the configuration.
 * Neither rejects.
 */
export async function prepareRevocation(
  client: StoredClient,
  token: Revocable,
  { clients, world }: RevocationDependencies,
): Promise<() => Promise<void>> {
  try {
    clients.requireAllowed(client);
    const clientSecret = await clients.secretOf(client);
    return () =>
      world.withKeepAlive(async () => {
        const limit = deadline(world, resourceMs);
        const { signal } = limit;
        await revokeBestEffort(client, clientSecret, token, { fetch: world.fetch, signal });
        limit.release();
      });
  } catch {
    return () => Promise.resolve();
  }
}

/**
 * Revokes a token that no session holds. Not while the client has a usable session: a provider may revoke all that the account has
 * allowed the client.
 */
export async function revokeUnheld(
  client: StoredClient,
  token: Revocable,
  sessions: readonly StoredSession[],
  dependencies: RevocationDependencies,
): Promise<void> {
  if (sessions.some((one) => one.clientId === client.id && isUsable(one))) return;
  const revoke = await prepareRevocation(client, token, dependencies);
  await revoke();
}
