import type { AuthorizationAttempt } from '../extension/oauth/authorization.ts';
import { BrokerError, toFault } from '../extension/core/fault.ts';
import { withStatus, type Account, type SessionId } from '../extension/core/session.ts';
import { withSitesTold } from '../extension/core/site-changes.ts';
import type { Site } from '../extension/core/site.ts';
import { accessibleResources, me } from '../extension/oauth/atlassian-resources.ts';
import type { TokenSet } from '../extension/oauth/token-set.ts';
import type { StoredClient, StoredSession } from '../extension/storage/schema.ts';
import type { AccessToken, AccessTokens } from './access-tokens.ts';
import { deadline } from './deadline.ts';
import type { Repository } from './repository.ts';
import { firstSite, sameGrant, withTokensOf } from './session-identity.ts';
import type { KeptToken, SessionSecrets } from './session-secrets.ts';
import type { World } from './world.ts';

/** Longest wait for an answer of accessible-resources, `/me` or revocation, in milliseconds. */
export const resourceMs = 20_000;

/** What it takes to make a session of an exchange. */
export interface OpeningDependencies {
  readonly repository: Repository<SessionId, StoredSession>;
  readonly access: AccessTokens;
  readonly secrets: SessionSecrets;
  readonly world: Pick<World, 'fetch' | 'nowMs' | 'after' | 'crypto' | 'lock'>;
}

/** What a sign-in was for. */
export interface Opening {
  readonly client: StoredClient;
  readonly asked: Pick<AuthorizationAttempt, 'scopes'>;
  /** The session that the person wants to renew. */
  readonly renews?: SessionId;
}

/**
 * Stores what an exchange gave, before anything else can fail; then asks who signed in, which decides whether
 * this renews an earlier session. A failure to tell the account or the sites costs nothing but their names.
 */
export async function openSession(
  opening: Opening,
  set: TokenSet,
  dependencies: OpeningDependencies,
): Promise<StoredSession> {
  const { repository, access, secrets, world } = dependencies;
  const id = world.crypto.randomUUID() as SessionId;
  const nowMs = world.nowMs();
  const blank = blankSession(id, opening, set, nowMs);
  const kept = set.refreshToken
    ? { refreshToken: set.refreshToken }
    : { accessToken: set.accessToken };
  const provisional = await withTokensOf(blank, kept, secrets);
  await repository.save(provisional);
  const { generation } = provisional;
  const { accessToken: token, expiresAtMs } = set;
  await access.write(id, { token, issuedAtMs: nowMs, expiresAtMs, generation });
  return completeOpening(provisional, opening.client, { token }, opening.renews, dependencies);
}

/** Finds out whose session it is, and puts it into the place of the earlier one of the same account. */
export async function completeOpening(
  { id, clientId }: StoredSession,
  { type }: Pick<StoredClient, 'type'>,
  { token }: Pick<AccessToken, 'token'>,
  renews: SessionId | undefined,
  dependencies: OpeningDependencies,
): Promise<StoredSession> {
  const { repository, world } = dependencies;
  const told = await identify(token, type, world);
  // No refresh may rotate the token while it moves.
  return world.lock(`refresh ${id}`, async () => {
    const provisional = repository.get(id);
    if (provisional === undefined) throw new BrokerError('not_found', { subject: 'session' });
    const others = repository
      .list()
      .filter((session) => session.clientId === clientId && session.id !== id);
    if (told.account === undefined && others.length > 0) {
      const waiting = withTold(provisional, told, world.nowMs());
      await repository.save(waiting);
      return waiting;
    }
    const account = told.account ?? {};
    const earlier = sameGrant(others, account, told.sites ?? [], renews);
    const known = { ...withTold(provisional, told, world.nowMs()), account, isIdentified: true };
    if (earlier === undefined) {
      await repository.save(known);
      return known;
    }
    return putInPlace(earlier, known, told.sites, dependencies);
  });
}

/** The earlier session in the same place, with the new grant: page grants that name it go on working. */
async function putInPlace(
  earlier: StoredSession,
  known: StoredSession,
  told: readonly Site[] | undefined,
  dependencies: OpeningDependencies,
): Promise<StoredSession> {
  const { repository, access, secrets } = dependencies;
  const kept = await secrets.keptTokenOf(known);
  let place = earlier;
  let renewed: StoredSession;
  for (;;) {
    renewed = await inPlaceOf(place, { known, kept, told }, dependencies);
    const stored = await repository.update(place.id, (session) =>
      session === place ? renewed : session,
    );
    if (stored === renewed) break;
    // Signed out meanwhile: then the new one stands for itself.
    if (stored === undefined) {
      await repository.save(known);
      return known;
    }
    // A refresh of the earlier one, which counts the generations on.
    place = stored;
  }
  const token = await access.read(known.id, known.generation);
  if (token !== undefined)
    await access.write(earlier.id, { ...token, generation: renewed.generation });
  await repository.remove([known.id]);
  await access.forget([known.id]);
  return renewed;
}

/** A session that has got an account and sites, and what it brings along. */
interface Incoming {
  readonly known: StoredSession;
  readonly kept: KeptToken;
  readonly told: readonly Site[] | undefined;
}

async function inPlaceOf(
  earlier: StoredSession,
  { known, kept, told }: Incoming,
  { secrets, world }: OpeningDependencies,
): Promise<StoredSession> {
  const moved = { ...known, id: earlier.id, generation: earlier.generation + 1 };
  const sites = told === undefined ? earlier : withSitesTold(earlier, told);
  return {
    ...(await withTokensOf(moved, kept, secrets)),
    ...{ sites: sites.sites, lostSites: sites.lostSites },
    sitesReadAtMs: told === undefined ? earlier.sitesReadAtMs : world.nowMs(),
    ...firstSite(earlier.currentSite, sites.sites),
  };
}

function blankSession(
  id: SessionId,
  { client, asked }: Opening,
  set: TokenSet,
  nowMs: number,
): StoredSession {
  return {
    id,
    clientId: client.id,
    account: {},
    isIdentified: false,
    sites: [],
    lostSites: [],
    sitesReadAtMs: 0,
    scopes: set.scopes ?? asked.scopes,
    status: 'unknown',
    statusSinceMs: nowMs,
    generation: 1,
    signedInAtMs: nowMs,
    refreshedAtMs: nowMs,
    ...(set.refreshToken === undefined ? { endsAtMs: set.expiresAtMs } : {}),
  };
}

/** What a service told of a grant; undefined where it did not answer. */
interface Told {
  readonly account: Account | undefined;
  readonly sites: readonly Site[] | undefined;
}

/** The session with its sites; a service that took the token has shown that it is valid. */
function withTold(session: StoredSession, { account, sites }: Told, nowMs: number): StoredSession {
  const hasWorked = sites !== undefined || account?.accountId !== undefined;
  const judged = hasWorked ? withStatus(session, 'valid', nowMs) : session;
  if (sites === undefined) return judged;
  return {
    ...judged,
    ...withSitesTold(session, sites),
    sitesReadAtMs: nowMs,
    ...firstSite(session.currentSite, sites),
  };
}

async function identify(
  accessToken: AccessToken['token'],
  type: StoredClient['type'],
  world: OpeningDependencies['world'],
): Promise<Told> {
  const limit = deadline(world, resourceMs);
  const context = { type, accessToken, fetch: world.fetch, signal: limit.signal };
  try {
    const [account, sites] = await Promise.all([
      me(context).catch(unknown),
      accessibleResources(context).catch(unknown),
    ]);
    return { account, sites };
  } finally {
    limit.release();
  }
}

function unknown(thrown: unknown): undefined {
  if (toFault(thrown).code === 'internal') throw thrown;
}
