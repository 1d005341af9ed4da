import { profileOf } from '#core/provider/provider-profile.ts';
import { isUsable, type SessionId } from '#core/session/session.ts';
import {
  nextTask,
  nextLocalTime,
  planUpkeep,
  type UpkeepTask,
  type UpkeepSession,
  type UpkeepPlan,
} from '#core/session/upkeep-plan.ts';
import type { Settings } from '#core/values/settings.ts';
import type { StoredSession } from '#storage/schema.ts';
import type { Clients } from '../clients/clients.ts';
import { coalesce } from '../platform/coalesce.ts';
import { randomFraction } from '../platform/random-fraction.ts';
import { semaphore } from '../platform/semaphore.ts';
import type { World } from '../platform/world.ts';
import type { AccessTokens } from '../secrets/access-tokens.ts';
import type { Repository } from '../storage/repository.ts';
import type { TokenHandler } from '../tokens/token-handler.ts';
import { pruneSessionStorage } from './prune-session-storage.ts';
import { createRefreshAttempts } from './refresh-attempts.ts';

/**
 * What is done without a request: refreshes sessions ahead of expiry, changes their status over time, and removes them in
 * the end. The browser may skip an alarm; then the work is done when the worker starts next.
 */
export interface Upkeep {
  /** Does what is due, then sets the alarms. Concurrent callers share one run. Never rejects. */
  run(): Promise<void>;
  /** Sets the alarms again, e.g. after a sign-in, a refresh, the first use of a token or a change of the settings. */
  plan(): Promise<void>;
}

/** Maximum number of concurrent refreshes that no caller waits for. */
const maxConcurrentRefreshes = 2;
/**
 * Maximum delay of the alarm, in milliseconds. Short: providers accept the superseded refresh token of an interrupted
 * refresh for a short time only.
 */
const maxJitterMs = 20_000;

interface Dependencies {
  readonly sessions: Repository<SessionId, StoredSession>;
  readonly access: AccessTokens;
  readonly clients: Pick<Clients, 'find'>;
  readonly tokens: Pick<TokenHandler, 'refreshAhead'>;
  /** Removes sessions, also from grants, without a request to their provider. */
  readonly remove: (ids: readonly SessionId[]) => Promise<void>;
  readonly pruneDenials: () => Promise<void>;
  readonly settings: () => Settings;
  /** What else is done at each run. */
  readonly furtherWork: () => Promise<void>;
  readonly world: Pick<
    World,
    'session' | 'windows' | 'crypto' | 'nowMs' | 'alarms' | 'withKeepAlive' | 'notifyExtensionPages'
  >;
}

export function createUpkeep(dependencies: Dependencies): Upkeep {
  const { sessions, tokens, settings, furtherWork, world } = dependencies;
  const attempts = createRefreshAttempts(world.session);
  const withPermit = semaphore(() =>
    Math.min(maxConcurrentRefreshes, settings().concurrentRefreshes),
  );
  // Drawn once per worker, so that planning again gives the same time.
  const jitterMs = Math.floor(randomFraction(world.crypto) * maxJitterMs);
  const planNow = async () =>
    planUpkeep(await upkeepSessions(dependencies, await attempts.all()), settings(), {
      nowMs: world.nowMs(),
      jitterMs,
    });
  let alarmAtMs = -Infinity;
  const plan = coalesce(async () => {
    const { statusChanges, remove: removed, refresh: refreshed, wakeAtMs } = await planNow();
    const isWorkDue = statusChanges.length + removed.length + refreshed.length > 0;
    // Work that is due keeps an earlier alarm: else a series of changes would postpone it again and again.
    const isSetEarlier = alarmAtMs > world.nowMs() && alarmAtMs <= wakeAtMs;
    if (!(isWorkDue && isSetEarlier)) {
      await world.alarms.set('upkeep', wakeAtMs);
      alarmAtMs = wakeAtMs;
    }
    await world.alarms.set('prune', nextLocalTime(settings().pruneAt, world.nowMs()));
  });
  const refresh = async (id: SessionId): Promise<void> => {
    const [session] = await upkeepSessions(dependencies, await attempts.all(), id);
    const nowMs = world.nowMs();
    // A caller may have refreshed it meanwhile, or the person may have signed out.
    if (session === undefined) return;
    const task = nextTask(session, settings(), nowMs);
    if (task.kind !== 'refresh' || task.dueAtMs > nowMs) return;
    const generation = sessions.get(id)?.generation;
    await attempts.record(id, nowMs);
    await tokens.refreshAhead(id);
    const after = sessions.get(id);
    const isSettled = after?.generation !== generation || !after || !isUsable(after);
    if (isSettled) await attempts.remove([id]);
  };
  const run = async (): Promise<void> => {
    const due = await planNow();
    // A failure here does not prevent the refreshes.
    await cleanUp(due, dependencies).catch(() => undefined);
    await Promise.all(due.refresh.map((id) => withPermit(() => refresh(id))));
    await furtherWork().catch(() => undefined);
    await attempts.keepOnly((id) => sessions.get(id) !== undefined);
  };
  sessions.onChanged(() => void plan());
  let running: Promise<void> | undefined;
  return {
    plan,
    run: () => {
      running ??= world
        .withKeepAlive(run)
        // A storage failure is reported by the commands; the next run finds the same work.
        .catch(() => undefined)
        .then(plan)
        .finally(() => {
          running = undefined;
        });
      return running;
    },
  };
}

/** Changes the status of sessions, removes sessions and old denials, and prunes `storage.session`. */
async function cleanUp(due: UpkeepPlan, dependencies: Dependencies): Promise<void> {
  const { sessions, remove, pruneDenials, world } = dependencies;
  await pruneSessionStorage(world, world.nowMs());
  await pruneDenials();
  for (const { id } of due.statusChanges) await changeStatus(id, dependencies);
  // Decided again: the person may have signed in again meanwhile.
  const ended = due.remove.filter(
    (id) => dueTask(sessions.get(id), dependencies)?.kind === 'remove',
  );
  if (ended.length > 0) await remove(ended);
  if (due.statusChanges.length + ended.length > 0) world.notifyExtensionPages();
}

/** What the plan needs of each session, or of one. */
async function upkeepSessions(
  { sessions, access, clients }: Dependencies,
  attemptsMs: ReadonlyMap<SessionId, number>,
  only?: SessionId,
): Promise<UpkeepSession[]> {
  const wanted = sessions.list().filter(({ id }) => only === undefined || id === only);
  const read = wanted.map(async (session): Promise<UpkeepSession | undefined> => {
    const type = clients.find(session.clientId)?.type;
    // Without its client a session cannot be refreshed.
    if (type === undefined && isUsable(session)) return undefined;
    const token = await access.read(session.id);
    const tried = attemptsMs.get(session.id);
    return {
      session,
      profile: type === undefined ? {} : profileOf(type),
      ...(token === undefined ? {} : { access: token }),
      ...(tried === undefined ? {} : { triedAtMs: tried }),
    };
  });
  return (await Promise.all(read)).filter((one) => one !== undefined);
}

/** The task that is due now for a session that is not refreshed; undefined for none. */
function dueTask(
  session: StoredSession | undefined,
  { settings, world }: Pick<Dependencies, 'settings' | 'world'>,
): UpkeepTask | undefined {
  const nowMs = world.nowMs();
  // The provider's profile only matters for a refresh.
  const task = session && nextTask({ session, profile: {} }, settings(), nowMs);
  return task && task.dueAtMs <= nowMs ? task : undefined;
}

/** Sets the status that is due as of now, unless the session has changed meanwhile. */
async function changeStatus(id: SessionId, dependencies: Dependencies): Promise<void> {
  const { sessions, world } = dependencies;
  await sessions.update(id, (session) => {
    const task = dueTask(session, dependencies);
    return task?.kind === 'set-status'
      ? { ...session, status: task.status, statusSinceMs: world.nowMs() }
      : session;
  });
}
