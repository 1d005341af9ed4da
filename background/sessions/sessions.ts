import type { ClientId } from '#core/client/client-configuration.ts';
import { effectiveScopes } from '#core/client/client-endpoints.ts';
import { missingScopes } from '#core/protocol/scope.ts';
import { isUsable, normaliseLabel, withStatus, type SessionId } from '#core/session/session.ts';
import { BrokerError } from '#core/values/fault.ts';
import type { TokenSet } from '#oauth/token-set.ts';
import type { StoredClient, StoredSession } from '#storage/schema.ts';
import type { Clients } from '../clients/clients.ts';
import { withCooldown } from '../platform/cooldown.ts';
import type { World } from '../platform/world.ts';
import { prepareRevocation } from '../provider/revoke-token.ts';
import type { RefreshOptions, TokenHandler } from '../tokens/token-handler.ts';
import { isWithoutToken, movedSessions } from './moved-session.ts';
import {
  identifySession,
  openSession,
  type OpenSessionDependencies,
  type SignInDetails,
} from './open-session.ts';
import { rereadSites, verifyAccount } from './reread-session.ts';
import { removeSessions, sessionOrFail } from './session-changes.ts';

/** The sessions: created by a sign-in, renewed by another sign-in with the same account, ended by signing out. */
export interface Sessions {
  /** @throws BrokerError `not_found` */
  getOrFail(id: SessionId): StoredSession;
  /** As {@link getOrFail}, but throws while the account is unknown: an earlier session may still take over the tokens. */
  identifiedOrFail(id: SessionId): StoredSession;
  find(id: SessionId): StoredSession | undefined;
  ofClient(id: ClientId): readonly StoredSession[];
  /** Creates or renews a session; the tokens are stored when it resolves. */
  open(signIn: SignInDetails, tokens: TokenSet): Promise<StoredSession>;
  /**
   * Deletes the sessions, then sends revocation requests and ignores their outcome; where an edit of the client has ended a
   * session, its request is sent even if it cannot be deleted. `client` is the configuration that the sessions were made with, if the
   * stored one has changed since.
   */
  signOut(ids: readonly SessionId[], client?: StoredClient): Promise<void>;
  /** Sends revocation requests for all sessions, which stay as they are; resolves when all have ended. Never rejects. */
  revokeAll(): Promise<void>;
  /** Deletes sessions that the provider ended long ago; sends no request. */
  remove(ids: readonly SessionId[]): Promise<void>;
  /** Calls back, and waits, after sessions were signed out or removed. */
  onRemoved(listener: (ids: readonly SessionId[]) => Promise<void>): void;
  /**
   * At each start: removes the second session of a renewal that was interrupted. Two sessions with one refresh token
   * would use it twice, and the provider would revoke both. A session that a page is connected to is kept.
   */
  removeDuplicates(isConnected: (id: SessionId) => boolean): Promise<void>;
  /**
   * At each start: a session whose token cannot be decrypted needs consent, unless its access token still serves calls. The
   * key was lost, or something else wrote another account, generation or an older format into it.
   */
  checkTokens(): Promise<void>;
  /**
   * At each start: requests the account of each session where it could not be read at sign-in, and the sites of each whose list
   * was never read or is lost. Never rejects.
   */
  readMissing(): Promise<void>;
  /** Reads the sites again at the person's request, also during the cooldown of a rejected client. */
  refreshSites(id: SessionId): Promise<StoredSession>;
  /**
   * Reads the sites again after a call proved the list wrong; at most once a minute. Never rejects; after a failure the
   * list stays as it is.
   */
  refreshStaleSites(id: SessionId): Promise<void>;
  /**
   * Requests the account after a call was answered for another user; at most once a minute. Never rejects. Updates a
   * renamed user; a session of another user needs consent.
   */
  verifyAccount(id: SessionId): Promise<void>;
  /** Sets the person's own name for the session; an empty one removes it. @throws BrokerError `not_found` */
  rename(id: SessionId, label: string): Promise<void>;
}

interface Dependencies extends OpenSessionDependencies {
  readonly clients: Clients;
  readonly tokens: TokenHandler;
  readonly world: Pick<
    World,
    'fetch' | 'nowMs' | 'after' | 'crypto' | 'lock' | 'withKeepAlive' | 'notifyExtensionPages'
  >;
}

export function createSessions(dependencies: Dependencies): Sessions {
  const { repository, access, world } = dependencies;
  const getOrFail = (id: SessionId): StoredSession => sessionOrFail(repository.get(id));
  const listeners: ((ids: readonly SessionId[]) => Promise<void>)[] = [];
  /** Does everything, even if a part fails; then rejects with the first error. */
  const afterRemoval = async (ids: readonly SessionId[]): Promise<void> => {
    await Promise.all([access.remove(ids), ...listeners.map((listener) => listener(ids))]);
  };
  const refreshStaleSites = withCooldown(async (id: SessionId) => {
    const before = getOrFail(id);
    const after = await rereadSites(before, dependencies);
    const isUnchanged =
      before.sitesReadAtMs !== 0 &&
      after.sites === before.sites &&
      after.unreadableSites === before.unreadableSites;
    if (!isUnchanged) world.notifyExtensionPages();
  }, world);
  return {
    getOrFail,
    identifiedOrFail: (id) => {
      const session = getOrFail(id);
      if (!session.isIdentified) throw new BrokerError('not_found', { subject: 'account' });
      return session;
    },
    find: (id) => repository.get(id),
    ofClient: (clientId) => repository.list().filter((session) => session.clientId === clientId),
    open: (signIn, tokens) => openSession(signIn, tokens, dependencies),
    signOut: async (ids, client) => {
      const ending = await Promise.all(
        ids.map(getOrFail).map(async (session) => ({
          isEndedByEdit: session.probableCause === 'client-edited',
          revoke: await revocation(session, client, dependencies),
        })),
      );
      // Not used again, even if it cannot be removed; and after this, no configuration could revoke it.
      for (const { isEndedByEdit, revoke } of ending) if (isEndedByEdit) void revoke();
      await repository.remove(ids);
      // Sent before anything else can fail: the stored tokens are deleted, so nothing could revoke them later.
      for (const { isEndedByEdit, revoke } of ending) if (!isEndedByEdit) void revoke();
      await afterRemoval(ids);
    },
    revokeAll: () => revokeAll(dependencies),
    remove: async (ids) => {
      await repository.remove(ids);
      await afterRemoval(ids);
    },
    onRemoved: (listener) => void listeners.push(listener),
    checkTokens: async () => {
      const checked = repository.list().map(async (session) => ({
        session,
        isReadable: !(await isBroken(session, dependencies)),
      }));
      for (const { session, isReadable } of await Promise.all(checked)) {
        if (isReadable) continue;
        // Another worker may have encrypted or refreshed it since this one read the store.
        await repository.reread(session.id);
        await repository.update(session.id, async (now) =>
          (await isBroken(now, dependencies)) ? withStatus(now, 'recoverable', world.nowMs()) : now,
        );
      }
    },
    ...unreadSessions(dependencies, refreshStaleSites),
    refreshSites: async (id) => {
      const session = getOrFail(id);
      const options = { isUserInitiated: true };
      if (!session.isIdentified) return identify(session, dependencies, options);
      const after = await rereadSites(session, dependencies, options);
      if (after.sites.length === 0) throw new BrokerError(noSiteFault(after));
      return after;
    },
    refreshStaleSites,
    verifyAccount: withCooldown((id) => verifyAccount(id, dependencies), world),
    rename: async (id, text) => {
      getOrFail(id);
      const label = normaliseLabel(text);
      await repository.update(id, ({ label: _before, ...session }) => ({
        ...session,
        ...(label === undefined ? {} : { label }),
      }));
    },
  };
}

/** Whether a usable session has neither a token that can be decrypted nor an access token that has not expired. */
async function isBroken(
  session: StoredSession,
  { access, clients, secrets, world }: Dependencies,
): Promise<boolean> {
  const { id, clientId, generation } = session;
  const client = clients.find(clientId);
  if (client === undefined || !isUsable(session)) return false;
  const token = await access.read(id, generation);
  if (token !== undefined && token.expiresAtMs > world.nowMs()) return false;
  return (await secrets.check(session, client)) === 'broken';
}

/** Sessions whose account or sites could not be read yet. */
function unreadSessions(
  dependencies: Dependencies,
  refreshStaleSites: Sessions['refreshStaleSites'],
): Pick<Sessions, 'removeDuplicates' | 'readMissing'> {
  const { repository, world } = dependencies;
  const unidentified = (): StoredSession[] =>
    repository.list().filter(({ isIdentified }) => !isIdentified);
  return {
    removeDuplicates: async (isConnected) => {
      const ids = (await movedSessions(dependencies)).filter((id) => !isConnected(id));
      if (ids.length === 0) return;
      await removeSessions(ids, dependencies).catch((thrown: unknown) => {
        // If none has a token, nothing is used twice, and the next start removes them.
        if (!repository.list().every((one) => !ids.includes(one.id) || isWithoutToken(one)))
          throw thrown;
      });
    },
    readMissing: () =>
      world.withKeepAlive(async () => {
        const withoutSites = repository
          .list()
          .filter((one) => one.isIdentified && one.sitesReadAtMs === 0 && isUsable(one));
        // After a failure the session stays as it is until the next start.
        await Promise.allSettled([
          ...unidentified().map((session) => identify(session, dependencies)),
          ...withoutSites.map(({ id }) => refreshStaleSites(id)),
        ]);
      }),
  };
}

async function identify(
  provisional: StoredSession,
  dependencies: Dependencies,
  options: RefreshOptions = {},
): Promise<StoredSession> {
  const client = dependencies.clients.getOrFail(provisional.clientId);
  const token = await dependencies.tokens.getRefreshedToken(provisional.id, options);
  return identifySession({ provisional, client, token }, dependencies);
}

/** Why a session has no site. A list that could not be read, or not in full, does not show that there is none. */
export function noSiteFault({
  sitesReadAtMs,
  unreadableSites,
}: StoredSession): 'no_site' | 'sites_unread' {
  return sitesReadAtMs !== 0 && unreadableSites === undefined ? 'no_site' : 'sites_unread';
}

/** The scopes that a client requests and the session lacks. */
export function scopesLacking(session: StoredSession, client: StoredClient): string[] {
  return missingScopes(client.scopes, effectiveScopes(client, session.scopes));
}

async function revokeAll(dependencies: Dependencies): Promise<void> {
  const requests = dependencies.repository.list().map(async (session) => {
    const revoke = await revocation(session, undefined, dependencies);
    await revoke();
  });
  await Promise.allSettled(requests);
}

async function revocation(
  session: StoredSession,
  former: StoredClient | undefined,
  dependencies: Dependencies,
): Promise<() => Promise<void>> {
  const { clients, secrets } = dependencies;
  try {
    const client = former ?? clients.getOrFail(session.clientId);
    const token = await secrets.storedTokenOf(session, client);
    return await prepareRevocation(client, token, dependencies);
  } catch {
    // A token that cannot be decrypted is not revoked; the session is deleted all the same.
    return () => Promise.resolve();
  }
}
