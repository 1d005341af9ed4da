import { isUsable, type SessionId } from '../../extension/core/session/session.ts';
import type { StoredSession } from '../../extension/storage/schema.ts';
import type { Clients } from '../clients/clients.ts';
import { latest } from '../platform/coalesce.ts';
import type { World } from '../platform/world.ts';
import type { Repository } from '../storage/repository.ts';

/** Tells the person, who has nothing open, that sessions need them. */
export interface Attention {
  /** Brings badge and notifications up to date. */
  show(): Promise<void>;
  /** The person clicked a notification: they are shown where it is mended. */
  clicked(notificationId: string): Promise<void>;
}

interface Dependencies {
  readonly sessions: Repository<SessionId, StoredSession>;
  readonly clients: Pick<Clients, 'find'>;
  readonly world: Pick<World, 'attention' | 'windows' | 't'>;
}

const prefix = 'consent:';

/**
 * Keeps a number on the toolbar button and shows one notification per session, when it turns from usable to
 * needing consent. A new worker repeats none: what needed the person when it started has been told.
 */
export function createAttention({ sessions, clients, world }: Dependencies): Attention {
  const { attention, windows, t } = world;
  const inNeed = (): Set<SessionId> =>
    new Set(sessions.list().flatMap((session) => (isUsable(session) ? [] : [session.id])));
  let told = inNeed();
  let shown: number | undefined;
  const notify = async (id: SessionId): Promise<void> => {
    const session = sessions.get(id);
    const client = session && clients.find(session.clientId);
    const who = [session?.account.name ?? session?.account.email, client?.name];
    const name = who.filter((part) => part !== undefined && part !== '').join(', ');
    await attention.notify(
      `${prefix}${id}`,
      t('consent_needed_title'),
      t('consent_needed_message', name),
    );
  };
  const show = latest(async () => {
    const before = told;
    const now = inNeed();
    told = now;
    if (shown !== now.size) await attention.badge(now.size);
    shown = now.size;
    for (const id of now) if (!before.has(id)) await notify(id);
    for (const id of before) if (!now.has(id)) await attention.withdraw(`${prefix}${id}`);
  });
  sessions.onChanged(() => void show());
  return {
    show,
    clicked: async (notificationId) => {
      if (!notificationId.startsWith(prefix)) return;
      await attention.withdraw(notificationId);
      await windows.openOptions();
    },
  };
}
