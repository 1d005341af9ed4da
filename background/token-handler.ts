import { BrokerError, toFault } from '../extension/core/fault.ts';
import { isFresh } from '../extension/core/freshness.ts';
import { isUsable, withStatus, type SessionId } from '../extension/core/session.ts';
import { issuerTuple } from '../extension/oauth/authorization-server.ts';
import { processRefresh, refreshRequest } from '../extension/oauth/token-endpoint.ts';
import type { TokenAnswer } from '../extension/oauth/token-answer.ts';
import type { StoredSession } from '../extension/storage/schema.ts';
import type { AccessToken, AccessTokens } from './access-tokens.ts';
import type { Clients } from './clients.ts';
import { deadline } from './deadline.ts';
import type { Repository } from './repository.ts';
import type { SessionSecrets } from './session-secrets.ts';
import type { World } from './world.ts';

/**
 * Gives out access tokens and is the only one that refreshes them: Data Center's `TokenHandler`. However
 * many callers wait, a session has one refresh at a time, and nobody gets an access token before the
 * refresh token that came with it is stored.
 */
export interface TokenHandler {
  /** A token that is fresh by its expiry. @throws BrokerError `consent_required` and what a refresh throws */
  accessTo(id: SessionId): Promise<AccessToken>;
  /** A newer token than one that the service refused before its time. */
  accessAfter(id: SessionId, refused: AccessToken): Promise<AccessToken>;
  /**
   * At each start: asks again for what an earlier worker did not live to store. The provider takes the
   * superseded token for a short while only, so this does not wait for the next call.
   */
  resume(): void;
  /** Refreshes although nobody asked, and resumes what an open journal tells of. Never rejects. */
  refreshAhead(id: SessionId): Promise<void>;
}

/** Longest wait for one answer of a token endpoint, in milliseconds. */
const attemptMs = 20_000;

interface Dependencies {
  readonly sessions: Repository<SessionId, StoredSession>;
  readonly access: AccessTokens;
  readonly clients: Clients;
  readonly secrets: SessionSecrets;
  readonly world: Pick<
    World,
    'fetch' | 'nowMs' | 'after' | 'lock' | 'withKeepAlive' | 'tellOwnPages'
  >;
}

/** See {@link TokenHandler}. */
export function createTokenHandler(dependencies: Dependencies): TokenHandler {
  const { sessions, access, world } = dependencies;
  const running = new Map<SessionId, Promise<AccessToken>>();
  const unstored: Unstored = new Map();
  const renew = (id: SessionId, isGood: (token: AccessToken) => boolean): Promise<AccessToken> => {
    const already = running.get(id);
    if (already) return already;
    const refresh = world.withKeepAlive(() =>
      world.lock(`refresh ${id}`, async () => {
        const current = await access.read(id);
        return current && isGood(current) ? current : refreshOnce(id, unstored, dependencies);
      }),
    );
    const tracked = refresh.finally(() => running.delete(id));
    running.set(id, tracked);
    return tracked;
  };
  const isFreshNow = (token: AccessToken): boolean => isFresh(token, world.nowMs());
  return {
    accessTo: async (id) => {
      const session = sessions.get(id);
      if (session === undefined || !isUsable(session)) throw new BrokerError('consent_required');
      const token = (await access.read(id)) ?? (await storedAccess(session, dependencies));
      return token && isFreshNow(token) ? token : renew(id, isFreshNow);
    },
    accessAfter: (id, refused) => renew(id, (token) => token.generation > refused.generation),
    refreshAhead: async (id) => {
      const generation = sessions.get(id)?.generation ?? 0;
      // What goes wrong is told to the next caller, who finds it again.
      await renew(id, (token) => token.generation > generation).catch(() => undefined);
    },
    resume: () => {
      const interrupted = sessions.list().filter((session) => session.journal && isUsable(session));
      // What goes wrong is told to the next caller, who finds it again.
      for (const { id } of interrupted) renew(id, () => false).catch(() => undefined);
    },
  };
}

/** The access token of a session that has nothing else. */
async function storedAccess(
  session: StoredSession,
  { access, secrets }: Dependencies,
): Promise<AccessToken | undefined> {
  const token = await secrets.accessTokenOf(session);
  if (token === undefined || session.endsAtMs === undefined) return undefined;
  const found = {
    token,
    issuedAtMs: session.refreshedAtMs,
    expiresAtMs: session.endsAtMs,
    generation: session.generation,
  };
  await access.write(session.id, found);
  return found;
}

/**
 * Answers whose refresh token could not be stored, as on a full disk. The token before it is superseded, so
 * the next call stores the answer first, and sends nothing until that worked.
 */
type Unstored = Map<SessionId, Answered>;

/** An answer with the session as it was when the refresh was sent. */
interface Answered {
  readonly before: StoredSession;
  readonly answer: TokenAnswer;
  readonly receivedAtMs: number;
}

async function refreshOnce(
  id: SessionId,
  unstored: Unstored,
  dependencies: Dependencies,
): Promise<AccessToken> {
  const { sessions, clients, secrets, world } = dependencies;
  const left = unstored.get(id);
  if (left !== undefined && left.before.generation === sessions.get(id)?.generation) {
    const token = await settle(left, unstored, dependencies);
    if (isFresh(token, world.nowMs())) return token;
  }
  const before = sessions.get(id);
  if (before === undefined) throw new BrokerError('consent_required');
  const refreshToken = await secrets.refreshTokenOf(before);
  if (refreshToken === undefined || !isUsable(before)) {
    await mark(id, before.generation, dependencies);
    throw new BrokerError('consent_required');
  }
  const client = clients.getOrFail(before.clientId);
  const clientSecret = await clients.secretOf(client);
  const journaled = await sessions.update(id, (session) => ({
    ...session,
    journal: {
      generation: session.generation,
      startedAtMs: world.nowMs(),
      attempts: (session.journal?.attempts ?? 0) + 1,
    },
  }));
  if (journaled === undefined) throw new BrokerError('consent_required');
  const limit = deadline(world, attemptMs);
  try {
    const context = { client, clientSecret, fetch: world.fetch, signal: limit.signal };
    const answer = await refreshRequest(context, issuerTuple(client), refreshToken);
    return await settle(
      { before: journaled, answer, receivedAtMs: world.nowMs() },
      unstored,
      dependencies,
    );
  } catch (thrown) {
    if (toFault(thrown).code !== 'grant_rejected') throw thrown;
    await mark(id, before.generation, dependencies);
    throw new BrokerError('consent_required', {}, { cause: thrown });
  } finally {
    limit.release();
  }
}

/** Order matters: refresh token and generation to disk, then the verdict, then the access token, then the callers. */
async function settle(
  answered: Answered,
  unstored: Unstored,
  dependencies: Dependencies,
): Promise<AccessToken> {
  const { sessions, access, clients, world } = dependencies;
  const { before, answer, receivedAtMs } = answered;
  const { id } = before;
  const generation = before.generation + 1;
  const tuple = issuerTuple(clients.getOrFail(before.clientId));
  if (answer.refreshToken !== undefined || answer.response.ok) {
    unstored.set(id, answered);
    await storeRotated(answered, generation, dependencies);
    unstored.delete(id);
  }
  const tokens = await processRefresh(tuple, answer, receivedAtMs);
  const token: AccessToken = {
    token: tokens.accessToken,
    issuedAtMs: receivedAtMs,
    expiresAtMs: tokens.expiresAtMs,
    generation,
  };
  await access.write(id, token);
  const scopes = tokens.scopes;
  const stored = await sessions.update(id, (session) => {
    const valid = withStatus(session, 'valid', world.nowMs());
    const isSameScopes = scopes === undefined || scopes.join(' ') === session.scopes.join(' ');
    return isSameScopes ? valid : { ...valid, scopes };
  });
  // Signed out meanwhile: then nothing of it may be left.
  if (stored === undefined) await access.forget([id]);
  return token;
}

/** @throws BrokerError `consent_required` when the session ended or was renewed by a sign-in meanwhile */
async function storeRotated(
  { before, answer, receivedAtMs }: Answered,
  generation: number,
  { sessions, secrets }: Dependencies,
): Promise<void> {
  const kept = answer.refreshToken ?? (await secrets.refreshTokenOf(before));
  if (kept === undefined) throw new BrokerError('consent_required');
  const sealedRefreshToken = await secrets.sealRefreshToken(before.id, generation, kept);
  const stored = await sessions.update(before.id, (session) =>
    session.generation === before.generation
      ? withoutJournal({ ...session, generation, sealedRefreshToken, refreshedAtMs: receivedAtMs })
      : session,
  );
  if (stored?.sealedRefreshToken !== sealedRefreshToken) throw new BrokerError('consent_required');
}

/** Notes a verdict, unless the session has moved on to a newer generation meanwhile. */
async function mark(
  id: SessionId,
  generation: number,
  { sessions, world }: Dependencies,
): Promise<void> {
  await sessions.update(id, (session) =>
    session.generation === generation && isUsable(session)
      ? withoutJournal(withStatus(session, 'recoverable', world.nowMs()))
      : session,
  );
  world.tellOwnPages();
}

function withoutJournal({ journal: _journal, ...session }: StoredSession): StoredSession {
  return session;
}
