import type { ClientId } from '#core/client/client-configuration.ts';
import type { SessionId } from '#core/session/session.ts';
import { fault, type Fault } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import type { StoredClient, StoredGrant, StoredSession } from '#storage/schema.ts';
import { createAbout } from './about/about.ts';
import type { ActivityLog } from './activity/activity-log.ts';
import type { Services } from './commands/services.ts';
import type { Denials } from './grants/denials.ts';
import type { Grants } from './grants/grants.ts';
import type { PolicyStore } from './policy/policy-store.ts';
import { createLists } from './lists/lists.ts';
import type { World } from './platform/world.ts';
import type { Repository } from './storage/repository.ts';
import type { SettingsStore } from './storage/settings-store.ts';
import type { Store } from './storage/store.ts';
import type { Avatars } from './views/avatars.ts';
import { missingPatterns } from './views/missing-hosts.ts';
import { createViews } from './views/views.ts';

/** What popup and options are shown, and the copy of it that is kept for the next popup. */
export function createShown(
  sources: {
    readonly grants: Grants;
    readonly denials: Denials;
    readonly avatars: Avatars;
    readonly activity: ActivityLog;
    readonly settings: SettingsStore;
    readonly policy: Pick<PolicyStore, 'current'>;
    readonly store: Store;
    readonly world: World;
  },
  repositories: {
    readonly clients: Repository<ClientId, StoredClient>;
    readonly sessions: Repository<SessionId, StoredSession>;
    readonly grants: Repository<Origin, StoredGrant>;
  },
  accounts: Pick<Services, 'clients' | 'signIn'>,
): Pick<Services, 'views' | 'lists' | 'about' | 'world'> {
  const { grants, settings, store, activity, world } = sources;
  const shown = {
    ...accounts,
    ...sources,
    uses: activity.uses,
    sessions: () => repositories.sessions.list(),
    findSession: (id: SessionId) => repositories.sessions.get(id),
    storageFaults: () => [...store.faults(), ...grants.unreadable, ...settingsFaults(settings)],
  };
  const views = createViews(shown);
  const lists = createLists({ ...shown, views });
  const about = createAbout({
    ...shown,
    policy: sources.policy.current,
    clients: () => repositories.clients.list(),
    missingHosts: async () => (await missingPatterns(shown)).missingHostPatterns,
  });
  const { planSnapshot } = lists;
  for (const one of Object.values(repositories)) one.onChanged(planSnapshot);
  accounts.signIn.onEnded(planSnapshot);
  planSnapshot();
  const notifyExtensionPages = (): void => {
    world.notifyExtensionPages();
    planSnapshot();
  };
  return {
    views,
    lists,
    about,
    world: { notifyExtensionPages, withKeepAlive: world.withKeepAlive },
  };
}

function settingsFaults(settings: SettingsStore): Fault[] {
  return settings
    .damaged()
    .map(({ key, problems }) =>
      fault('storage_damaged', { subject: key, fields: problems, things: [{ kind: 'settings' }] }),
    );
}
