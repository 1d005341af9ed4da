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
  readonly store: Pick<Store, 'hasStaleCopy'>;
  readonly keyStore: KeyStore;
}

/**
 * Runs once, at a start: encrypts again what an earlier version bound to its place but not to a destination, then records in
 * the key store that the old format is refused. After an error the old format stays accepted and the next start tries
 * again. Never rejects.
 */
export async function reencryptOldSecrets(dependencies: Dependencies): Promise<void> {
  const { keyStore, store } = dependencies;
  const { name, revision } = boundFormat;
  try {
    if ((await keyStore.lowestRevision(name)) >= revision) return;
    await reencryptClients(dependencies);
    await reencryptSessions(dependencies);
    // A stale copy may still hold a secret in the old format, and may become the only copy.
    if (!store.hasStaleCopy()) await keyStore.raiseRevision(name, revision);
  } catch {
    // The key store or a storage area is not available now.
  }
}

async function reencryptClients({ clients, clientSecrets }: Dependencies): Promise<void> {
  for (const { id, sealedClientSecret } of clients.list()) {
    if (!isOldFormat(sealedClientSecret)) continue;
    await clients.update(id, async (client) => {
      const sealed = await clientSecrets.reencrypt(client, client);
      return sealed === undefined ? client : { ...client, sealedClientSecret: sealed };
    });
  }
}

async function reencryptSessions({ clients, sessions, secrets }: Dependencies): Promise<void> {
  for (const { id, clientId, sealedRefreshToken, sealedAccessToken } of sessions.list()) {
    const client = clients.get(clientId);
    // A session whose client is gone sends nothing.
    if (
      client === undefined ||
      !(isOldFormat(sealedRefreshToken) || isOldFormat(sealedAccessToken))
    )
      continue;
    await sessions.update(id, (session) => secrets.reencrypt(session, client, client));
  }
}

function isOldFormat(sealed: Sealed | undefined): boolean {
  return sealed?.k === 1;
}
