import type { ClientId } from '../extension/core/client-configuration.ts';
import type { Origin } from '../extension/core/origin.ts';
import type { SessionId } from '../extension/core/session.ts';
import { clientKind, grantKind, sessionKind } from '../extension/storage/entity-kinds.ts';
import type { StoredClient, StoredGrant, StoredSession } from '../extension/storage/schema.ts';
import { createAccessTokens } from './access-tokens.ts';
import { createAsks, type Asks } from './asks.ts';
import { createAvatars } from './avatars.ts';
import { createBroker } from './broker.ts';
import { createClients } from './clients.ts';
import { createGrants, type Grants } from './grants.ts';
import { createHandlers } from './handlers.ts';
import { createProjector } from './overview.ts';
import { createPageAccess } from './page-access.ts';
import { createRepository, type Repository } from './repository.ts';
import type { Handlers } from './router.ts';
import { createSessionSecrets } from './session-secrets.ts';
import { createSessions } from './sessions.ts';
import { createSignIn, type SignIn } from './sign-in.ts';
import { openStore, type Store } from './store.ts';
import { createTokenHandler } from './token-handler.ts';
import { createTransfers } from './transfers.ts';
import { createVault, type Vault } from './vault.ts';
import type { World } from './world.ts';

/** What the events of the browser are handed to. */
export interface Background {
  readonly handlers: Handlers;
  readonly grants: Grants;
  readonly asks: Asks;
  readonly signIn: SignIn;
}

/**
 * Builds the services once and hands them what they need. Rejects when the store cannot be used; then
 * every command is answered with that fault and nothing is written.
 */
export async function compose(world: World): Promise<Background> {
  await world.closeStorage();
  const store = await openStore(world);
  const repositories = {
    clients: createRepository(store, clientKind),
    sessions: createRepository(store, sessionKind),
    grants: createRepository(store, grantKind),
  };
  return wire(world, store, repositories);
}

interface Repositories {
  readonly clients: Repository<ClientId, StoredClient>;
  readonly sessions: Repository<SessionId, StoredSession>;
  readonly grants: Repository<Origin, StoredGrant>;
}

/** What speaks to the providers: configurations, sessions and their tokens. */
function createAccounts(world: World, vault: Vault, repositories: Repositories) {
  const repository = repositories.sessions;
  const secrets = createSessionSecrets(vault);
  const access = createAccessTokens(world.session);
  const clients = createClients({ repository: repositories.clients, vault, world });
  const tokens = createTokenHandler({ sessions: repository, access, clients, secrets, world });
  const sessions = createSessions({ repository, access, clients, secrets, tokens, world });
  return { clients, tokens, sessions, signIn: createSignIn({ clients, sessions, world }) };
}

async function wire(world: World, store: Store, repositories: Repositories): Promise<Background> {
  const vault = createVault(world.keyStore, world.crypto);
  const accounts = createAccounts(world, vault, repositories);
  const { signIn, tokens } = accounts;
  const grants = await createGrants({ repository: repositories.grants, vault, world });
  const asks = createAsks(world);
  const pageAccess = createPageAccess({ asks, grants, world });
  const transfers = createTransfers();
  const { chooseSite } = pageAccess;
  const broker = createBroker({ ...accounts, grants, transfers, chooseSite, world });
  const avatars = createAvatars(world);
  const projector = createProjector({
    ...{ clients: accounts.clients, grants, signIn, avatars, world },
    sessions: () => repositories.sessions.list(),
    storageFaults: () => [...store.faults(), ...grants.unreadable],
  });
  grants.onEnded((origin) => {
    transfers.abortOrigin(origin);
    asks.withdraw(origin);
  });
  repositories.sessions.onReplaced((before, after) => {
    const isSeen = before.status !== after.status || before.sites !== after.sites;
    if (isSeen) void grants.tellSession(after.id);
  });
  await avatars.load();
  await accounts.clients.checkSecrets();
  await accounts.sessions.dropTwins();
  await signIn.recover();
  tokens.resume();
  const services = {
    ...accounts,
    grants,
    asks,
    pageAccess,
    broker,
    transfers,
    projector,
    store,
    world,
  };
  return { handlers: createHandlers(services), grants, asks, signIn };
}
