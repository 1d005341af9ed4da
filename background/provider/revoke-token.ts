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
 * Requests the revocation of a token, with the configuration that it was issued for. Nothing is sent over plain http that is
 * forbidden, nor where the client secret cannot be decrypted for the addresses of the configuration. Never rejects.
 */
export function revokeToken(
  client: StoredClient,
  token: Revocable,
  { clients, world }: RevocationDependencies,
): Promise<void> {
  return world.withKeepAlive(async () => {
    const limit = deadline(world, resourceMs);
    try {
      clients.requireAllowed(client);
      const clientSecret = await clients.secretOf(client);
      const { signal } = limit;
      await revokeBestEffort(client, clientSecret, token, { fetch: world.fetch, signal });
    } catch {
      // Best effort: there is nothing to retry or to report.
    } finally {
      limit.release();
    }
  });
}

/**
 * As {@link revokeToken}, for a token that no session holds. Not while the client has a usable session: a provider may revoke
 * all that the account has allowed the client.
 */
export async function revokeUnheld(
  client: StoredClient,
  token: Revocable,
  sessions: readonly StoredSession[],
  dependencies: RevocationDependencies,
): Promise<void> {
  if (sessions.some((one) => one.clientId === client.id && isUsable(one))) return;
  await revokeToken(client, token, dependencies);
}
