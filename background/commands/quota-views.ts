import { appOf } from '#core/quota/limited-call.ts';
import type { QuotaView } from '#wire/views.ts';
import type { Services } from './services.ts';

/** What the apps of the clients did in this hour. */
export function quotaViews({
  clients,
  governor,
}: Pick<Services, 'clients' | 'governor'>): QuotaView[] {
  return clients.list().flatMap((client) => {
    const hour = governor.hourOf(appOf(client));
    const isIdle = hour.calls === 0 && hour.held === 0 && hour.closedUntilMs === undefined;
    return isIdle ? [] : [{ clientId: client.id, ...hour }];
  });
}
