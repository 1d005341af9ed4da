import type { Destination } from '#core/client/secret-destination.ts';
import { holderOf, type SessionId } from '#core/session/session.ts';
import { withReportedSites } from '#core/session/site-changes.ts';
import type { SiteReport } from '#core/session/site.ts';
import { BrokerError } from '#core/values/fault.ts';
import type { StoredSession } from '#storage/schema.ts';
import type { Clients } from '../clients/clients.ts';
import type { AccessTokens } from '../secrets/access-tokens.ts';
import type { SessionSecrets, StoredToken } from '../secrets/session-secrets.ts';
import type { Repository } from '../storage/repository.ts';

/** @throws BrokerError `not_found` when the session was signed out meanwhile, or never existed */
export function sessionOrFail(session: StoredSession | undefined): StoredSession {
  if (session === undefined) throw new BrokerError('not_found', { subject: 'session' });
  return session;
}

/** What a change of a session's account needs. */
export interface AccountDependencies {
  readonly repository: Repository<SessionId, StoredSession>;
  readonly access: AccessTokens;
  readonly clients: Pick<Clients, 'getOrFail'>;
  readonly secrets: SessionSecrets;
}

/**
 * As {@link Repository.update}, for a change that may concern the account: the tokens are encrypted again for the account as it
 * is then, in the same write. The access token stays in use.
 */
export async function updateAccount(
  id: SessionId,
  change: (session: StoredSession) => StoredSession,
  { repository, access, clients, secrets }: AccountDependencies,
): Promise<StoredSession | undefined> {
  const token = await access.read(id);
  const after = await repository.update(id, (before) => {
    const changed = change(before);
    if (holderOf(changed) === holderOf(before)) return changed;
    const client = clients.getOrFail(before.clientId);
    return secrets.reencrypt(before, client, { session: changed });
  });
  if (token !== undefined && after !== undefined) await access.write(id, token);
  return after;
}

/** Removes sessions and their access tokens; nothing is sent to the provider. */
export async function removeSessions(
  ids: readonly SessionId[],
  { repository, access }: Pick<AccountDependencies, 'repository' | 'access'>,
): Promise<void> {
  await repository.remove(ids);
  await access.remove(ids);
}

/** The session with this token alone, encrypted for its id and generation and for its client. */
export async function withToken(
  { sealedAccessToken: _access, sealedRefreshToken: _refresh, ...session }: StoredSession,
  client: Destination,
  token: StoredToken,
  secrets: SessionSecrets,
): Promise<StoredSession> {
  return 'refreshToken' in token
    ? {
        ...session,
        sealedRefreshToken: await secrets.encryptRefreshToken(session, client, token.refreshToken),
      }
    : {
        ...session,
        sealedAccessToken: await secrets.encryptAccessToken(session, client, token.accessToken),
      };
}

/** The session with the sites that its provider reported; sites that are missing from the report become lost. */
export function withSites(
  { unreadableSites: _unreadable, ...session }: StoredSession,
  before: Pick<StoredSession, 'sites' | 'lostSites'>,
  report: SiteReport,
  sitesReadAtMs: number,
): StoredSession {
  const { sites, lostSites } = withReportedSites(before, report);
  return {
    ...session,
    sites,
    lostSites,
    sitesReadAtMs,
    ...(report.unreadable === 0 ? {} : { unreadableSites: report.unreadable }),
  };
}
