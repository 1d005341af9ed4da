import type { ClientId } from '../extension/core/client-configuration.ts';
import { BrokerError, toFault } from '../extension/core/fault.ts';
import { missingScopes } from '../extension/core/scope.ts';
import type { SessionId } from '../extension/core/session.ts';
import { isSameSite, type Site, type SiteKey } from '../extension/core/site.ts';
import { accessibleResources } from '../extension/oauth/atlassian-resources.ts';
import { revokeBestEffort } from '../extension/oauth/revocation.ts';
import type { TokenSet } from '../extension/oauth/token-set.ts';
import type { StoredClient, StoredSession } from '../extension/storage/schema.ts';
import type { AccessToken } from './access-tokens.ts';
import type { Clients } from './clients.ts';
import { deadline } from './deadline.ts';
import {
  firstSite,
  hasTwin,
  isProvisional,
  openSession,
  resourceMs,
  type OpeningDependencies,
} from './open-session.ts';
import type { TokenHandler } from './token-handler.ts';
import type { World } from './world.ts';

/** The sessions: made by a sign-in, renewed by the same account signing in again, ended by signing out. */
export interface Sessions {
  /** @throws BrokerError `not_found` */
  getOrFail(id: SessionId): StoredSession;
  find(id: SessionId): StoredSession | undefined;
  ofClient(id: ClientId): readonly StoredSession[];
  /** Stores what an exchange gave; the tokens are durable when it resolves. */
  open(client: StoredClient, tokens: TokenSet): Promise<StoredSession>;
  /** Deletes here first; asks the provider to revoke afterwards and ignores the outcome. */
  signOut(ids: readonly SessionId[]): Promise<void>;
  /** Deletes sessions that the provider ended long ago, without asking it anything. */
  drop(ids: readonly SessionId[]): Promise<void>;
  /**
   * At each start: removes what a sign-in left that renewed an earlier session and did not live to its end.
   * Two sessions with one refresh token would replay it.
   */
  dropTwins(): Promise<void>;
  refreshSites(id: SessionId): Promise<StoredSession>;
  chooseSite(id: SessionId, site: SiteKey): Promise<void>;
}

interface Dependencies extends OpeningDependencies {
  readonly clients: Clients;
  readonly tokens: TokenHandler;
  readonly world: Pick<World, 'fetch' | 'nowMs' | 'after' | 'crypto' | 'withKeepAlive'>;
}

/** See {@link Sessions}. */
export function createSessions(dependencies: Dependencies): Sessions {
  const { repository, access, clients } = dependencies;
  const getOrFail = (id: SessionId): StoredSession => {
    const session = repository.get(id);
    if (session === undefined) throw new BrokerError('not_found', { subject: 'session' });
    return session;
  };
  const drop = async (ids: readonly SessionId[]): Promise<void> => {
    await repository.remove(ids);
    await access.forget(ids);
  };
  return {
    getOrFail,
    find: (id) => repository.get(id),
    ofClient: (clientId) => repository.list().filter((session) => session.clientId === clientId),
    open: (client, tokens) => openSession(client, tokens, dependencies),
    signOut: async (ids) => {
      const ending = ids.map(getOrFail);
      const revocations = await Promise.all(
        ending.map((session) => revocation(session, dependencies)),
      );
      await drop(ids);
      for (const revoke of revocations) void revoke();
    },
    drop,
    dropTwins: async () => {
      const all = repository.list();
      const twins = all.filter((session) => isProvisional(session) && hasTwin(session, all));
      if (twins.length > 0) await repository.remove(twins.map(({ id }) => id));
    },
    refreshSites: async (id) => {
      const { clientId } = getOrFail(id);
      const sites = await readSites(id, clients.getOrFail(clientId), dependencies);
      const updated = await repository.update(id, (session) =>
        withSites(session, sites, dependencies.world.nowMs()),
      );
      if (sites.length === 0) throw new BrokerError('no_site');
      return updated ?? getOrFail(id);
    },
    chooseSite: async (id, wanted) => {
      const site = getOrFail(id).sites.find((candidate) => isSameSite(candidate, wanted));
      if (site === undefined) throw new BrokerError('not_found', { subject: 'site' });
      const { cloudId, product } = site;
      await repository.update(id, (session) => ({ ...session, currentSite: { cloudId, product } }));
    },
  };
}

async function readSites(
  id: SessionId,
  client: StoredClient,
  dependencies: Dependencies,
): Promise<Site[]> {
  const { tokens } = dependencies;
  const first = await tokens.accessTo(id);
  try {
    return await sitesWith(first, client, dependencies);
  } catch (thrown) {
    if (toFault(thrown).code !== 'grant_rejected') throw thrown;
    // Refused before its time, as after a revocation: a refresh tells whether the grant is gone.
    return await sitesWith(await tokens.accessAfter(id, first), client, dependencies);
  }
}

async function sitesWith(
  { token }: AccessToken,
  client: StoredClient,
  { world }: Dependencies,
): Promise<Site[]> {
  const limit = deadline(world, resourceMs);
  try {
    const context = {
      type: client.type,
      accessToken: token,
      fetch: world.fetch,
      signal: limit.signal,
    };
    return await accessibleResources(context);
  } finally {
    limit.release();
  }
}

function withSites(session: StoredSession, sites: readonly Site[], nowMs: number): StoredSession {
  const { currentSite, ...rest } = session;
  return { ...rest, sites, sitesReadAtMs: nowMs, ...firstSite(currentSite, sites) };
}

/** What a session's scopes lack of what its configuration asks for. */
export function scopesLacking(session: StoredSession, client: StoredClient): string[] {
  return missingScopes(client.scopes, session.scopes);
}

async function revocation(
  session: StoredSession,
  { clients, secrets, world }: Dependencies,
): Promise<() => Promise<void>> {
  try {
    const client = clients.getOrFail(session.clientId);
    const [clientSecret, refreshToken] = await Promise.all([
      clients.secretOf(client),
      secrets.refreshTokenOf(session),
    ]);
    if (refreshToken === undefined) return () => Promise.resolve();
    return () =>
      world.withKeepAlive(async () => {
        const limit = deadline(world, resourceMs);
        await revokeBestEffort(client, clientSecret, refreshToken, {
          fetch: world.fetch,
          signal: limit.signal,
        });
        limit.release();
      });
  } catch {
    // What cannot be opened cannot be revoked; the session still goes.
    return () => Promise.resolve();
  }
}
