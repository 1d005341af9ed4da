import { displayName, isUsable, reportedRefusal, type SessionId } from '#core/session/session.ts';
import { visibleText } from '#core/values/visible-text.ts';
import type { StoredSession } from '#storage/schema.ts';
import type { Clients } from '../clients/clients.ts';
import { coalesce } from '../platform/coalesce.ts';
import type { World } from '../platform/world.ts';
import type { Repository } from '../storage/repository.ts';

/** Shows, without any page open, which sessions need the person. */
export interface ConsentAlerts {
  /** Updates the badge and the notifications. */
  update(): Promise<void>;
  /** Opens the options page when the clicked notification is one of these. */
  clicked(notificationId: string): Promise<void>;
}

interface Dependencies {
  readonly sessions: Repository<SessionId, StoredSession>;
  readonly clients: Pick<Clients, 'find'>;
  /** Whether notifications are shown. */
  readonly isNotifying: () => boolean;
  readonly world: Pick<World, 'alerts' | 'windows' | 't'>;
}

const prefix = 'consent:';

/**
 * Shows on the toolbar button how many sessions need consent, or are usable and cannot be refreshed now because their
 * provider rejects the client or the refresh. Shows one notification for each session when it turns from usable to needing
 * consent. A session that needs consent when the worker starts was notified by an earlier worker. One that an edit of the client
 * ended is about to be removed, and whoever edited is told if it cannot be.
 */
export function createConsentAlerts(dependencies: Dependencies): ConsentAlerts {
  const { sessions, clients, isNotifying, world } = dependencies;
  const { alerts, windows, t } = world;
  const needingConsent = (): Set<SessionId> =>
    new Set(
      sessions
        .list()
        .filter((one) => !isUsable(one) && one.probableCause !== 'client-edited')
        .map(({ id }) => id),
    );
  const isRefused = (session: StoredSession): boolean =>
    reportedRefusal(session) !== undefined ||
    clients.find(session.clientId)?.rejectedAtMs !== undefined;
  let notified = needingConsent();
  let shownCount: number | undefined;
  const notify = async (id: SessionId): Promise<void> => {
    const session = sessions.get(id);
    const client = session && clients.find(session.clientId);
    // Without its client nobody can sign in again.
    if (session === undefined || client === undefined) return;
    const name = displayName(session) ?? t('account_unknown');
    const isElsewhere = session.probableCause === 'signed-in-elsewhere';
    await alerts.notify(
      `${prefix}${id}`,
      t('consent_needed_title'),
      t(
        isElsewhere ? 'consent_needed_elsewhere' : 'consent_needed_message',
        visibleText(name),
        visibleText(client.name),
      ),
    );
  };
  const update = coalesce(async () => {
    const before = notified;
    const now = needingConsent();
    notified = now;
    const count = sessions.list().filter((one) => now.has(one.id) || isRefused(one)).length;
    if (shownCount !== count) await alerts.setBadge(count);
    shownCount = count;
    if (isNotifying()) for (const id of now) if (!before.has(id)) await notify(id);
    const isOver = (id: SessionId): boolean => !now.has(id) || !isNotifying();
    for (const id of before) if (isOver(id)) await alerts.withdrawNotification(`${prefix}${id}`);
  });
  sessions.onChanged(() => void update());
  return {
    update,
    clicked: async (notificationId) => {
      if (!notificationId.startsWith(prefix)) return;
      await alerts.withdrawNotification(notificationId);
      await windows.openOptions();
    },
  };
}
