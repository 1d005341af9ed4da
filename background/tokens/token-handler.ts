import { isFresh } from '#core/protocol/freshness.ts';
import { profileOf } from '#core/provider/provider-profile.ts';
import { isUsable, neverMs, requireUsable, type SessionId } from '#core/session/session.ts';
import { BrokerError } from '#core/values/fault.ts';
import { encodeTokenPair, decodeCredentials } from '#oauth/oauth1/flow/credential-encoding.ts';
import type { StoredClient, StoredSession } from '#storage/schema.ts';
import { semaphore } from '../platform/semaphore.ts';
import type { World } from '../platform/world.ts';
import type { AccessToken } from '../secrets/access-tokens.ts';
import type { SessionSecrets } from '../secrets/session-secrets.ts';
import { createRefresher, type RefresherDependencies, type RefreshOptions } from './refresher.ts';

/**
 * Returns access tokens, and is the only place that refreshes them: Data Center's `TokenHandler`. Concurrent callers
 * share one refresh of a session. An access token is returned only after the refresh token of the same response is
 * stored.
 * @see Atlassian, "OAuth 2.0 client" (`TokenHandler.execute`, `TokenHandler.getRefreshedToken`)
 */
export interface TokenHandler {
  /**
   * Calls `use` with a fresh token, and once more with a newer token if it reports that the first was rejected. The result
   * of the second call is final.
   */
  execute<T>(
    id: SessionId,
    use: (token: AccessToken) => Promise<Used<T>>,
    options?: RefreshOptions,
  ): Promise<T>;
  /** A token that does not expire soon, if the session has one now. @throws BrokerError `consent_required` */
  getFreshToken(id: SessionId): Promise<AccessToken | undefined>;
  /** A token that does not expire soon. @throws BrokerError `consent_required`, and the errors of a refresh */
  getRefreshedToken(id: SessionId, options?: RefreshOptions): Promise<AccessToken>;
  /** A newer token than one that the service rejected before its expiry. */
  getTokenAfterRejection(
    id: SessionId,
    rejected: AccessToken,
    options?: RefreshOptions,
  ): Promise<AccessToken>;
  /** Refreshes before a caller needs it, and resumes the refresh of an open journal. Never rejects: the next caller gets the error. */
  refreshAhead(id: SessionId): Promise<void>;
  /**
   * At each start, resumes refreshes that an earlier worker did not complete. The provider accepts the superseded token
   * for a short time only, so this does not wait for the next call.
   */
  resume(): void;
}

/** The result of using a token. */
export interface Used<T> {
  readonly value: T;
  /** The service rejected the token, and certainly had no effect before that. */
  readonly isTokenRejected?: boolean;
}

export type { RefreshOptions } from './refresher.ts';

interface Dependencies extends RefresherDependencies {
  readonly world: RefresherDependencies['world'] &
    Pick<World, 'lock' | 'withKeepAlive' | 'isUpdateDue'>;
}

/** How long a token must stay valid for a call, beyond the clock skew, in milliseconds. */
const callMarginMs = 60_000;

export function createTokenHandler(dependencies: Dependencies): TokenHandler {
  const { sessions, access, clients, settings, world } = dependencies;
  const running = new Map<SessionId, Promise<AccessToken>>();
  /** The generations of the tokens that were rejected and are being refreshed. */
  const rejectedGenerations = new Map<SessionId, number>();
  const refresh = createRefresher(dependencies);
  const withPermit = semaphore(() => settings().concurrentRefreshes);
  const renew = (
    id: SessionId,
    isAcceptable: (token: AccessToken) => boolean,
    options: RefreshOptions = {},
  ): Promise<AccessToken> => {
    const inFlight = running.get(id);
    if (inFlight) return inFlight;
    const work = world.withKeepAlive(() =>
      withPermit(() =>
        world.lock(`refresh ${id}`, async () => {
          // Another context may have refreshed while this one waited for the lock.
          const session = await sessions.reread(id);
          const current = session && (await access.read(id, session.generation));
          if (current && isAcceptable(current)) return current;
          // An update waits until each refresh ends, so what waited for this one must not begin it.
          if (world.isUpdateDue() && !options.isUserInitiated) throw new BrokerError('unavailable');
          return refresh(id, options);
        }),
      ),
    );
    const tracked = work.finally(() => running.delete(id));
    running.set(id, tracked);
    return tracked;
  };
  const isFreshNow = (token: AccessToken): boolean => {
    const skewMs = settings().clockSkewSeconds * 1000;
    return isFresh(token, world.nowMs(), { skewMs, marginMs: callMarginMs });
  };
  const getFreshToken: TokenHandler['getFreshToken'] = async (id) => {
    const session = requireUsable(sessions.get(id));
    const client = clients.getOrFail(session.clientId);
    const token =
      (await access.read(id, session.generation)) ??
      (await storedAccess(session, client, dependencies));
    // A call with it would be sent in vain, and again after the refresh.
    if (token && token.generation <= (rejectedGenerations.get(id) ?? -Infinity)) return undefined;
    // A token that cannot be refreshed is used even if the clock was set back behind its time of issue.
    const isLast = session.endsAtMs !== undefined;
    const isUsableNow = token && isFreshNow(isLast ? { ...token, issuedAtMs: -Infinity } : token);
    return isUsableNow ? token : undefined;
  };
  const getRefreshedToken: TokenHandler['getRefreshedToken'] = async (id, options) =>
    (await getFreshToken(id)) ?? renew(id, isFreshNow, options);
  const getTokenAfterRejection: TokenHandler['getTokenAfterRejection'] = (
    id,
    { generation },
    options,
  ) => {
    rejectedGenerations.set(id, Math.max(generation, rejectedGenerations.get(id) ?? generation));
    const work = renew(id, (token) => token.generation > generation, options);
    return work.finally(() => {
      if (!running.has(id)) rejectedGenerations.delete(id);
    });
  };
  const refreshAhead: TokenHandler['refreshAhead'] = async (id) => {
    const generation = sessions.get(id)?.generation ?? 0;
    await renew(id, (token) => token.generation > generation).catch(() => undefined);
  };
  return {
    execute: async (id, use, options) => {
      const token = await getRefreshedToken(id, options);
      const used = await use(token);
      if (!used.isTokenRejected) return used.value;
      return (await use(await getTokenAfterRejection(id, token, options))).value;
    },
    getFreshToken,
    getRefreshedToken,
    getTokenAfterRejection,
    refreshAhead,
    resume: () => {
      const interrupted = sessions.list().filter((session) => session.journal && isUsable(session));
      for (const { id } of interrupted) void refreshAhead(id);
    },
  };
}

/**
 * The access token of a session that stores it: one without a refresh token, or of OAuth 1.0a, where it is stored together
 * with the session handle.
 */
async function storedAccess(
  session: StoredSession,
  client: StoredClient,
  { access, secrets }: Dependencies,
): Promise<AccessToken | undefined> {
  const stored = await storedToken(session, client, secrets);
  if (stored === undefined) return undefined;
  const { refreshedAtMs: issuedAtMs, generation } = session;
  const token = { ...stored, issuedAtMs, generation };
  await access.write(session.id, token);
  return token;
}

async function storedToken(
  session: StoredSession,
  client: StoredClient,
  secrets: SessionSecrets,
): Promise<Pick<AccessToken, 'token' | 'expiresAtMs'> | undefined> {
  const token = await secrets.accessTokenOf(session, client);
  const { endsAtMs: expiresAtMs } = session;
  if (token !== undefined && expiresAtMs !== undefined) return { token, expiresAtMs };
  if (profileOf(client.type).protocol !== 'oauth1') return undefined;
  const encoded = await secrets.refreshTokenOf(session, client);
  if (encoded === undefined) return undefined;
  const credentials = decodeCredentials(encoded);
  return { token: encodeTokenPair(credentials), expiresAtMs: credentials.expiresAtMs ?? neverMs };
}
