import type { KeyStore } from '../../extension/browser/storage/key-store.ts';
import type { ClientId } from '../../extension/core/client/client-configuration.ts';
import type { SessionId } from '../../extension/core/session/session.ts';
import type { StoredClient, StoredSession } from '../../extension/storage/schema.ts';
import type { Sealed } from '../../extension/storage/sealed.ts';
import type { Repository } from '../storage/repository.ts';
import type { Store } from '../storage/store.ts';
import type { ClientSecrets } from './client-secrets.ts';
import type { SessionSecrets } from './session-secrets.ts';
import { boundSeals } from './vault.ts';

interface Dependencies {
  readonly clients: Repository<ClientId, StoredClient>;
  readonly sessions: Repository<SessionId, StoredSession>;
  readonly clientSecrets: ClientSecrets;
  readonly secrets: SessionSecrets;
  readonly store: Pick<Store, 'isBehind'>;
  readonly keyStore: KeyStore;
}

/**
 * Once, at a start: seals anew what an earlier Threelo sealed for its place alone, and notes in the key store that no such
 * text is believed any more. What goes wrong leaves the old ones good, for the next start. Never rejects.
 */
export async function renewSeals(dependencies: Dependencies): Promise<void> {
  const { keyStore, store } = dependencies;
  const { name, revision } = boundSeals;
  try {
    if ((await keyStore.lowestRevision(name)) >= revision) return;
    await renewClients(dependencies);
    await renewSessions(dependencies);
    // A copy that still has an old text may be the one that is left.
    if (!store.isBehind()) await keyStore.raiseRevision(name, revision);
  } catch {
    // The key store or a store does not listen now.
  }
}

async function renewClients({ clients, clientSecrets }: Dependencies): Promise<void> {
  for (const { id, sealedClientSecret } of clients.list()) {
    if (!isOld(sealedClientSecret)) continue;
    await clients.update(id, async (client) => {
      const sealed = await clientSecrets.rebound(client, client);
      return sealed === undefined ? client : { ...client, sealedClientSecret: sealed };
    });
  }
}

async function renewSessions({ clients, sessions, secrets }: Dependencies): Promise<void> {
  for (const { id, clientId, sealedRefreshToken, sealedAccessToken } of sessions.list()) {
    const client = clients.get(clientId);
    // Without a client nothing can be sent.
    if (client === undefined || !(isOld(sealedRefreshToken) || isOld(sealedAccessToken))) continue;
    await sessions.update(id, (session) => secrets.rebound(session, client, client));
  }
}

function isOld(sealed: Sealed | undefined): boolean {
  return sealed?.k === 1;
}
