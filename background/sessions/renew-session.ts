import { profileOf } from '#core/provider/provider-profile.ts';
import { isUsable, type SessionId } from '#core/session/session.ts';
import type { SiteReport } from '#core/session/site.ts';
import type { StoredClient, StoredSession } from '#storage/schema.ts';
import type { World } from '../platform/world.ts';
import type { SessionSecrets, StoredToken } from '../secrets/session-secrets.ts';
import { ignoreUnreadable } from '../secrets/vault.ts';
import { isLaterSignIn } from './match-session.ts';
import { withoutToken } from './moved-session.ts';
import {
  removeSessions,
  sessionOrFail,
  updateAccount,
  withSites,
  withToken,
  type AccountDependencies,
} from './session-changes.ts';

/** What a new sign-in adds to the earlier session of its account. */
export interface Renewal {
  /** The session that the sign-in created. */
  readonly id: SessionId;
  /** Adds the account to that session. */
  readonly identified: (session: StoredSession) => StoredSession;
  readonly sites: SiteReport | undefined;
}

interface Dependencies extends AccountDependencies {
  readonly world: Pick<World, 'nowMs'>;
}

/**
 * Moves the new tokens into the earlier session, which keeps its id: page grants refer to it. If that one was signed in later,
 * as when the account of this sign-in could not be read before, it keeps its tokens, and the other session is removed.
 */
export async function renewEarlier(
  earlierId: SessionId,
  renewal: Renewal,
  dependencies: Dependencies,
): Promise<StoredSession> {
  const { repository, access, world } = dependencies;
  const { id, identified } = renewal;
  // In one write, so that at no time two sessions have the token: each would send it, and the provider would revoke both.
  const [renewed] = await repository.updateAll(async (all) => {
    const earlier = all.find((one) => one.id === earlierId);
    const provisional = sessionOrFail(all.find((one) => one.id === id));
    if (earlier === undefined || isSuperseded(provisional, earlier, world.nowMs())) return [];
    return [
      await renewedSession(earlier, provisional, renewal, dependencies),
      withoutToken(provisional),
    ];
  });
  if (renewed === undefined) {
    const later = repository.get(earlierId);
    // The earlier session was signed out meanwhile: the new one remains.
    if (later === undefined)
      return sessionOrFail(await updateAccount(id, identified, dependencies));
    await removeSessions([id], dependencies);
    return later;
  }
  const token = await access.read(id);
  if (token !== undefined)
    await access.write(earlierId, { ...token, generation: renewed.generation });
  // The sign-in has succeeded. The next start removes what cannot be removed now.
  await removeSessions([id], dependencies).catch(() => undefined);
  return renewed;
}

/** Whether the account has signed in again since. */
function isSuperseded(signedIn: StoredSession, earlier: StoredSession, nowMs: number): boolean {
  return isUsable(earlier) && isLaterSignIn(earlier, signedIn, nowMs);
}

async function renewedSession(
  earlier: StoredSession,
  provisional: StoredSession,
  { identified, sites: reported }: Renewal,
  { clients, secrets, world }: Dependencies,
): Promise<StoredSession> {
  const client = clients.getOrFail(earlier.clientId);
  const token = await tokenToStore(earlier, provisional, client, secrets);
  const generation = earlier.generation + 1;
  const { endsAtMs, ...rest } = identified(provisional);
  // That the earlier grant reached no site says nothing about this one.
  const readAtMs = earlier.sites.length === 0 ? 0 : earlier.sitesReadAtMs;
  const moved = {
    ...rest,
    id: earlier.id,
    generation,
    ...movedLifetime(endsAtMs, token, earlier),
    ...(earlier.label === undefined ? {} : { label: earlier.label }),
  };
  return withSites(
    await withToken(moved, client, token, secrets),
    earlier,
    reported ?? { sites: earlier.sites, unreadable: earlier.unreadableSites ?? 0 },
    reported === undefined ? readAtMs : world.nowMs(),
  );
}

/** When the session ends, or its refresh token: one that the sign-in did not issue is the earlier session's. */
function movedLifetime(
  endsAtMs: number | undefined,
  token: StoredToken,
  { refreshTokenExpiresAtMs }: StoredSession,
): Pick<StoredSession, 'endsAtMs' | 'refreshTokenExpiresAtMs'> {
  if (endsAtMs === undefined) return {};
  if ('accessToken' in token) return { endsAtMs };
  return refreshTokenExpiresAtMs === undefined ? {} : { refreshTokenExpiresAtMs };
}

/** Some providers issue a refresh token at the first consent only; the session then keeps the one that it has. */
async function tokenToStore(
  earlier: StoredSession,
  signedIn: StoredSession,
  client: StoredClient,
  secrets: SessionSecrets,
): Promise<StoredToken> {
  const issued = await secrets.storedTokenOf(signedIn, client);
  const isKept =
    'accessToken' in issued && profileOf(client.type).isRefreshTokenKept && isUsable(earlier);
  const refreshToken = isKept
    ? await secrets.refreshTokenOf(earlier, client).catch(ignoreUnreadable)
    : undefined;
  return refreshToken === undefined ? issued : { refreshToken };
}
