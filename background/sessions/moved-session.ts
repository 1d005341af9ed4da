import type { SessionId } from '#core/session/session.ts';
import { isSameSecret } from '#core/values/secret.ts';
import type { StoredSession } from '#storage/schema.ts';
import type { StoredToken } from '../secrets/session-secrets.ts';
import type { AccountDependencies } from './session-changes.ts';

/** A session whose token was moved into an earlier one. Its generation increases, so that a copy with the token is older. */
export function withoutToken({
  sealedAccessToken: _access,
  sealedRefreshToken: _refresh,
  journal: _journal,
  ...session
}: StoredSession): StoredSession {
  return { ...session, generation: session.generation + 1 };
}

/**
 * The sessions whose token was moved and that a worker, which was killed then, did not remove. A session that still has a
 * token is one of them only if an identified session has the same token: in Firefox a content script can write other members.
 */
export async function movedSessions(
  dependencies: Pick<AccountDependencies, 'repository' | 'clients' | 'secrets'>,
): Promise<readonly SessionId[]> {
  const all = dependencies.repository.list();
  const pending = all.filter(({ isIdentified }) => !isIdentified);
  if (pending.length === 0) return [];
  const tokens = await Promise.all(all.map((session) => tokenOf(session, dependencies)));
  const isHeldByOther = (one: StoredSession): boolean => {
    const token = tokens[all.indexOf(one)];
    return all.some(
      (other, at) =>
        other.isIdentified && other.clientId === one.clientId && isSameToken(token, tokens[at]),
    );
  };
  return pending.filter((one) => isWithoutToken(one) || isHeldByOther(one)).map(({ id }) => id);
}

/** Whether a session has no token, so that it sends nothing. */
export function isWithoutToken({ sealedAccessToken, sealedRefreshToken }: StoredSession): boolean {
  return sealedAccessToken === undefined && sealedRefreshToken === undefined;
}

/** The token of a session; undefined when it cannot be decrypted. */
async function tokenOf(
  session: StoredSession,
  { clients, secrets }: Pick<AccountDependencies, 'clients' | 'secrets'>,
): Promise<StoredToken | undefined> {
  try {
    return await secrets.storedTokenOf(session, clients.getOrFail(session.clientId));
  } catch {
    return undefined;
  }
}

function isSameToken(one: StoredToken | undefined, other: StoredToken | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  if ('refreshToken' in one)
    return 'refreshToken' in other && isSameSecret(one.refreshToken, other.refreshToken);
  return 'accessToken' in other && isSameSecret(one.accessToken, other.accessToken);
}
