import { profileOf } from '#core/provider/provider-profile.ts';
import {
  isSameAccount,
  isUsable,
  withStatus,
  type Account,
  type SessionId,
} from '#core/session/session.ts';
import type { SiteReport } from '#core/session/site.ts';
import { BrokerError, toFault, type FaultCode } from '#core/values/fault.ts';
import { accountOf, sitesOf } from '#oauth/resources/account-and-sites.ts';
import type { ResourceContext } from '#oauth/resources/resource-request.ts';
import type { StoredSession } from '#storage/schema.ts';
import type { World } from '../platform/world.ts';
import { askProvider } from '../provider/ask-provider.ts';
import type { AccessToken } from '../secrets/access-tokens.ts';
import type { RefreshOptions, TokenHandler, Used } from '../tokens/token-handler.ts';
import type { OpenSessionDependencies } from './open-session.ts';
import {
  sessionOrFail,
  updateAccount,
  withSites,
  type AccountDependencies,
} from './session-changes.ts';

interface Dependencies extends AccountDependencies, Pick<OpenSessionDependencies, 'signer'> {
  readonly tokens: Pick<TokenHandler, 'execute'>;
  readonly world: Pick<World, 'fetch' | 'nowMs' | 'after' | 'crypto' | 'notifyExtensionPages'>;
}

/**
 * Requests the sites of a session and stores them. If the token is refused although it is fresh, as after a revocation,
 * a refresh shows whether the grant is gone.
 */
export async function rereadSites(
  before: StoredSession,
  dependencies: Dependencies,
  options?: RefreshOptions,
): Promise<StoredSession> {
  const { repository, clients, world } = dependencies;
  const { type } = clients.getOrFail(before.clientId);
  const send = async (context: ResourceContext): Promise<SiteReport> => {
    // Where the configuration names the site, reading the account shows whether the token is accepted.
    if (profileOf(type).sites === 'base-url') await accountOf(context);
    return sitesOf(context);
  };
  const rejections = ['grant_rejected', 'answered_as_anonymous'] as const;
  const reported = await requestWithSession(before, { send, rejections, options }, dependencies);
  if (reported === undefined) throw new BrokerError('grant_rejected');
  const after = await repository.update(before.id, (session) =>
    // A sign-in meanwhile has stored newer sites.
    session.signedInAtMs === before.signedInAtMs
      ? withSites(session, session, reported, world.nowMs())
      : session,
  );
  return sessionOrFail(after);
}

/**
 * Requests the account of a session, and stores changes of the same account, such as a new name. The session needs
 * consent if its tokens are accepted for no user, even after a refresh, or for another user. The response to a single
 * call proves less: the call itself may be the cause.
 * @throws BrokerError what the request and a refresh throw; then nothing changes
 */
export async function verifyAccount(id: SessionId, dependencies: Dependencies): Promise<void> {
  const { repository, world } = dependencies;
  const before = repository.get(id);
  if (before === undefined) return;
  const request = { send: accountOf, rejections: ['answered_as_anonymous'] } as const;
  const account = await requestWithSession(before, request, dependencies);
  const isUnknown = before.account.accountId === undefined;
  if (account !== undefined && (isUnknown || isEqual(before.account, account))) return;
  const isSame = account !== undefined && isSameAccount(before.account, account);
  const change = (session: StoredSession): StoredSession => {
    // A sign-in meanwhile has stored a newer account.
    if (session.signedInAtMs !== before.signedInAtMs || !isUsable(session)) return session;
    return isSame ? { ...session, account } : withStatus(session, 'recoverable', world.nowMs());
  };
  await updateAccount(id, change, dependencies);
  world.notifyExtensionPages();
}

function isEqual(one: Account, other: Account): boolean {
  const members = ['accountId', 'key', 'name', 'email'] as const;
  return members.every((member) => one[member] === other[member]);
}

interface SessionRequest<T> {
  readonly send: (context: ResourceContext) => Promise<T>;
  /** The faults of `send` that mean that the provider does not accept the token. */
  readonly rejections: readonly FaultCode[];
  readonly options?: RefreshOptions | undefined;
}

/** Sends a request with a session's token; undefined when the provider does not accept it, even after a refresh. */
function requestWithSession<T>(
  { id, clientId, scopes }: StoredSession,
  { send, rejections, options }: SessionRequest<T>,
  { clients, tokens, signer, world }: Dependencies,
): Promise<T | undefined> {
  const client = clients.getOrFail(clientId);
  const use = async (token: AccessToken): Promise<Used<T | undefined>> => {
    try {
      return { value: await askProvider({ client, token, scopes }, send, { signer, world }) };
    } catch (thrown) {
      if (!rejections.includes(toFault(thrown).code)) throw thrown;
      return { value: undefined, isTokenRejected: true };
    }
  };
  return tokens.execute(id, use, options);
}
