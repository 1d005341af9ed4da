import { endsSessions } from '#core/client/ends-sessions.ts';
import { retryWindowMs } from '#core/provider/provider-profile.ts';
import { pauseBeforeRetry, refreshFailure, refreshStep } from '#core/session/refresh-plan.ts';
import {
  isUsable,
  requireUsable,
  withStatus,
  type RefreshJournal,
  type SessionId,
} from '#core/session/session.ts';
import { BrokerError, toFault } from '#core/values/fault.ts';
import type { Settings } from '#core/values/settings.ts';
import type { TokenSet } from '#oauth/token-set.ts';
import type { StoredClient, StoredSession } from '#storage/schema.ts';
import type { Clients } from '../clients/clients.ts';
import { randomFraction } from '../platform/random-fraction.ts';
import type { World } from '../platform/world.ts';
import { isTokenEndpointAvailable } from '../provider/endpoint-probe.ts';
import { revokeUnheld } from '../provider/revoke-token.ts';
import type { AccessToken, AccessTokens } from '../secrets/access-tokens.ts';
import type { SessionSecrets } from '../secrets/session-secrets.ts';
import type { Repository } from '../storage/repository.ts';
import { recordFailure, recordRejection } from './record-failure.ts';
import { afterRefresh, withRotation } from './session-after-refresh.ts';
import type { RefreshResponse, TokenService } from './token-service.ts';

/** Who requests the token. */
export interface RefreshOptions {
  /** The user did: a client that the provider rejected is tried again without a cooldown. */
  readonly isUserInitiated?: boolean;
}

/** What a refresh needs. */
export interface RefresherDependencies {
  readonly sessions: Repository<SessionId, StoredSession>;
  readonly access: AccessTokens;
  readonly clients: Clients;
  readonly secrets: SessionSecrets;
  readonly service: TokenService;
  readonly settings: () => Settings;
  readonly world: Pick<
    World,
    'fetch' | 'nowMs' | 'after' | 'pause' | 'crypto' | 'notifyExtensionPages' | 'withKeepAlive'
  >;
}

/** Longest wait for one response of a token endpoint, in milliseconds. */
const attemptMs = 20_000;
/** How long a rejected client is not tried again, except by the user, in milliseconds. */
const rejectedClientCooldownMs = 60_000;

/** A response, and the session and the client as they were when the refresh was sent. */
interface Received {
  readonly sent: StoredSession;
  readonly client: StoredClient;
  readonly response: RefreshResponse;
}

/** One refresh of one session, with all its attempts. */
interface Refresh {
  readonly id: SessionId;
  readonly startedAtMs: number;
  readonly options: RefreshOptions;
  /** Responses whose rotated token could not be stored. The token that was sent is superseded. */
  readonly unstored: Map<SessionId, Received>;
}

/**
 * Refreshes a session whose lock is held: records each attempt before it is sent, stores the rotated token before the
 * rest of the response is processed, retries transient errors for a short time, and records a definitive rejection.
 */
export function createRefresher(
  dependencies: RefresherDependencies,
): (id: SessionId, options: RefreshOptions) => Promise<AccessToken> {
  const { sessions, world } = dependencies;
  const unstored = new Map<SessionId, Received>();
  return async (id, options) => {
    const refresh = { id, startedAtMs: world.nowMs(), options, unstored };
    for (let attempt = 1; ; attempt += 1) {
      const before = sessions.get(id);
      try {
        return await attemptOnce(refresh, attempt, dependencies);
      } catch (thrown) {
        const signedIn = await tokenOfSignIn(before, dependencies);
        if (signedIn !== undefined) return signedIn;
        const fault = toFault(thrown);
        const failed = { ...refreshFailure(fault), retryAfterMs: fault.retryAfterMs };
        const pauseMs = pauseBeforeRetry(failed, attempt, randomFraction(world.crypto));
        const isOver = pauseMs === undefined || timeLeftMs(refresh, dependencies) <= pauseMs;
        if (isOver) throw thrown;
        await world.pause(pauseMs);
        // The pause was longer if the machine was suspended.
        if (timeLeftMs(refresh, dependencies) <= 0) throw thrown;
      }
    }
  };
}

/** The access token of a sign-in since; what a refresh of the earlier grant showed says nothing about the session then. */
async function tokenOfSignIn(
  before: StoredSession | undefined,
  { sessions, access }: RefresherDependencies,
): Promise<AccessToken | undefined> {
  const now = before && sessions.get(before.id);
  const isSignedIn = now !== undefined && now.signedInAtMs !== before?.signedInAtMs;
  return isSignedIn && isUsable(now) ? access.read(now.id, now.generation) : undefined;
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
  const { id } = refresh;
  const recovered = await storeUnstored(refresh, dependencies);
  if (recovered) return recovered;
  const before = requireUsable(sessions.get(id));
  const client = clients.getOrFail(before.clientId);
  requireAcceptedClient(client, refresh, world.nowMs());
  const refreshToken = await readRefreshToken(before, client, dependencies);
  const clientSecret = await clients.secretOf(client);
  await service.requireReady(client);
  const sent = await recordAttempt(before, client, refresh, dependencies);
  const limitMs = Math.min(attemptMs, Math.max(timeLeftMs(refresh, dependencies), 1));
  let known = before;
  try {
    const grant = { client, clientSecret, refreshToken, scopes: before.scopes, limitMs };
    const response = await service.forceRefresh(grant);
    // Within the retry window the same request can be repeated. Without one, the session continues with the old token.
    const hasWindow = retryWindowMs(client.type, settings()) > 0;
    const isRepeatable = hasWindow && sent.journal?.lateAtMs === undefined;
    if (response.isRefreshTokenDamaged && attempt === 1 && isRepeatable)
      throw new BrokerError('provider_answer_invalid');
    known = await storeReceived({ sent, client, response }, refresh, dependencies);
    return await finish(sent, service.processResponse(response), dependencies);
  } catch (thrown) {
    return await settleFailure(thrown, { before, known }, dependencies);
  }
}

/** Makes the rotated token durable before anything can reject the rest of the response. Resolves to the session as stored. */
async function storeReceived(
  received: Received,
  { id, unstored }: Refresh,
  dependencies: RefresherDependencies,
): Promise<StoredSession> {
  unstored.set(id, received);
  const stored = await storeRotated(received, dependencies);
  unstored.delete(id);
  return stored;
}

/** Stores what an earlier refresh could not store. Nothing is sent before that, because the stored token is superseded. */
async function storeUnstored(
  refresh: Refresh,
  dependencies: RefresherDependencies,
): Promise<AccessToken | undefined> {
  const { id, unstored } = refresh;
  const received = unstored.get(id);
  if (received === undefined) return undefined;
  const { sent } = received;
  if (sent.generation !== dependencies.sessions.get(id)?.generation) {
    // The session was removed, or has a newer grant.
    unstored.delete(id);
    return undefined;
  }
  await storeReceived(received, refresh, dependencies);
  const tokens = dependencies.service.processResponse(received.response);
  const isExpired = tokens.expiresAtMs <= dependencies.world.nowMs();
  return isExpired ? undefined : finish(sent, tokens, dependencies);
}

function requireAcceptedClient(
  { rejectedAtMs }: StoredClient,
  { options }: Refresh,
  nowMs: number,
): void {
  const isInCooldown =
    rejectedAtMs !== undefined && Math.abs(nowMs - rejectedAtMs) < rejectedClientCooldownMs;
  if (isInCooldown && !options.isUserInitiated) throw new BrokerError('client_rejected');
}

/** @throws BrokerError `consent_required` when the session has no refresh token, or it cannot be decrypted */
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

/** Stores the attempt before it is sent, so that a crash is detected. Resolves to the session as it was stored. */
async function recordAttempt(
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
  // The one late attempt is not used up while the endpoint is unavailable, nor when no time is left for its response.
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
  const recorded = await sessions.update(before.id, (session) =>
    session.generation === before.generation ? { ...session, journal } : session,
  );
  if (recorded?.journal !== journal) throw new BrokerError('consent_required');
  return recorded;
}

/** Writes generation and refresh token together. @throws BrokerError `unavailable` when the session has changed meanwhile */
async function storeRotated(
  { sent, client: asked, response }: Received,
  dependencies: RefresherDependencies,
): Promise<StoredSession> {
  const { sessions, clients, secrets, settings } = dependencies;
  const { receivedAtMs, refreshToken } = response;
  let rotation: StoredSession | undefined;
  const stored = await sessions.update(sent.id, async (session) => {
    if (session.generation !== sent.generation) return session;
    // If the client was edited meanwhile, the stored token is encrypted for its new destination, unless the edit ended the session.
    const edited = clients.getOrFail(session.clientId);
    const isEnded = endsSessions(asked, edited);
    const client = isEnded ? asked : edited;
    const token = refreshToken ?? (await secrets.refreshTokenOf(session, client));
    if (token === undefined) throw new BrokerError('consent_required');
    // Another worker may have given the session up meanwhile, without this response.
    const isKept = isEnded || isUsable(session);
    const accepted = isKept ? session : withStatus(session, 'valid', receivedAtMs);
    const next = { ...accepted, generation: sent.generation + 1 };
    const sealedRefreshToken = await secrets.encryptRefreshToken(next, client, token);
    const isSuperseded =
      response.isRefreshTokenDamaged && retryWindowMs(client.type, settings()) < Infinity;
    const unusable = isSuperseded ? { isAccepted: isIssued(response) } : undefined;
    return (rotation = withRotation(next, sealedRefreshToken, { ...response, unusable }));
  });
  // Signed out or ended meanwhile: what was revoked then is superseded.
  if (refreshToken !== undefined && !(stored && isUsable(stored)))
    void revokeUnheld(asked, { refreshToken }, sessions.list(), dependencies);
  if (rotation === undefined || stored !== rotation) throw new BrokerError('unavailable');
  return rotation;
}

/** Whether a response has an access token. */
function isIssued({ rest }: RefreshResponse): boolean {
  return 'tokens' in rest || rest.response.issued !== undefined;
}

/** Stores the access token, after the refresh token and before any caller gets it. */
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
    // A sign-in meanwhile has its own scopes; an edit of the client has ended the session.
    session.generation === token.generation && isUsable(session)
      ? afterRefresh(session, tokens, world.nowMs())
      : session,
  );
  // Its failure does not make the new token unusable.
  await clients.recordAccepted(sent.clientId).catch(() => undefined);
  // The session was signed out or ended meanwhile.
  if (stored === undefined || !isUsable(stored)) await access.remove([id]);
  return token;
}

/** The session before an attempt, and after it, if the attempt stored a rotated token. */
interface Attempted {
  readonly before: StoredSession;
  readonly known: StoredSession;
}

/** Handles a failed attempt. Resolves to a token if another context has refreshed the session meanwhile. */
async function settleFailure(
  thrown: unknown,
  { before, known }: Attempted,
  dependencies: RefresherDependencies,
): Promise<AccessToken> {
  const { sessions, access, clients } = dependencies;
  const current = await sessions.reread(before.id);
  if (current !== undefined && current.generation > before.generation) {
    const newer = await access.read(before.id, current.generation);
    if (newer) return newer;
  }
  const failure = refreshFailure(toFault(thrown));
  if (failure.kind === 'rejected') {
    await recordRejection(before, dependencies, failure);
    throw new BrokerError('consent_required', {}, { cause: thrown });
  }
  await recordFailure(known, failure, dependencies);
  if (failure.kind === 'client-rejected') await clients.recordRejected(before.clientId);
  throw thrown;
}
