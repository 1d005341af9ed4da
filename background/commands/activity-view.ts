import type { ActivityEntry } from '#core/activity/activity-entry.ts';
import type { SessionId } from '#core/session/session.ts';
import type { RequestOf } from '#wire/commands.ts';
import type { ActivityView, CallingSession } from '#wire/views.ts';
import { accountView } from '../views/site-view.ts';
import type { Services } from './services.ts';

/** The wanted part of the activity log, with what explains its entries. */
export async function activityView(
  { activity, permits, sessions, settings }: Services,
  wanted: RequestOf<'activity.list'>,
): Promise<ActivityView> {
  const { entries, days } = await activity.list(wanted);
  const calling = [...sessionsOf(entries)].flatMap((id): CallingSession[] => {
    const session = sessions.find(id);
    if (session === undefined) return [];
    return [{ id, clientId: session.clientId, account: accountView(session) }];
  });
  return {
    isOn: settings.current().activityLog,
    entries: await permits.explain(entries),
    sessions: calling,
    days,
  };
}

function sessionsOf(entries: readonly ActivityEntry[]): Set<SessionId> {
  return new Set(
    entries.flatMap((entry) =>
      entry.kind === 'call' && entry.site !== undefined ? [entry.site.sessionId] : [],
    ),
  );
}
