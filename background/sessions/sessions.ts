import type { ClientId } from '../../extension/core/client/client-configuration.ts';
import { effectiveScopes } from '../../extension/core/client/client-endpoints.ts';
import { missingScopes } from '../../extension/core/protocol/scope.ts';
import { profileOf } from '../../extension/core/provider/provider-profile.ts';
import type { SessionId } from '../../extension/core/session/session.ts';
import { withReportedSites } from '../../extension/core/session/site-changes.ts';
import { isSameSite, type Site, type SiteKey } from '../../extension/core/session/site.ts';
import { BrokerError, toFault } from '../../extension/core/values/fault.ts';
import { revokeBestEffort } from '../../extension/oauth/oauth2/revocation.ts';
import { accountOf, sitesOf } from '../../extension/oauth/resources/account-and-sites.ts';
import type { ResourceContext } from '../../extension/oauth/resources/resource-request.ts';
import type { TokenSet } from '../../extension/oauth/token-set.ts';
import type { StoredClient, StoredSession } from '../../extension/storage/schema.ts';
import type { Clients } from '../clients/clients.ts';
import { withCooldown } from '../platform/cooldown.ts';
import { deadline } from '../platform/deadline.ts';
import type { World } from '../platform/world.ts';
import { askProvider, resourceMs } from '../provider/ask-provider.ts';
import type { AccessToken } from '../secrets/access-tokens.ts';
import type { RefreshOptions, TokenHandler, Used } from '../tokens/token-handler.ts';
import { firstSite, hasTwin } from './match-session.ts';
import {
  completeOpening,
  openSession,
  type Opening,
  type OpeningDependencies,
} from './open-session.ts';
import { checkAccount } from './verify-account.ts';

/** The sessions: made by a sign-in, renewed by the same account signing in again, ended by signing out. */
export interface Sessions {
  /** @throws BrokerError `not_found` */
  getOrFail(id: SessionId): StoredSession;
  /** As {@link Sessions.getOrFail}; one whose account is not known yet may still move into the place of another. */
  identifiedOrFail(id: SessionId): StoredSession;
  find(id: SessionId): StoredSession | undefined;
  ofClient(id: ClientId): readonly StoredSession[];
  /** Stores what an exchange gave; the tokens are durable when it resolves. */
  open(opening: Opening, tokens: TokenSet): Promise<StoredSession>;
  /**
   * Deletes here first; asks the provider to revoke afterwards and ignores the outcome. The configuration is
   * named when the stored one is not what the sessions were made with any more.
   */
  signOut(ids: readonly SessionId[], client?: StoredClient): Promise<void>;
  /** Deletes sessions that the provider ended long ago, without asking it anything. */
  drop(ids: readonly SessionId[]): Promise<void>;
  /**
   * At each start: removes what a sign-in left that renewed an earlier session and did not live to its end.
   * Two sessions with one refresh token would replay it.
   */
  dropTwins(): Promise<void>;
  /** Asks again whose the sessions are whose account nobody could tell at their sign-in. Never rejects. */
  identifyPending(): Promise<void>;
  /** For the person, who may just have mended what a client was refused for. */
  refreshSites(id: SessionId): Promise<StoredSession>;
  /**
   * Reads the session's sites again after a call proved the list wrong; at most once a minute. Nobody has to wait for
   * it: it never rejects, and a failure leaves the list as it is.
   */
  refreshStaleSites(id: SessionId): Promise<void>;
  /**
   * A call was answered for somebody else: the provider is asked whose session it is. A user who was renamed is noted;
   * a session that is somebody else's asks for its person.
   */
  askStranger(id: SessionId): Promise<void>;
  chooseSite(id: SessionId, site: SiteKey): Promise<void>;
}

interface Dependencies extends OpeningDependencies {
  readonly clients: Clients;
  readonly tokens: TokenHandler;
  readonly world: Pick<
    World,
    'fetch' | 'nowMs' | 'after' | 'crypto' | 'lock' | 'withKeepAlive' | 'notifyExtensionPages'
  >;
}

/** See {@link Sessions}. */
export function createSessions(dependencies: Dependencies): Sessions {
  const { repository, world } = dependencies;
  const getOrFail = (id: SessionId): StoredSession => {
    const session = repository.get(id);
    if (session === undefined) throw new BrokerError('not_found', { subject: 'session' });
    return session;
  };
  return {
    getOrFail,
    identifiedOrFail: (id) => {
      const session = getOrFail(id);
      if (!session.isIdentified) throw new BrokerError('not_found', { subject: 'account' });
      return session;
    },
    find: (id) => repository.get(id),
    ofClient: (clientId) => repository.list().filter((session) => session.clientId === clientId),
    open: (opening, tokens) => openSession(opening, tokens, dependencies),
    signOut: async (ids, client) => {
      const ending = ids.map(getOrFail);
      const revocations = await Promise.all(
        ending.map((session) => revocation(session, client, dependencies)),
      );
      await drop(ids, dependencies);
      for (const revoke of revocations) void revoke();
    },
    drop: (ids) => drop(ids, dependencies),
    ...pendingSessions(dependencies),
    refreshSites: async (id) => {
      const session = getOrFail(id);
      const asked = { isAskedFor: true };
      if (!session.isIdentified) return identify(session, dependencies, asked);
      const after = await reread(session, dependencies, asked);
      if (after.sites.length === 0) throw new BrokerError('no_site');
      return after;
    },
    refreshStaleSites: withCooldown(async (id) => {
      const before = getOrFail(id);
      const after = await reread(before, dependencies);
      if (after.sites !== before.sites) world.notifyExtensionPages();
    }, world),
    askStranger: withCooldown((id) => checkAccount(id, dependencies), world),
    chooseSite: async (id, wanted) => {
      const site = getOrFail(id).sites.find((candidate) => isSameSite(candidate, wanted));
      if (site === undefined) throw new BrokerError('not_found', { subject: 'site' });
      const { cloudId, product } = site;
      await repository.update(id, (session) => ({ ...session, currentSite: { cloudId, product } }));
    },
  };
}

async function drop(
  ids: readonly SessionId[],
  { repository, access }: Pick<Dependencies, 'repository' | 'access'>,
): Promise<void> {
  await repository.remove(ids);
  await access.forget(ids);
}

/** The sessions of which nobody could be asked yet whose they are. */
function pendingSessions(
  dependencies: Dependencies,
): Pick<Sessions, 'dropTwins' | 'identifyPending'> {
  const { repository, world } = dependencies;
  const pending = (): StoredSession[] =>
    repository.list().filter(({ isIdentified }) => !isIdentified);
  return {
    dropTwins: async () => {
      const twins = pending().filter((session) => hasTwin(session, repository.list()));
      if (twins.length > 0)
        await drop(
          twins.map(({ id }) => id),
          dependencies,
        );
    },
    identifyPending: () =>
      world.withKeepAlive(async () => {
        // What goes wrong leaves the session as it is, for the next time.
        await Promise.allSettled(pending().map((session) => identify(session, dependencies)));
      }),
  };
}

async function identify(
  session: StoredSession,
  dependencies: Dependencies,
  options: RefreshOptions = {},
): Promise<StoredSession> {
  const client = dependencies.clients.getOrFail(session.clientId);
  const token = await dependencies.tokens.getRefreshedToken(session.id, options);
  return completeOpening(session, client, token, {}, dependencies);
}

/** Asks for the sites of a session and stores what it is told. */
async function reread(
  before: StoredSession,
  dependencies: Dependencies,
  options: RefreshOptions = {},
): Promise<StoredSession> {
  const { repository, clients, world } = dependencies;
  const { id, clientId, scopes } = before;
  const client = clients.getOrFail(clientId);
  const told = await readSites(id, { client, scopes }, dependencies, options);
  const after = await repository.update(id, (session) =>
    // A sign-in meanwhile knows better.
    session.signedInAtMs === before.signedInAtMs
      ? withSites(session, told, world.nowMs())
      : session,
  );
  // Signed out meanwhile.
  if (after === undefined) throw new BrokerError('not_found', { subject: 'session' });
  return after;
}

interface Grant extends Pick<ResourceContext, 'scopes'> {
  readonly client: StoredClient;
}

/** Refused before its time, as after a revocation: a refresh tells whether the grant is gone. */
async function readSites(
  id: SessionId,
  grant: Grant,
  dependencies: Dependencies,
  options: RefreshOptions,
): Promise<Site[]> {
  const use = (token: AccessToken) => sitesWith(token, grant, dependencies);
  const sites = await dependencies.tokens.execute(id, use, options);
  if (sites === undefined) throw new BrokerError('grant_rejected');
  return sites;
}

async function sitesWith(
  token: AccessToken,
  grant: Grant,
  { signer, world }: Dependencies,
): Promise<Used<Site[] | undefined>> {
  const ask = async (context: ResourceContext): Promise<Site[]> => {
    // Where the configuration names the site, the account shows that the token is taken.
    if (profileOf(grant.client.type).sites === 'base-url') await accountOf(context);
    return sitesOf(context);
  };
  try {
    return { value: await askProvider({ ...grant, token }, ask, { signer, world }) };
  } catch (thrown) {
    const { code } = toFault(thrown);
    if (code !== 'grant_rejected' && code !== 'answered_as_anonymous') throw thrown;
    return { value: undefined, isTokenRefused: true };
  }
}

function withSites(session: StoredSession, told: readonly Site[], nowMs: number): StoredSession {
  const { currentSite, ...rest } = session;
  const known = withReportedSites(session, told);
  return { ...rest, ...known, sitesReadAtMs: nowMs, ...firstSite(currentSite, known.sites) };
}

/** What a session's scopes lack of what its configuration asks for. */
export function scopesLacking(session: StoredSession, client: StoredClient): string[] {
  return missingScopes(client.scopes, effectiveScopes(client, session.scopes));
}

async function revocation(
  session: StoredSession,
  former: StoredClient | undefined,
  { clients, secrets, world }: Dependencies,
): Promise<() => Promise<void>> {
  try {
    const client = former ?? clients.getOrFail(session.clientId);
    const [clientSecret, token] = await Promise.all([
      clients.secretOf(client),
      // Sealed for the client as it is stored now.
      secrets.storedTokenOf(session, clients.getOrFail(session.clientId)),
    ]);
    return () =>
      world.withKeepAlive(async () => {
        const limit = deadline(world, resourceMs);
        await revokeBestEffort(client, clientSecret, token, {
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
