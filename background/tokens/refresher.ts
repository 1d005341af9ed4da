import { retryWindowMs } from '../../extension/core/provider/provider-profile.ts';
import {
  pauseBeforeRetry,
  refreshFailure,
  refreshStep,
  type RefreshFailure,
} from '../../extension/core/session/refresh-plan.ts';
import {
  isUsable,
  type RefreshJournal,
  type SessionId,
} from '../../extension/core/session/session.ts';
import { BrokerError, toFault } from '../../extension/core/values/fault.ts';
import type { Settings } from '../../extension/core/values/settings.ts';
import type { TokenSet } from '../../extension/oauth/token-set.ts';
import type { StoredClient, StoredSession } from '../../extension/storage/schema.ts';
import type { Clients } from '../clients/clients.ts';
import { randomFraction } from '../platform/random-fraction.ts';
import type { World } from '../platform/world.ts';
import { isTokenEndpointAvailable } from '../provider/endpoint-probe.ts';
import type { AccessToken, AccessTokens } from '../secrets/access-tokens.ts';
import type { SessionSecrets } from '../secrets/session-secrets.ts';
import type { Repository } from '../storage/repository.ts';
import { afterRefresh, afterRejection, withJournal } from './session-after-refresh.ts';
import type { Keep, Rotated, TokenService } from './token-service.ts';

/** Who wants the token. */
export interface RefreshOptions {
  /** The person asked: a client that was refused a moment ago is tried again. */
  readonly isAskedFor?: boolean;
}

/** What refreshing needs. */
export interface RefresherDependencies {
  readonly sessions: Repository<SessionId, StoredSession>;
  readonly access: AccessTokens;
  readonly clients: Clients;
  readonly secrets: SessionSecrets;
  readonly service: TokenService;
  readonly settings: () => Settings;
  readonly world: Pick<
    World,
    'fetch' | 'nowMs' | 'after' | 'pause' | 'crypto' | 'notifyExtensionPages'
  >;
}

/** Longest wait for one answer of a token endpoint, in milliseconds. */
const attemptMs = 20_000;
/** How long a client that was refused is not tried again for callers, in milliseconds. */
const refusedClientMs = 60_000;

/** A rotated token that no store took, with the session as it was when the refresh was sent. */
interface Unstored {
  readonly before: StoredSession;
  readonly rotated: Rotated;
  readonly judge: () => Promise<TokenSet>;
}

/** One refresh of one session, with its attempts. */
interface Refresh {
  readonly id: SessionId;
  readonly startedAtMs: number;
  readonly options: RefreshOptions;
  readonly unstored: Map<SessionId, Unstored>;
}

/**
 * Refreshes a session whose lock is held: notes each attempt before it is sent, stores what comes back before
 * anything else, repeats weather for a short while, and tells a verdict.
 */
export function createRefresher(
  dependencies: RefresherDependencies,
): (id: SessionId, options: RefreshOptions) => Promise<AccessToken> {
  const { world } = dependencies;
  const unstored = new Map<SessionId, Unstored>();
  return async (id, options) => {
    const refresh = { id, startedAtMs: world.nowMs(), options, unstored };
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await attemptOnce(refresh, attempt, dependencies);
      } catch (thrown) {
        const told = toFault(thrown);
        const { kind } = refreshFailure(told);
        const { retryAfterMs } = told;
        const failed = { kind, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
        const pauseMs = pauseBeforeRetry(failed, attempt, randomFraction(world.crypto));
        const isOver = pauseMs === undefined || timeLeftMs(refresh, dependencies) <= pauseMs;
        if (isOver) throw thrown;
        await world.pause(pauseMs);
        // A machine that slept has taken longer.
        if (timeLeftMs(refresh, dependencies) <= 0) throw thrown;
      }
    }
  };
}

function timeLeftMs({ startedAtMs }: Refresh, { settings, world }: RefresherDependencies): number {
  return settings().serverDelaySeconds * 1000 - (world.nowMs() - startedAtMs);
}

async function attemptOnce(
  refresh: Refresh,
  attempt: number,
  dependencies: RefresherDependencies,
): Promise<AccessToken> {
  const { sessions, clients, service, settings, world } = dependencies;
  const { id, unstored } = refresh;
  const left = await storeLeft(refresh, dependencies);
  if (left) return left;
  const before = sessions.get(id);
  if (before === undefined || !isUsable(before)) throw new BrokerError('consent_required');
  const client = clients.getOrFail(before.clientId);
  requireAcceptedClient(client, refresh, world.nowMs());
  const refreshToken = await readRefreshToken(before, client, dependencies);
  const clientSecret = await clients.secretOf(client);
  await service.requireReady(client);
  const sent = await noteAttempt(before, client, refresh, dependencies);
  const windowMs = retryWindowMs(client.type, settings());
  const keep: Keep = async (rotated, judge) => {
    // Inside its window the provider sends the token once more; without one, what came has to do.
    if (rotated.isDamaged && attempt === 1 && windowMs > 0)
      throw new BrokerError('provider_answer_invalid');
    unstored.set(id, { before: sent, rotated, judge });
    await storeRotated(sent, rotated, dependencies);
    unstored.delete(id);
  };
  const limitMs = timeLeftMs(refresh, dependencies);
  try {
    const grant = { client, clientSecret, refreshToken, scopes: before.scopes };
    const limited = { ...grant, limitMs: Math.min(attemptMs, Math.max(limitMs, 1)) };
    const tokens = await service.forceRefresh(limited, keep);
    return await finish(sent, tokens, dependencies);
  } catch (thrown) {
    return await settleFailure(thrown, before, dependencies);
  }
}

/** The token before this one is superseded, so nothing is sent until what came after it is stored. */
async function storeLeft(
  { id, unstored }: Refresh,
  dependencies: RefresherDependencies,
): Promise<AccessToken | undefined> {
  const left = unstored.get(id);
  if (left === undefined) return undefined;
  // Another grant is in its place, or none: then what came belongs to nobody.
  const isCurrent = left.before.generation === dependencies.sessions.get(id)?.generation;
  if (isCurrent) await storeRotated(left.before, left.rotated, dependencies);
  unstored.delete(id);
  if (!isCurrent) return undefined;
  const tokens = await left.judge();
  const isOver = tokens.expiresAtMs <= dependencies.world.nowMs();
  return isOver ? undefined : finish(left.before, tokens, dependencies);
}

function requireAcceptedClient(
  { rejectedAtMs }: StoredClient,
  { options }: Refresh,
  nowMs: number,
): void {
  const isRefused = rejectedAtMs !== undefined && Math.abs(nowMs - rejectedAtMs) < refusedClientMs;
  if (isRefused && !options.isAskedFor) throw new BrokerError('client_rejected');
}

/** @throws BrokerError `consent_required` when there is none, or none that can be opened */
async function readRefreshToken(
  before: StoredSession,
  client: StoredClient,
  dependencies: RefresherDependencies,
) {
  try {
    const token = await dependencies.secrets.refreshTokenOf(before, client);
    if (token !== undefined) return token;
  } catch (thrown) {
    if (toFault(thrown).code !== 'seal_broken') throw thrown;
  }
  await recordRejection(before, dependencies);
  throw new BrokerError('consent_required');
}

/** The attempt on disk before it is sent, so that a crash shows. Resolves to the session as it is sent. */
async function noteAttempt(
  before: StoredSession,
  client: StoredClient,
  refresh: Refresh,
  dependencies: RefresherDependencies,
): Promise<StoredSession> {
  const { sessions, settings, world } = dependencies;
  const nowMs = world.nowMs();
  const step = refreshStep(before, nowMs, retryWindowMs(client.type, settings()));
  if (step === 'ask-consent') {
    await recordRejection(before, dependencies);
    throw new BrokerError('consent_required');
  }
  // The one late attempt is not wasted on a network that is not there, nor sent when there is no time for its answer.
  const isLate = step === 'send-late';
  if (isLate && !(await isTokenEndpointAvailable(client, world)))
    throw new BrokerError('provider_unreachable');
  if (isLate && timeLeftMs(refresh, dependencies) <= 0)
    throw new BrokerError('provider_unreachable');
  const open = before.journal?.generation === before.generation ? before.journal : undefined;
  const journal: RefreshJournal = {
    generation: before.generation,
    startedAtMs: open?.startedAtMs ?? nowMs,
    attempts: (open?.attempts ?? 0) + 1,
    lastAttemptAtMs: nowMs,
    ...(isLate ? { lateAtMs: nowMs } : {}),
  };
  const noted = await sessions.update(before.id, (session) =>
    session.generation === before.generation ? { ...session, journal } : session,
  );
  if (noted?.journal !== journal) throw new BrokerError('consent_required');
  return noted;
}

/** Generation and refresh token in one write. @throws BrokerError `unavailable` when the session has moved on */
async function storeRotated(
  sent: StoredSession,
  rotated: Rotated,
  { sessions, clients, secrets }: RefresherDependencies,
): Promise<void> {
  let rotation: StoredSession | undefined;
  const stored = await sessions.update(sent.id, async (session) => {
    if (session.generation !== sent.generation) return session;
    // As the client is now: an edit while the answer was on its way sealed the session anew.
    const client = clients.getOrFail(session.clientId);
    const kept = rotated.refreshToken ?? (await secrets.refreshTokenOf(session, client));
    if (kept === undefined) throw new BrokerError('consent_required');
    const next = { ...session, generation: sent.generation + 1 };
    const sealedRefreshToken = await secrets.encryptRefreshToken(next, client, kept);
    const refreshedAtMs = rotated.receivedAtMs;
    return (rotation = withJournal({ ...next, sealedRefreshToken, refreshedAtMs }, undefined));
  });
  if (rotation === undefined || stored !== rotation) throw new BrokerError('unavailable');
}

/** The access token after the refresh token, and the callers after both. */
async function finish(
  sent: StoredSession,
  tokens: TokenSet,
  { sessions, access, clients, world }: RefresherDependencies,
): Promise<AccessToken> {
  const { id } = sent;
  const token: AccessToken = {
    token: tokens.accessToken,
    issuedAtMs: world.nowMs(),
    expiresAtMs: tokens.expiresAtMs,
    generation: sent.generation + 1,
  };
  await access.write(id, token);
  const stored = await sessions.update(id, (session) =>
    // A sign-in meanwhile has scopes of its own.
    session.generation === token.generation
      ? afterRefresh(session, tokens, world.nowMs())
      : session,
  );
  await clients.noteAccepted(sent.clientId);
  // Signed out meanwhile: then nothing of it may be left.
  if (stored === undefined) await access.forget([id]);
  return token;
}

/** Draws the consequence of a failed attempt; resolves to a token when the session moved on meanwhile. */
async function settleFailure(
  thrown: unknown,
  before: StoredSession,
  dependencies: RefresherDependencies,
): Promise<AccessToken> {
  const { sessions, access, clients } = dependencies;
  const current = await sessions.reread(before.id);
  if (current !== undefined && current.generation > before.generation) {
    const newer = await access.read(before.id, current.generation);
    if (newer) return newer;
  }
  const failure = refreshFailure(toFault(thrown));
  await closeAttempt(before, failure, dependencies);
  if (failure.kind === 'client-rejected') await clients.noteRejected(before.clientId);
  if (failure.kind !== 'rejected') throw thrown;
  await recordRejection(before, dependencies);
  throw new BrokerError('consent_required', {}, { cause: thrown });
}

/** What the provider provably did not act on leaves the journal as it was before. */
async function closeAttempt(
  before: StoredSession,
  { mayHaveRotated }: RefreshFailure,
  { sessions }: RefresherDependencies,
): Promise<void> {
  if (mayHaveRotated) return;
  await sessions.update(before.id, (session) =>
    session.generation === before.generation ? withJournal(session, before.journal) : session,
  );
}

/** Notes that this generation is not to be sent again, unless the session has moved on to a newer one. */
async function recordRejection(
  before: StoredSession,
  { sessions, clients, settings, world }: RefresherDependencies,
): Promise<void> {
  const { type } = clients.getOrFail(before.clientId);
  await sessions.update(before.id, (session) =>
    session.generation === before.generation && isUsable(session)
      ? afterRejection(session, type, settings(), world.nowMs())
      : session,
  );
  world.notifyExtensionPages();
}
