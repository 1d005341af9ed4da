import {
  isSameAccount,
  isUsable,
  withStatus,
  type Account,
  type SessionId,
} from '../../extension/core/session/session.ts';
import { toFault } from '../../extension/core/values/fault.ts';
import { accountOf } from '../../extension/oauth/resources/account-and-sites.ts';
import type { StoredSession } from '../../extension/storage/schema.ts';
import type { Clients } from '../clients/clients.ts';
import type { World } from '../platform/world.ts';
import { askProvider } from '../provider/ask-provider.ts';
import type { RequestAuthorizer } from '../provider/request-authorizer.ts';
import type { AccessToken } from '../secrets/access-tokens.ts';
import type { Repository } from '../storage/repository.ts';
import type { TokenHandler, Used } from '../tokens/token-handler.ts';

interface Dependencies {
  readonly repository: Repository<SessionId, StoredSession>;
  readonly clients: Pick<Clients, 'getOrFail'>;
  readonly tokens: Pick<TokenHandler, 'execute'>;
  readonly signer: RequestAuthorizer;
  readonly world: Pick<World, 'fetch' | 'nowMs' | 'after' | 'crypto' | 'notifyExtensionPages'>;
}

/**
 * Requests the account of a session, and stores changes of the same account, such as a new name. The session needs
 * consent if its tokens are accepted for no user, even after a refresh, or for another user. The response to a single
 * call proves less: the call itself may be the cause.
 * @throws BrokerError what the request and a refresh throw; then nothing changes
 */
export async function verifyAccount(id: SessionId, dependencies: Dependencies): Promise<void> {
  const { repository, tokens, world } = dependencies;
  const before = repository.get(id);
  if (before === undefined) return;
  const account = await tokens.execute(id, (token) => requestAccount(token, before, dependencies));
  const isUnknown = before.account.accountId === undefined;
  if (account !== undefined && (isUnknown || isEqual(before.account, account))) return;
  const isSame = account !== undefined && isSameAccount(before.account, account);
  await repository.update(id, (session) => {
    // A sign-in meanwhile has stored a newer account.
    if (session.signedInAtMs !== before.signedInAtMs || !isUsable(session)) return session;
    return isSame ? { ...session, account } : withStatus(session, 'recoverable', world.nowMs());
  });
  world.notifyExtensionPages();
}

function isEqual(one: Account, other: Account): boolean {
  const members = ['accountId', 'key', 'name', 'email'] as const;
  return members.every((member) => one[member] === other[member]);
}

/** Undefined when the provider answers as if no user were signed in. */
async function requestAccount(
  token: AccessToken,
  { clientId, scopes }: StoredSession,
  { clients, signer, world }: Dependencies,
): Promise<Used<Account | undefined>> {
  try {
    const client = clients.getOrFail(clientId);
    return { value: await askProvider({ client, token, scopes }, accountOf, { signer, world }) };
  } catch (thrown) {
    if (toFault(thrown).code !== 'answered_as_anonymous') throw thrown;
    return { value: undefined, isTokenRejected: true };
  }
}
