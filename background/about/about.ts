import { defaultSettings, settingNames } from '#core/values/settings.ts';
import { isFaultCode, type Fault } from '#core/values/fault.ts';
import type { StoredClient, StoredSession } from '#storage/schema.ts';
import { schemaVersion } from '#storage/schema.ts';
import type { AboutView, Counted } from '#wire/about-view.ts';
import type { ActivityLog } from '../activity/activity-log.ts';
import type { Denials } from '../grants/denials.ts';
import type { Grants } from '../grants/grants.ts';
import type { AppliedPolicy } from '../policy/policy-store.ts';
import type { World } from '../platform/world.ts';
import type { SettingsStore } from '../storage/settings-store.ts';
import { amountsOf } from './amounts.ts';

/** What the extension is and holds. @throws the error of a storage that cannot be read */
export type About = () => Promise<AboutView>;

interface Dependencies {
  readonly clients: () => readonly StoredClient[];
  readonly sessions: () => readonly StoredSession[];
  readonly grants: Pick<Grants, 'list' | 'of'>;
  readonly denials: Pick<Denials, 'list'>;
  readonly settings: Pick<SettingsStore, 'current' | 'managed'>;
  readonly policy: () => AppliedPolicy;
  readonly activity: Pick<ActivityLog, 'list'>;
  readonly storageFaults: () => readonly Fault[];
  /** Match patterns of hosts that are needed and not allowed. */
  readonly missingHosts: () => Promise<readonly string[]>;
  readonly world: Pick<World, 'local' | 'mirror' | 'session' | 'permissions'>;
}

/** How many of the latest entries of the activity log are counted. */
const countedEntries = 200;
/** So many problems of a policy are listed. */
const maxProblems = 100;

export function createAbout(dependencies: Dependencies): About {
  const { clients, sessions, grants, denials, settings, activity, world } = dependencies;
  const { storageFaults, missingHosts, policy } = dependencies;
  return async () => {
    const [local, mirror, session, hostPatterns, missing, { entries }] = await Promise.all([
      world.local.all().then(amountsOf),
      // The store works without the mirror, and says so itself.
      world.mirror.all().then(amountsOf, () => []),
      world.session.all().then(amountsOf),
      world.permissions.optional(),
      missingHosts(),
      activity.list({ limit: countedEntries }),
    ]);
    return {
      schemaVersion,
      amounts: { local, mirror, session },
      storageFaults: storageFaults(),
      clients: counted(clients().map(({ type }) => type)),
      sessions: counted(sessions().map(({ status }) => status)),
      siteCount: sessions().reduce((count, { sites }) => count + sites.length, 0),
      connections: counted(
        grants
          .list()
          .map(({ origin }) => (grants.of(origin) === undefined ? 'suspended' : 'active')),
      ),
      denialCount: denials.list().length,
      hostPatterns,
      missingHostCount: missing.length,
      settings: {
        values: settings.current(),
        defaults: defaultSettings,
        managed: settings.managed(),
      },
      ...policyView(policy()),
      recentFaults: counted(
        entries.map((entry) => ('code' in entry ? entry.code : undefined)).filter(isFaultCode),
      ),
    };
  };
}

function policyView({
  policy: { clients, pages, blocked, settings, pointsPerHour, updateText },
  problems,
  appliedAtMs,
}: AppliedPolicy): Pick<AboutView, 'policy'> {
  if (appliedAtMs === undefined) return {};
  return {
    policy: {
      appliedAtMs,
      clientCount: clients.length,
      pageCount: pages.size,
      blockedCount: blocked.size,
      settings: settingNames.filter((name) => name in settings),
      ...(pointsPerHour === undefined ? {} : { pointsPerHour }),
      ...(updateText === undefined ? {} : { updateText }),
      problems: problems.slice(0, maxProblems),
      problemCount: problems.length,
    },
  };
}

/** Each value and how often it occurs, the most frequent first. */
function counted(values: readonly string[]): Counted[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([of, count]) => ({ of, count }))
    .sort((one, other) => other.count - one.count);
}
