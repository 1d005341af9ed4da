import { toFault } from '../extension/core/fault.ts';
import type { Account, SessionId } from '../extension/core/session.ts';
import { isSameSite, type Site, type SiteKey } from '../extension/core/site.ts';
import { accessibleResources, me } from '../extension/oauth/atlassian-resources.ts';
import type { TokenSet } from '../extension/oauth/token-set.ts';
import type { StoredClient, StoredSession } from '../extension/storage/schema.ts';
import type { AccessTokens } from './access-tokens.ts';
import { deadline } from './deadline.ts';
import type { Repository } from './repository.ts';
import type { SessionSecrets } from './session-secrets.ts';
import type { World } from './world.ts';

/** Longest wait for an answer of accessible-resources, `/me` or revocation, in milliseconds. */
export const resourceMs = 20_000;

/** What it takes to make a session of an exchange. */
export interface OpeningDependencies {
  readonly repository: Repository<SessionId, StoredSession>;
  readonly access: AccessTokens;
  readonly secrets: SessionSecrets;
  readonly world: Pick<World, 'fetch' | 'nowMs' | 'after' | 'crypto'>;
}

/**
 * Stores what an exchange gave, before anything else can fail; then asks who signed in, which decides whether
 * this renews an earlier session. A failure to tell the account or the sites costs nothing but their names.
 */
export async function openSession(
  client: StoredClient,
  set: TokenSet,
  dependencies: OpeningDependencies,
): Promise<StoredSession> {
  const { repository, access, secrets, world } = dependencies;
  const draftId = world.crypto.randomUUID() as SessionId;
  const provisional = await sealedSession(
    blankSession(draftId, client, set, world.nowMs()),
    set,
    secrets,
  );
  await repository.save(provisional);
  const { account, sites: told } = await identify(client, set, dependencies);
  const earlier = sameGrant(repository.list(), provisional, account, told ?? []);
  // What is known stays until the service says otherwise: page grants hang on it.
  const sites = told ?? earlier?.sites ?? [];
  const base: StoredSession = {
    ...provisional,
    account,
    sites,
    sitesReadAtMs: told ? world.nowMs() : (earlier?.sitesReadAtMs ?? 0),
    lostSites: earlier?.lostSites ?? [],
    isIdentified: told !== undefined || account.accountId !== undefined,
    ...firstSite(earlier?.currentSite, sites),
  };
  const session = earlier ? await renewed(earlier, base, set, secrets) : base;
  await repository.save(session);
  if (earlier) await repository.remove([draftId]);
  await access.write(session.id, {
    token: set.accessToken,
    issuedAtMs: world.nowMs(),
    expiresAtMs: set.expiresAtMs,
    generation: session.generation,
  });
  return session;
}

function blankSession(
  id: SessionId,
  client: StoredClient,
  set: TokenSet,
  nowMs: number,
): StoredSession {
  return {
    id,
    clientId: client.id,
    account: {},
    sites: [],
    sitesReadAtMs: 0,
    lostSites: [],
    isIdentified: false,
    scopes: set.scopes ?? client.scopes,
    status: 'valid',
    statusSinceMs: nowMs,
    generation: 1,
    signedInAtMs: nowMs,
    refreshedAtMs: nowMs,
    ...(set.refreshToken === undefined ? { endsAtMs: set.expiresAtMs } : {}),
  };
}

/** Whether nobody was asked yet whose session it is. */
export function isProvisional({ isIdentified }: StoredSession): boolean {
  return !isIdentified;
}

/** Whether another session came of the same sign-in. */
export function hasTwin(
  { id, clientId, signedInAtMs }: StoredSession,
  all: readonly StoredSession[],
): boolean {
  return all.some(
    (other) =>
      other.id !== id && other.clientId === clientId && other.signedInAtMs === signedInAtMs,
  );
}

/** Puts the tokens of a set into a session, sealed for its id and generation. */
async function sealedSession(
  session: StoredSession,
  set: TokenSet,
  secrets: SessionSecrets,
): Promise<StoredSession> {
  const { id, generation } = session;
  return set.refreshToken === undefined
    ? {
        ...session,
        sealedAccessToken: await secrets.sealAccessToken(id, generation, set.accessToken),
      }
    : {
        ...session,
        sealedRefreshToken: await secrets.sealRefreshToken(id, generation, set.refreshToken),
      };
}

/** The earlier session in the same place, with the new grant: page grants that name it go on working. */
async function renewed(
  earlier: StoredSession,
  base: StoredSession,
  set: TokenSet,
  secrets: SessionSecrets,
): Promise<StoredSession> {
  const { sealedAccessToken: _access, sealedRefreshToken: _refresh, ...rest } = base;
  return sealedSession(
    { ...rest, id: earlier.id, generation: earlier.generation + 1 },
    set,
    secrets,
  );
}

async function identify(
  client: StoredClient,
  set: TokenSet,
  { world }: OpeningDependencies,
): Promise<{ account: Account; sites: readonly Site[] | undefined }> {
  const limit = deadline(world, resourceMs);
  const context = {
    type: client.type,
    accessToken: set.accessToken,
    fetch: world.fetch,
    signal: limit.signal,
  };
  try {
    const [account, sites] = await Promise.all([
      me(context),
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

/** One grant exists per app and account, so a new consent of the same account replaces the old session. */
function sameGrant(
  all: readonly StoredSession[],
  fresh: StoredSession,
  account: Account,
  sites: readonly Site[],
): StoredSession | undefined {
  const others = all.filter(
    (session) => session.clientId === fresh.clientId && session.id !== fresh.id,
  );
  if (account.accountId !== undefined) {
    return others.find((session) => session.account.accountId === account.accountId);
  }
  return others.find(
    (session) =>
      session.account.accountId === undefined &&
      sites.length > 0 &&
      sites.every((site) => session.sites.some((known) => isSameSite(known, site))),
  );
}

/** The current site if it is still there, else the first. */
export function firstSite(
  current: SiteKey | undefined,
  sites: readonly Site[],
): { currentSite?: SiteKey } {
  const site = sites.find((candidate) => current && isSameSite(candidate, current)) ?? sites[0];
  return site === undefined
    ? {}
    : { currentSite: { cloudId: site.cloudId, product: site.product } };
}
