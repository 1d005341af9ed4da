import type { KeyStore } from '#browser/storage/key-store.ts';
import type { ClientId } from '#core/client/client-configuration.ts';
import type { SessionId } from '#core/session/session.ts';
import type { StoredClient, StoredSession } from '#storage/schema.ts';
import type { Sealed } from '#storage/sealed.ts';
import type { Repository } from '../storage/repository.ts';
import type { Store } from '../storage/store.ts';
import type { ClientSecrets } from './client-secrets.ts';
import type { SessionSecrets } from './session-secrets.ts';
import { boundFormat } from './vault.ts';

interface Dependencies {
  readonly clients: Repository<ClientId, StoredClient>;
  readonly sessions: Repository<SessionId, StoredSession>;
  readonly clientSecrets: ClientSecrets;
  readonly secrets: SessionSecrets;
  /** Stores the page grants that an earlier version did not bind to accounts. */
  readonly bindOldGrants: () => Promise<void>;
  readonly store: Pick<Store, 'hasStaleCopy'>;
  readonly keyStore: Pick<KeyStore, 'raiseRevision'>;
  /** The lowest revision that the key store accepts, as it was at this start. */
  readonly lowestRevision: Promise<number>;
}

/**
 * Runs once, at a start: encrypts again what an earlier version did not bind to a destination or to an account, then records
 * in the key store that the old formats are refused. What can never be decrypted stays as it is, and does not keep them
 * accepted: in Firefox a content script can write such an entry. After any other error they stay accepted and the next start
 * tries again. Never rejects.
 */
export async function reencryptOldSecrets(dependencies: Dependencies): Promise<void> {
  const { keyStore, store, lowestRevision } = dependencies;
  const { name, revision } = boundFormat;
  try {
    if ((await lowestRevision) >= revision) return;
    await reencryptClients(dependencies);
    await reencryptSessions(dependencies);
    await dependencies.bindOldGrants();
    // A stale copy may still hold a secret in the old format, and may become the only copy.
    if (!store.hasStaleCopy()) await keyStore.raiseRevision(name, revision);
  } catch {
    // The key store or a storage area is not available now.
  }
}

async function reencryptClients({ clients, clientSecrets }: Dependencies): Promise<void> {
  for (const { id, sealedClientSecret } of clients.list()) {
    if (!isOlderThan(2, sealedClientSecret)) continue;
    await clients.update(id, async (client) => {
      const sealed = await clientSecrets.reencrypt(client, client);
      const isSame = sealed === undefined || sealed === client.sealedClientSecret;
      return isSame ? client : { ...client, sealedClientSecret: sealed };
    });
  }
}

async function reencryptSessions({ clients, sessions, secrets }: Dependencies): Promise<void> {
  for (const { id, clientId, sealedRefreshToken, sealedAccessToken } of sessions.list()) {
    const client = clients.get(clientId);
    // A session whose client is gone sends nothing.
    if (
      client === undefined ||
      !(isOlderThan(3, sealedRefreshToken) || isOlderThan(3, sealedAccessToken))
    )
      continue;
    await sessions.update(id, (session) => secrets.reencrypt(session, client, {}));
  }
}

function isOlderThan(format: Sealed['k'], sealed: Sealed | undefined): boolean {
  return sealed !== undefined && sealed.k < format;
}
