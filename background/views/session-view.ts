import { isShortLived, isUsable, neverMs, reportedRefusal } from '#core/session/session.ts';
import type { StoredSession } from '#storage/schema.ts';
import type { SessionProblem } from '#wire/list-views.ts';
import type { SessionView } from '#wire/views.ts';
import type { Clients } from '../clients/clients.ts';
import { scopesLacking } from '../sessions/sessions.ts';
import type { SettingsStore } from '../storage/settings-store.ts';
import { accountView, type ToSiteView } from './site-view.ts';

/** What the views of sessions are made of. */
export interface SessionSource {
  readonly clients: Pick<Clients, 'find' | 'isKeyPairLost'>;
  readonly settings: Pick<SettingsStore, 'current'>;
}

/** The view of a session with all its sites. */
export function sessionView(
  stored: StoredSession,
  siteView: ToSiteView,
  source: SessionSource,
): SessionView {
  return { ...withoutSites(stored, siteView, source), sites: stored.sites.map(siteView) };
}

/** The members of a session's view that do not grow with the number of its sites. */
export function withoutSites(
  stored: StoredSession,
  siteView: ToSiteView,
  { clients, settings }: SessionSource,
): Omit<SessionView, 'sites'> {
  const { id, clientId, status, statusSinceMs, endsAtMs } = stored;
  const { sitesReadAtMs, unreadableSites, probableCause } = stored;
  const client = clients.find(clientId);
  const refreshError = reportedRefusal(stored);
  return {
    id,
    clientId,
    account: accountView(stored),
    status,
    statusSinceMs,
    clientName: client?.name ?? '',
    lostSites: stored.lostSites.map(siteView),
    isIdentified: stored.isIdentified,
    isShortLived: isShortLived(stored, settings.current()),
    isClientRejected: client?.rejectedAtMs !== undefined,
    ...(probableCause === undefined ? {} : { probableCause }),
    ...(refreshError === undefined ? {} : { refreshError }),
    ...(client && clients.isKeyPairLost(client) ? { isKeyPairLost: true } : {}),
    missingScopes: client ? scopesLacking(stored, client) : [],
    ...(sitesReadAtMs === 0 ? {} : { sitesReadAtMs }),
    ...(unreadableSites === undefined ? {} : { unreadableSites }),
    ...(endsAtMs === undefined || endsAtMs === neverMs ? {} : { endsAtMs }),
  };
}

/** Why a session needs the person; undefined when it does not. */
export function sessionProblem(
  stored: StoredSession,
  { clients }: Pick<SessionSource, 'clients'>,
): SessionProblem | undefined {
  const client = clients.find(stored.clientId);
  if (client?.rejectedAtMs !== undefined) return 'client-rejected';
  if (client && clients.isKeyPairLost(client)) return 'key-lost';
  if (!isUsable(stored)) return 'sign-in';
  if (reportedRefusal(stored) !== undefined) return 'refresh-refused';
  return stored.isIdentified ? undefined : 'account-unknown';
}
