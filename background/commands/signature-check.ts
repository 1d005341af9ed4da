import type { ClientId } from '#core/client/client-configuration.ts';
import { profileOf } from '#core/provider/provider-profile.ts';
import { isUsable } from '#core/session/session.ts';
import { BrokerError, toFault } from '#core/values/fault.ts';
import { accountOf } from '#oauth/resources/account-and-sites.ts';
import type { StoredClient } from '#storage/schema.ts';
import type { Diagnosis } from '#wire/views.ts';
import { requireHosts } from '../clients/client-hosts.ts';
import type { Clients } from '../clients/clients.ts';
import { deadline } from '../platform/deadline.ts';
import type { World } from '../platform/world.ts';
import { askProvider, resourceMs } from '../provider/ask-provider.ts';
import type { Oauth1Consumer } from '../provider/oauth1-consumer.ts';
import type { RequestAuthorizer } from '../provider/request-authorizer.ts';
import type { SignedRequestLog } from '../provider/signed-request-log.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { TokenHandler } from '../tokens/token-handler.ts';

/**
 * Tests whether an OAuth 1.0a server accepts a client's signatures: requests temporary credentials, which are not used,
 * and, with a session, the account.
 * @throws BrokerError `not_found`, `invalid_client`, `permission_missing`
 */
export type Diagnose = (id: ClientId) => Promise<Diagnosis>;

interface Dependencies {
  readonly clients: Clients;
  readonly sessions: Sessions;
  readonly tokens: TokenHandler;
  readonly consumer: Oauth1Consumer;
  readonly signer: RequestAuthorizer;
  readonly log: SignedRequestLog;
  readonly world: Pick<World, 'fetch' | 'crypto' | 'after' | 'identity' | 'permissions'>;
}

export function createDiagnose(dependencies: Dependencies): Diagnose {
  const { clients, log, world } = dependencies;
  return async (id) => {
    const client = clients.getOrFail(id);
    if (profileOf(client.type).protocol !== 'oauth1') throw new BrokerError('invalid_client');
    await requireHosts(client, world.permissions);
    const limit = deadline(world, resourceMs);
    try {
      return {
        hasCalled: await sendSignedRequests(client, limit.signal, dependencies),
        requests: log.of(id),
      };
    } catch (thrown) {
      return { hasCalled: false, fault: toFault(thrown), requests: log.of(id) };
    } finally {
      limit.release();
    }
  };
}

/** Resolves to whether a request with a session's token was sent too. */
async function sendSignedRequests(
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
