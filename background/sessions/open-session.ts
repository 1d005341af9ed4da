import { endsSessions } from '#core/client/ends-sessions.ts';
import { profileOf } from '#core/provider/provider-profile.ts';
import {
  isSameAccount,
  isUsable,
  withStatus,
  type Account,
  type SessionId,
} from '#core/session/session.ts';
import type { SiteReport } from '#core/session/site.ts';
import { BrokerError, toFault, type Fault } from '#core/values/fault.ts';
import { accountOf, sitesOf } from '#oauth/resources/account-and-sites.ts';
import type { ResourceContext } from '#oauth/resources/resource-request.ts';
import type { TokenSet } from '#oauth/token-set.ts';
import type { StoredClient, StoredSession } from '#storage/schema.ts';
import type { World } from '../platform/world.ts';
import { askProvider, type Question } from '../provider/ask-provider.ts';
import type { Clients } from '../clients/clients.ts';
import type { RequestAuthorizer } from '../provider/request-authorizer.ts';
import { revokeUnheld } from '../provider/revoke-token.ts';
import type { AccessToken } from '../secrets/access-tokens.ts';
import { findRenewedSession, isLaterSignIn } from './match-session.ts';
import { renewEarlier } from './renew-session.ts';
import {
  removeSessions,
  sessionOrFail,
  updateAccount,
  withSites,
  withToken,
  type AccountDependencies,
} from './session-changes.ts';

export interface OpenSessionDependencies extends AccountDependencies {
  readonly clients: Pick<Clients, 'getOrFail' | 'requireAllowed' | 'secretOf'>;
  readonly signer: RequestAuthorizer;
  readonly world: Pick<World, 'fetch' | 'nowMs' | 'after' | 'crypto' | 'lock' | 'withKeepAlive'>;
}

/** What a sign-in requested. */
export interface SignInDetails {
  readonly client: StoredClient;
  readonly requestedScopes: readonly string[];
  /** The session that the person chose to renew. */
  readonly renews?: SessionId;
}

/**
 * Stores the tokens of an exchange before anything else can fail; then requests the account, which decides whether
 * this renews an earlier session. If the account or the sites cannot be read now, the session stays usable without. Tokens that no
 * session gets are revoked.
 */
export async function openSession(
  signIn: SignInDetails,
  tokens: TokenSet,
  dependencies: OpenSessionDependencies,
): Promise<StoredSession> {
  const { repository, access, clients, secrets, world } = dependencies;
  const { client } = signIn;
  const id = world.crypto.randomUUID() as SessionId;
  const nowMs = world.nowMs();
  const unsealed = newSession(id, signIn, tokens, nowMs);
  const { accessToken, refreshToken, expiresAtMs } = tokens;
  const stored = refreshToken ? { refreshToken } : { accessToken };
  const revoke = (): void => void revokeUnheld(client, stored, repository.list(), dependencies);
  const created = repository.create(() => {
    const current = clients.getOrFail(client.id);
    // Its tokens must not be encrypted for the addresses of another client.
    if (endsSessions(client, current)) throw new BrokerError('state_mismatch');
    return withToken(unsealed, current, stored, secrets);
  });
  created.catch(revoke);
  const provisional = await created;
  const { generation } = provisional;
  const token = { token: accessToken, issuedAtMs: nowMs, expiresAtMs, generation };
  await access.write(id, token);
  try {
    return await identifySession({ provisional, client, token }, dependencies);
  } catch (thrown) {
    if (isTokenUseless(toFault(thrown))) {
      await removeSessions([id], dependencies);
      revoke();
    }
    throw thrown;
  }
}

/** A session whose account is not known yet. */
interface Unidentified {
  readonly provisional: StoredSession;
  readonly client: StoredClient;
  readonly token: Pick<AccessToken, 'token'>;
}

/**
 * Requests the account of a session. An earlier session of the same account takes over its tokens and stays; if it was signed
 * in later, it keeps its own.
 */
export async function identifySession(
  { provisional, client, token }: Unidentified,
  dependencies: OpenSessionDependencies,
): Promise<StoredSession> {
  const { repository, world } = dependencies;
  const { id, clientId, scopes } = provisional;
  const report = await requestAccountAndSites({ client, token, scopes }, dependencies);
  // No refresh may rotate the token while it moves to the earlier session.
  return world.lock(`refresh ${id}`, async () => {
    const others = repository
      .list()
      .filter((session) => session.clientId === clientId && session.id !== id);
    const renews = chosenSession(provisional, others, world.nowMs());
    const withReported = (session: StoredSession): StoredSession =>
      withReport(session, report, world.nowMs());
    if (!isDecidable(report, renews))
      return sessionOrFail(await repository.update(id, withReported));
    const account = report.account ?? {};
    const identified = (session: StoredSession): StoredSession => {
      const { renews: _renews, ...reported } = withReported(session);
      return { ...reported, account, isIdentified: true };
    };
    // Only these can be renewed, and each has to be decrypted.
    const possible = others.filter(
      (one) => one.id === renews || isSameAccount(one.account, account),
    );
    const candidates = await withKnownAccounts(possible, client, dependencies);
    const earlier = findRenewedSession(candidates, account, report.sites?.sites ?? [], renews);
    if (earlier === undefined)
      return sessionOrFail(await updateAccount(id, identified, dependencies));
    return renewEarlier(earlier.id, { id, identified, sites: report.sites }, dependencies);
  });
}

/**
 * The sessions without the account of those whose tokens cannot be decrypted. In Firefox a content script can write another
 * account into a session, whose next sign-in would take over its page grants.
 */
function withKnownAccounts(
  sessions: readonly StoredSession[],
  client: StoredClient,
  { secrets }: Pick<OpenSessionDependencies, 'secrets'>,
): Promise<StoredSession[]> {
  return Promise.all(
    sessions.map(async (session) =>
      (await secrets.check(session, client)) === 'readable' ? session : { ...session, account: {} },
    ),
  );
}

/** The session that the person chose to renew; undefined when a later sign-in has renewed it since. */
function chosenSession(
  provisional: StoredSession,
  others: readonly StoredSession[],
  nowMs: number,
): SessionId | undefined {
  const { renews } = provisional;
  const chosen = others.find(({ id }) => id === renews);
  return chosen !== undefined && isLaterSignIn(chosen, provisional, nowMs) ? undefined : renews;
}

function newSession(
  id: SessionId,
  { client, requestedScopes, renews }: SignInDetails,
  tokens: TokenSet,
  nowMs: number,
): StoredSession {
  return {
    id,
    clientId: client.id,
    account: {},
    isIdentified: false,
    ...(renews === undefined ? {} : { renews }),
    sites: [],
    lostSites: [],
    sitesReadAtMs: 0,
    scopes: tokens.scopes ?? requestedScopes,
    status: 'unknown',
    statusSinceMs: nowMs,
    generation: 1,
    signedInAtMs: nowMs,
    refreshedAtMs: nowMs,
    ...lifetimeOf(tokens),
  };
}

function lifetimeOf({ refreshToken, refreshTokenExpiresAtMs, expiresAtMs }: TokenSet) {
  if (refreshToken === undefined) return { endsAtMs: expiresAtMs };
  return refreshTokenExpiresAtMs === undefined ? {} : { refreshTokenExpiresAtMs };
}

/** What a provider reported of a grant; undefined for a request that failed. */
interface Report {
  readonly account: Account | undefined;
  readonly sites: SiteReport | undefined;
}

/** Whether a report shows which earlier session the sign-in renews, if any. */
function isDecidable({ account, sites }: Report, renews: SessionId | undefined): boolean {
  const isAnonymous = account !== undefined && account.accountId === undefined;
  return isAnonymous && renews !== undefined ? sites !== undefined : account !== undefined;
}

/** The session with its sites; its status is valid if the provider accepted the token, unless an edit of the client has ended it. */
function withReport(
  session: StoredSession,
  { account, sites }: Report,
  nowMs: number,
): StoredSession {
  const isAccepted = sites !== undefined || account?.accountId !== undefined;
  const checked = isAccepted && isUsable(session) ? withStatus(session, 'valid', nowMs) : session;
  return sites === undefined ? checked : withSites(checked, session, sites, nowMs);
}

async function requestAccountAndSites(
  question: Pick<Question, 'client' | 'token' | 'scopes'>,
  dependencies: OpenSessionDependencies,
): Promise<Report> {
  const ask = async (context: ResourceContext): Promise<Report> => {
    const [account, sites] = await Promise.all([
      accountOf(context).catch(undefinedIfTransient),
      sitesOf(context).catch(undefinedIfTransient),
    ]);
    // Sites from the configuration do not show that the provider accepted the token.
    const isReported = profileOf(question.client.type).sites === 'accessible-resources';
    return { account, sites: isReported || account !== undefined ? sites : undefined };
  };
  return askProvider(question, ask, dependencies);
}

function undefinedIfTransient(thrown: unknown): undefined {
  const reason = toFault(thrown);
  if (reason.code === 'internal' || isTokenUseless(reason)) throw thrown;
}

/** Whether the provider does not accept the new token for this user or client, so that waiting does not help. */
function isTokenUseless({ code, subject }: Fault): boolean {
  if (code === 'answered_as_anonymous' || code === 'client_rejected') return true;
  return code === 'grant_rejected' && subject !== undefined;
}
