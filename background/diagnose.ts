import type { ClientId } from '../extension/core/client-configuration.ts';
import { BrokerError, toFault } from '../extension/core/fault.ts';
import { profileOf } from '../extension/core/provider-profile.ts';
import { isUsable } from '../extension/core/session.ts';
import { accountOf } from '../extension/oauth/provider-resources.ts';
import type { StoredClient } from '../extension/storage/schema.ts';
import type { Diagnosis } from '../extension/wire/views.ts';
import { askProvider, resourceMs } from './ask-provider.ts';
import type { CallSigner } from './call-signer.ts';
import { requireHosts } from './client-hosts.ts';
import type { Clients } from './clients.ts';
import { deadline } from './deadline.ts';
import type { Oauth1Consumer } from './oauth1-consumer.ts';
import type { Sessions } from './sessions.ts';
import type { SignatureLog } from './signature-log.ts';
import type { TokenHandler } from './token-handler.ts';
import type { World } from './world.ts';

/**
 * Lets an OAuth 1.0a server judge a client's signatures: it is asked for temporary credentials, which nobody uses, and
 * where there is a session, for the account. @throws BrokerError `not_found`, `invalid_client`, `permission_missing`
 */
export type Diagnose = (id: ClientId) => Promise<Diagnosis>;

interface Dependencies {
  readonly clients: Clients;
  readonly sessions: Sessions;
  readonly tokens: TokenHandler;
  readonly consumer: Oauth1Consumer;
  readonly signer: CallSigner;
  readonly log: SignatureLog;
  readonly world: Pick<World, 'fetch' | 'crypto' | 'after' | 'identity' | 'permissions'>;
}

/** See {@link Diagnose}. */
export function createDiagnose(dependencies: Dependencies): Diagnose {
  const { clients, log, world } = dependencies;
  return async (id) => {
    const client = clients.getOrFail(id);
    if (profileOf(client.type).protocol !== 'oauth1') throw new BrokerError('invalid_client');
    await requireHosts(client, world.permissions);
    const limit = deadline(world, resourceMs);
    try {
      return { hasCalled: await look(client, limit.signal, dependencies), requests: log.of(id) };
    } catch (thrown) {
      return { hasCalled: false, fault: toFault(thrown), requests: log.of(id) };
    } finally {
      limit.release();
    }
  };
}

/** Resolves to whether a call with a session's token was sent too. */
async function look(
  client: StoredClient,
  signal: AbortSignal,
  { sessions, tokens, consumer, signer, world }: Dependencies,
): Promise<boolean> {
  await consumer.begin(client, world.identity.redirectUri(client.redirectUriSuffix), signal);
  const session = sessions.ofClient(client.id).find(isUsable);
  if (session === undefined || profileOf(client.type).identity === 'none') return false;
  const token = await tokens.getRefreshedToken(session.id);
  await askProvider({ client, token, scopes: [], signal }, accountOf, { signer, world });
  return true;
}
