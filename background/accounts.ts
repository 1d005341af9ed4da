import type { SessionId } from '#core/session/session.ts';
import type { Settings } from '#core/values/settings.ts';
import { clientKind, grantKind, sessionKind, sitesKind } from '#storage/entity-kinds.ts';
import type { StoredClient, StoredSession } from '#storage/schema.ts';
import { createClients } from './clients/clients.ts';
import { createDiagnose } from './commands/signature-check.ts';
import type { World } from './platform/world.ts';
import { createOauth1Consumer } from './provider/oauth1-consumer.ts';
import { createRequestAuthorizer, type RequestAuthorizer } from './provider/request-authorizer.ts';
import { createServerClocks } from './provider/server-clocks.ts';
import { createSignedRequestLog } from './provider/signed-request-log.ts';
import { createAccessTokens } from './secrets/access-tokens.ts';
import { createClientSecrets } from './secrets/client-secrets.ts';
import { createConsumerKeys } from './secrets/consumer-keys.ts';
import { createSessionSecrets, tokenBinding } from './secrets/session-secrets.ts';
import type { Vault } from './secrets/vault.ts';
import { createSessions } from './sessions/sessions.ts';
import { sitesApart } from './sessions/sites-apart.ts';
import { createSignInProtocol } from './sign-in/sign-in-protocol.ts';
import { createSignIn } from './sign-in/sign-in.ts';
import { inOneEntry, inTwoEntries } from './storage/entity-layout.ts';
import { createRepository } from './storage/repository.ts';
import type { Store } from './storage/store.ts';
import { createTokenHandler } from './tokens/token-handler.ts';
import { createTokenService, type TokenService } from './tokens/token-service.ts';

export type Repositories = ReturnType<typeof createRepositories>;
export type Accounts = ReturnType<typeof createAccounts>;

/** The entities that the store has. */
export function createRepositories(store: Store) {
  return {
    clients: createRepository(store, inOneEntry(store, clientKind)),
    sessions: createRepository(store, inTwoEntries(store, sessionKind, sitesKind, sitesApart)),
    grants: createRepository(store, inOneEntry(store, grantKind)),
  };
}

/** The services that send requests to providers: clients, tokens, sessions and sign-in. */
export function createAccounts(
  world: World,
  vault: Vault,
  repositories: Repositories,
  settings: () => Settings,
) {
  const repository = repositories.sessions;
  const secrets = createSessionSecrets(vault);
  const clientSecrets = createClientSecrets(vault);
  const access = createAccessTokens(world.session, bindingIn(repositories));
  const keys = createConsumerKeys(world);
  const clients = createClients({
    repository: repositories.clients,
    sessions: repository,
    clientSecrets,
    secrets,
    keys,
    isHttpForbidden: () => !settings().plainHttp,
    world,
  });
  const clocks = createServerClocks();
  const log = createSignedRequestLog(world);
  const consumer = createOauth1Consumer({ clients, keys, clocks, log, world });
  const authorizer = createRequestAuthorizer({ consumer, clocks, log, world });
  const signer: RequestAuthorizer = async (client, ...request) => {
    clients.requireAllowed(client);
    return authorizer(client, ...request);
  };
  const tokenService = createTokenService(consumer, world);
  const service: TokenService = {
    ...tokenService,
    requireReady: async (client) => {
      clients.requireAllowed(client);
      await tokenService.requireReady(client);
    },
  };
  const tokens = createTokenHandler({
    sessions: repository,
    access,
    clients,
    secrets,
    service,
    settings,
    world,
  });
  const sessions = createSessions({ repository, access, clients, secrets, signer, tokens, world });
  const protocol = createSignInProtocol({ clients, consumer, world });
  const signIn = createSignIn({ clients, sessions, protocol, settings, world });
  const diagnose = createDiagnose({ clients, sessions, tokens, consumer, signer, log, world });
  return { clients, clientSecrets, secrets, access, tokens, sessions, signer, signIn, diagnose };
}

/** What a session's tokens are bound to; empty when the session or its client is deleted. */
function bindingIn({ clients, sessions }: Repositories): (id: SessionId) => string {
  // Every call asks. Sessions and clients are replaced, never changed.
  const known = new WeakMap<
    StoredSession,
    { readonly client: StoredClient; readonly binding: string }
  >();
  return (id) => {
    const session = sessions.get(id);
    const client = session && clients.get(session.clientId);
    if (session === undefined || client === undefined) return '';
    const before = known.get(session);
    if (before?.client === client) return before.binding;
    const binding = tokenBinding(session, client);
    known.set(session, { client, binding });
    return binding;
  };
}
