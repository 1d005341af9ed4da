import { profileOf } from '../../extension/core/provider/provider-profile.ts';
import {
  isUsable,
  withStatus,
  type Account,
  type SessionId,
} from '../../extension/core/session/session.ts';
import { withReportedSites } from '../../extension/core/session/site-changes.ts';
import type { Site } from '../../extension/core/session/site.ts';
import { BrokerError, toFault, type Fault } from '../../extension/core/values/fault.ts';
import type { AuthorizationAttempt } from '../../extension/oauth/oauth2/authorization.ts';
import { accountOf, sitesOf } from '../../extension/oauth/resources/account-and-sites.ts';
import type { ResourceContext } from '../../extension/oauth/resources/resource-request.ts';
import type { TokenSet } from '../../extension/oauth/token-set.ts';
import type { StoredClient, StoredSession } from '../../extension/storage/schema.ts';
import type { Clients } from '../clients/clients.ts';
import type { World } from '../platform/world.ts';
import { askProvider, type Question } from '../provider/ask-provider.ts';
import type { RequestAuthorizer } from '../provider/request-authorizer.ts';
import type { AccessToken, AccessTokens } from '../secrets/access-tokens.ts';
import type { StoredToken, SessionSecrets } from '../secrets/session-secrets.ts';
import type { Repository } from '../storage/repository.ts';
import { firstSite, sameGrant, withTokensOf } from './match-session.ts';

/** What it takes to make a session of an exchange. */
export interface OpeningDependencies {
  readonly repository: Repository<SessionId, StoredSession>;
  readonly access: AccessTokens;
  readonly clients: Pick<Clients, 'getOrFail'>;
  readonly secrets: SessionSecrets;
  readonly signer: RequestAuthorizer;
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
  const { repository, access, clients, secrets, world } = dependencies;
  const id = world.crypto.randomUUID() as SessionId;
  const nowMs = world.nowMs();
  const blank = blankSession(id, opening, set, nowMs);
  const kept = set.refreshToken
    ? { refreshToken: set.refreshToken }
    : { accessToken: set.accessToken };
  const provisional = await repository.create(() =>
    withTokensOf(blank, clients.getOrFail(blank.clientId), kept, secrets),
  );
  const { generation } = provisional;
  const { accessToken: token, expiresAtMs } = set;
  await access.write(id, { token, issuedAtMs: nowMs, expiresAtMs, generation });
  try {
    return await completeOpening(provisional, opening.client, { token }, opening, dependencies);
  } catch (thrown) {
    // Nobody is signed in: there is nothing to keep.
    if (isFutile(toFault(thrown))) await forget(id, dependencies);
    throw thrown;
  }
}

/** Finds out whose session it is, and puts it into the place of the earlier one of the same account. */
export async function completeOpening(
  { id, clientId, scopes }: StoredSession,
  client: StoredClient,
  { token }: Pick<AccessToken, 'token'>,
  { renews }: Pick<Opening, 'renews'>,
  dependencies: OpeningDependencies,
): Promise<StoredSession> {
  const { repository, world } = dependencies;
  const told = await identify({ client, token: { token }, scopes }, dependencies);
  // No refresh may rotate the token while it moves.
  return world.lock(`refresh ${id}`, async () => {
    const provisional = repository.get(id);
    if (provisional === undefined) throw new BrokerError('not_found', { subject: 'session' });
    const others = repository
      .list()
      .filter((session) => session.clientId === clientId && session.id !== id);
    if (told.account === undefined && others.length > 0) {
      return changeOrFail(id, (session) => withTold(session, told, world.nowMs()), repository);
    }
    const account = told.account ?? {};
    const earlier = sameGrant(others, account, told.sites ?? [], renews);
    const becomeKnown = (session: StoredSession): StoredSession => ({
      ...withTold(session, told, world.nowMs()),
      ...{ account, isIdentified: true },
    });
    if (earlier === undefined) return changeOrFail(id, becomeKnown, repository);
    return putInPlace(earlier, { id, becomeKnown, sites: told.sites }, dependencies);
  });
}

async function changeOrFail(
  id: SessionId,
  change: (session: StoredSession) => StoredSession,
  repository: OpeningDependencies['repository'],
): Promise<StoredSession> {
  const changed = await repository.update(id, change);
  if (changed === undefined) throw new BrokerError('not_found', { subject: 'session' });
  return changed;
}

/** A session that is to get an account and sites, and what it was told. */
interface Incoming {
  readonly id: SessionId;
  readonly becomeKnown: (session: StoredSession) => StoredSession;
  readonly sites: readonly Site[] | undefined;
}

/** The earlier session in the same place, with the new grant: page grants that name it go on working. */
async function putInPlace(
  earlier: StoredSession,
  { id, becomeKnown, sites }: Incoming,
  dependencies: OpeningDependencies,
): Promise<StoredSession> {
  const { repository, access } = dependencies;
  const renewed = await repository.update(earlier.id, (place) => {
    const provisional = repository.get(id);
    if (provisional === undefined) throw new BrokerError('not_found', { subject: 'session' });
    return inPlaceOf(place, becomeKnown(provisional), sites, dependencies);
  });
  // Signed out meanwhile: then the new one stands for itself.
  if (renewed === undefined) return changeOrFail(id, becomeKnown, repository);
  const token = await access.read(id);
  if (token !== undefined)
    await access.write(earlier.id, { ...token, generation: renewed.generation });
  await forget(id, dependencies);
  return renewed;
}

async function inPlaceOf(
  earlier: StoredSession,
  known: StoredSession,
  told: readonly Site[] | undefined,
  { clients, secrets, world }: OpeningDependencies,
): Promise<StoredSession> {
  const client = clients.getOrFail(earlier.clientId);
  const kept = await tokenToKeep(earlier, known, client, secrets);
  const generation = earlier.generation + 1;
  const { endsAtMs, ...grant } = known;
  const isEnding = endsAtMs !== undefined && 'accessToken' in kept;
  const moved = { ...grant, id: earlier.id, generation, ...(isEnding ? { endsAtMs } : {}) };
  const sites = told === undefined ? earlier : withReportedSites(earlier, told);
  return {
    ...(await withTokensOf(moved, client, kept, secrets)),
    ...{ sites: sites.sites, lostSites: sites.lostSites },
    sitesReadAtMs: told === undefined ? earlier.sitesReadAtMs : world.nowMs(),
    ...firstSite(earlier.currentSite, sites.sites),
  };
}

/** Some providers give a refresh token at the first consent only: then the one there is goes on. */
async function tokenToKeep(
  earlier: StoredSession,
  known: StoredSession,
  client: StoredClient,
  secrets: SessionSecrets,
): Promise<StoredToken> {
  const given = await secrets.storedTokenOf(known, client);
  const isKept =
    'accessToken' in given && profileOf(client.type).isRefreshTokenKept && isUsable(earlier);
  const refreshToken = isKept ? await secrets.refreshTokenOf(earlier, client) : undefined;
  return refreshToken === undefined ? given : { refreshToken };
}

async function forget(
  id: SessionId,
  { repository, access }: Pick<OpeningDependencies, 'repository' | 'access'>,
): Promise<void> {
  await repository.remove([id]);
  await access.forget([id]);
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
    ...withReportedSites(session, sites),
    sitesReadAtMs: nowMs,
    ...firstSite(session.currentSite, sites),
  };
}

async function identify(
  question: Pick<Question, 'client' | 'token' | 'scopes'>,
  dependencies: OpeningDependencies,
): Promise<Told> {
  const ask = async (context: ResourceContext): Promise<Told> => {
    const [account, sites] = await Promise.all([
      accountOf(context).catch(unknown),
      sitesOf(context).catch(unknown),
    ]);
    // Where the configuration names the site, nobody was asked for it.
    const isAsked = profileOf(question.client.type).sites === 'accessible-resources';
    return { account, sites: isAsked || account !== undefined ? sites : undefined };
  };
  return askProvider(question, ask, dependencies);
}

function unknown(thrown: unknown): undefined {
  const told = toFault(thrown);
  if (told.code === 'internal' || isFutile(told)) throw thrown;
}

/** Whether the provider showed that it serves nobody with this grant, however new it is. */
function isFutile({ code, subject }: Fault): boolean {
  if (code === 'answered_as_anonymous' || code === 'client_rejected') return true;
  return code === 'grant_rejected' && subject !== undefined;
}
