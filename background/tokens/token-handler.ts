import { isFresh, type FreshnessRule } from '../../extension/core/protocol/freshness.ts';
import { profileOf } from '../../extension/core/provider/provider-profile.ts';
import { isUsable, neverMs, type SessionId } from '../../extension/core/session/session.ts';
import { BrokerError } from '../../extension/core/values/fault.ts';
import {
  encodeTokenPair,
  decodeCredentials,
} from '../../extension/oauth/oauth1/flow/credential-encoding.ts';
import type { StoredClient, StoredSession } from '../../extension/storage/schema.ts';
import { semaphore } from '../platform/semaphore.ts';
import type { World } from '../platform/world.ts';
import type { AccessToken } from '../secrets/access-tokens.ts';
import type { SessionSecrets } from '../secrets/session-secrets.ts';
import { createRefresher, type RefresherDependencies, type RefreshOptions } from './refresher.ts';

/**
 * Gives out access tokens and is the only one that refreshes them: Data Center's `TokenHandler`. However
 * many callers wait, a session has one refresh at a time, and nobody gets an access token before the
 * refresh token that came with it is stored.
 * @see Atlassian, "OAuth 2.0 client" (`TokenHandler.execute`, `TokenHandler.getRefreshedToken`)
 */
export interface TokenHandler {
  /**
   * Runs `use` with a fresh token, and once more with a newer one when it says that the token was refused.
   * The second outcome stands, whatever it is.
   */
  execute<T>(
    id: SessionId,
    use: (token: AccessToken) => Promise<Used<T>>,
    options?: RefreshOptions,
  ): Promise<T>;
  /** A token that is fresh by its expiry. @throws BrokerError `consent_required` and what a refresh throws */
  getRefreshedToken(id: SessionId, options?: RefreshOptions): Promise<AccessToken>;
  /** A newer token than one that the service refused before its time. */
  accessAfter(id: SessionId, refused: AccessToken, options?: RefreshOptions): Promise<AccessToken>;
  /**
   * Refreshes although nobody asked, and resumes what an open journal tells of. Never rejects: what goes wrong is
   * told to the next caller, who finds it again.
   */
  refreshAhead(id: SessionId): Promise<void>;
  /**
   * At each start: asks again for what an earlier worker did not live to store. The provider takes the
   * superseded token for a short while only, so this does not wait for the next call.
   */
  resume(): void;
}

/** What came of using a token. */
export interface Used<T> {
  readonly value: T;
  /** The service refused the token, provably before it did anything. */
  readonly isTokenRefused?: boolean;
}

export type { RefreshOptions } from './refresher.ts';

interface Dependencies extends RefresherDependencies {
  readonly world: RefresherDependencies['world'] & Pick<World, 'lock' | 'withKeepAlive'>;
}

/** How much life a call needs of its token, in milliseconds, on top of the clock skew. */
const callMarginMs = 60_000;

/** See {@link TokenHandler}. */
export function createTokenHandler(dependencies: Dependencies): TokenHandler {
  const { sessions, access, clients, settings, world } = dependencies;
  const running = new Map<SessionId, Promise<AccessToken>>();
  const refresh = createRefresher(dependencies);
  const withPermit = semaphore(() => settings().concurrentRefreshes);
  const renew = (
    id: SessionId,
    isGood: (token: AccessToken) => boolean,
    options: RefreshOptions = {},
  ): Promise<AccessToken> => {
    const already = running.get(id);
    if (already) return already;
    const work = world.withKeepAlive(() =>
      withPermit(() =>
        world.lock(`refresh ${id}`, async () => {
          // Another context may have refreshed while this one waited for the lock.
          const session = await sessions.reread(id);
          const current = session && (await access.read(id, session.generation));
          return current && isGood(current) ? current : refresh(id, options);
        }),
      ),
    );
    const tracked = work.finally(() => running.delete(id));
    running.set(id, tracked);
    return tracked;
  };
  const isFreshNow = (token: AccessToken): boolean =>
    isFresh(token, world.nowMs(), freshnessRule(settings().clockSkewSeconds));
  const getRefreshedToken: TokenHandler['getRefreshedToken'] = async (id, options) => {
    const session = sessions.get(id);
    if (session === undefined || !isUsable(session)) throw new BrokerError('consent_required');
    const client = clients.getOrFail(session.clientId);
    const token =
      (await access.read(id, session.generation)) ??
      (await storedAccess(session, client, dependencies));
    // Nothing can renew it: a clock that went back is no reason to give it up.
    const isLast = session.endsAtMs !== undefined;
    const isGood = token && isFreshNow(isLast ? { ...token, issuedAtMs: -Infinity } : token);
    return isGood ? token : renew(id, isFreshNow, options);
  };
  const accessAfter: TokenHandler['accessAfter'] = (id, refused, options) =>
    renew(id, (token) => token.generation > refused.generation, options);
  const refreshAhead: TokenHandler['refreshAhead'] = async (id) => {
    const generation = sessions.get(id)?.generation ?? 0;
    await renew(id, (token) => token.generation > generation).catch(() => undefined);
  };
  return {
    execute: async (id, use, options) => {
      const token = await getRefreshedToken(id, options);
      const used = await use(token);
      if (!used.isTokenRefused) return used.value;
      return (await use(await accessAfter(id, token, options))).value;
    },
    getRefreshedToken,
    accessAfter,
    refreshAhead,
    resume: () => {
      const interrupted = sessions.list().filter((session) => session.journal && isUsable(session));
      for (const { id } of interrupted) void refreshAhead(id);
    },
  };
}

function freshnessRule(clockSkewSeconds: number): FreshnessRule {
  return { skewMs: clockSkewSeconds * 1000, marginMs: callMarginMs };
}

/** The access token of a session that keeps it on disk: because it has nothing else, or because it is OAuth 1.0a's. */
async function storedAccess(
  session: StoredSession,
  client: StoredClient,
  { access, secrets }: Dependencies,
): Promise<AccessToken | undefined> {
  const kept =
    (await onlyToken(session, client, secrets)) ?? (await pairOf(session, client, secrets));
  if (kept === undefined) return undefined;
  const { refreshedAtMs: issuedAtMs, generation } = session;
  const found = { ...kept, issuedAtMs, generation };
  await access.write(session.id, found);
  return found;
}

type StoredToken = Pick<AccessToken, 'token' | 'expiresAtMs'>;

async function onlyToken(
  session: StoredSession,
  client: StoredClient,
  secrets: SessionSecrets,
): Promise<StoredToken | undefined> {
  const token = await secrets.accessTokenOf(session, client);
  const { endsAtMs: expiresAtMs } = session;
  return token === undefined || expiresAtMs === undefined ? undefined : { token, expiresAtMs };
}

/** OAuth 1.0a's token lies beside its session handle: a new worker need not renew it. */
async function pairOf(
  session: StoredSession,
  client: StoredClient,
  secrets: SessionSecrets,
): Promise<StoredToken | undefined> {
  if (profileOf(client.type).protocol !== 'oauth1') return undefined;
  const packed = await secrets.refreshTokenOf(session, client);
  if (packed === undefined) return undefined;
  const credentials = decodeCredentials(packed);
  return { token: encodeTokenPair(credentials), expiresAtMs: credentials.expiresAtMs ?? neverMs };
}
