import { profileOf } from '../../extension/core/provider/provider-profile.ts';
import { isUsable, type SessionId } from '../../extension/core/session/session.ts';
import {
  nextTask,
  nextLocalTime,
  planUpkeep,
  type UpkeepTask,
  type UpkeepSession,
  type UpkeepPlan,
} from '../../extension/core/session/upkeep-plan.ts';
import type { Settings } from '../../extension/core/values/settings.ts';
import type { StoredSession } from '../../extension/storage/schema.ts';
import type { Clients } from '../clients/clients.ts';
import { coalesce } from '../platform/coalesce.ts';
import { randomFraction } from '../platform/random-fraction.ts';
import { semaphore } from '../platform/semaphore.ts';
import type { World } from '../platform/world.ts';
import type { AccessTokens } from '../secrets/access-tokens.ts';
import type { Repository } from '../storage/repository.ts';
import type { TokenHandler } from '../tokens/token-handler.ts';
import { pruneMomentary } from './prune-session-storage.ts';
import { createTries } from './refresh-attempts.ts';

/**
 * What is done without anybody asking: sessions are refreshed ahead and kept alive, age, and are removed in
 * the end. Alarms are a hint only: a missed one means that it happens when the worker starts next.
 */
export interface Upkeep {
  /** Does what is due, then sets the alarms. Callers at the same time share a run. */
  run(): Promise<void>;
  /** Sets the alarms anew, as after a sign-in, a refresh, a first use or a change of the settings. */
  plan(): Promise<void>;
}

/** The most refreshes at once that nobody asked for. */
const mostAtOnce = 2;
/** The wake-up is delayed by up to so many milliseconds; short, for resuming has to fit into a provider's retry window. */
const longestJitterMs = 20_000;

interface Dependencies {
  readonly sessions: Repository<SessionId, StoredSession>;
  readonly access: AccessTokens;
  readonly clients: Pick<Clients, 'list'>;
  readonly tokens: Pick<TokenHandler, 'refreshAhead'>;
  /** Removes sessions and what hangs on them, without a request to their provider. */
  readonly remove: (ids: readonly SessionId[]) => Promise<void>;
  readonly settings: () => Settings;
  readonly world: Pick<
    World,
    'session' | 'windows' | 'crypto' | 'nowMs' | 'alarms' | 'withKeepAlive' | 'notifyExtensionPages'
  >;
}

/** See {@link Upkeep}. */
export function createUpkeep(dependencies: Dependencies): Upkeep {
  const { sessions, tokens, settings, world } = dependencies;
  const tries = createTries(world.session);
  const withPermit = semaphore(() => Math.min(mostAtOnce, settings().concurrentRefreshes));
  // Of this worker's life, so that planning twice gives one time.
  const jitterMs = Math.floor(randomFraction(world.crypto) * longestJitterMs);
  const planNow = async () =>
    planUpkeep(await upkeepSessions(dependencies, await tries.all()), settings(), {
      nowMs: world.nowMs(),
      jitterMs,
    });
  let alarmAtMs = -Infinity;
  const plan = coalesce(async () => {
    const { statusChanges, remove: removed, refresh: refreshed, wakeAtMs } = await planNow();
    const isWorkDue = statusChanges.length + removed.length + refreshed.length > 0;
    // Or many changes in a row would put off what is due from one to the next.
    const isSetEarlier = alarmAtMs > world.nowMs() && alarmAtMs <= wakeAtMs;
    if (!(isWorkDue && isSetEarlier)) {
      await world.alarms.set('upkeep', wakeAtMs);
      alarmAtMs = wakeAtMs;
    }
    await world.alarms.set('prune', nextLocalTime(settings().pruneAt, world.nowMs()));
  });
  const refresh = async (id: SessionId): Promise<void> => {
    const [kept] = await upkeepSessions(dependencies, await tries.all(), id);
    const nowMs = world.nowMs();
    // A caller may have been faster, or the person.
    if (kept === undefined) return;
    const task = nextTask(kept, settings(), nowMs);
    if (task.kind !== 'refresh' || task.dueAtMs > nowMs) return;
    const generation = sessions.get(id)?.generation;
    await tries.note(id, nowMs);
    await tokens.refreshAhead(id);
    const after = sessions.get(id);
    const isSettled = after?.generation !== generation || !after || !isUsable(after);
    if (isSettled) await tries.forget([id]);
  };
  const run = async (): Promise<void> => {
    const due = await planNow();
    // Whatever cannot be cleared away, the other sessions are kept alive.
    await clearUp(due, dependencies).catch(() => undefined);
    await Promise.all(due.refresh.map((id) => withPermit(() => refresh(id))));
    await tries.keep((id) => sessions.get(id) !== undefined);
  };
  sessions.onChanged(() => void plan());
  let running: Promise<void> | undefined;
  return {
    plan,
    run: () => {
      running ??= world
        .withKeepAlive(run)
        // A store that refuses is told to those who ask; the next run finds the same work.
        .catch(() => undefined)
        .then(plan)
        .finally(() => {
          running = undefined;
        });
      return running;
    },
  };
}

/** Lets sessions age, removes them in the end, and what passed its time in `storage.session`. */
async function clearUp(due: UpkeepPlan, dependencies: Dependencies): Promise<void> {
  const { sessions, remove, world } = dependencies;
  await pruneMomentary(world, world.nowMs());
  for (const { id } of due.statusChanges) await changeStatus(id, dependencies);
  // Signed in again meanwhile, it stays.
  const ended = due.remove.filter(
    (id) => dueTask(sessions.get(id), dependencies)?.kind === 'remove',
  );
  if (ended.length > 0) await remove(ended);
  if (due.statusChanges.length + ended.length > 0) world.notifyExtensionPages();
}

/** What the plan needs to know, of all sessions or of one. */
async function upkeepSessions(
  { sessions, access, clients }: Dependencies,
  triedAtMs: ReadonlyMap<SessionId, number>,
  only?: SessionId,
): Promise<UpkeepSession[]> {
  const types = new Map(clients.list().map(({ id, type }) => [id, type]));
  const wanted = sessions.list().filter(({ id }) => only === undefined || id === only);
  const kept = wanted.map(async (session): Promise<UpkeepSession | undefined> => {
    const type = types.get(session.clientId);
    // Without its client nothing can be done for it, nor is it known what it would take.
    if (type === undefined && isUsable(session)) return undefined;
    const token = await access.read(session.id);
    const tried = triedAtMs.get(session.id);
    return {
      session,
      profile: type === undefined ? {} : profileOf(type),
      ...(token === undefined ? {} : { access: token }),
      ...(tried === undefined ? {} : { triedAtMs: tried }),
    };
  });
  return (await Promise.all(kept)).filter((one) => one !== undefined);
}

/** What is due for a session that is not to be refreshed, judged as it is now. */
function dueTask(
  session: StoredSession | undefined,
  { settings, world }: Pick<Dependencies, 'settings' | 'world'>,
): UpkeepTask | undefined {
  const nowMs = world.nowMs();
  // What its provider is like matters for a refresh alone.
  const task = session && nextTask({ session, profile: {} }, settings(), nowMs);
  return task && task.dueAtMs <= nowMs ? task : undefined;
}

/** Writes a status with the present as its beginning, unless the session moved on meanwhile. */
async function changeStatus(id: SessionId, dependencies: Dependencies): Promise<void> {
  const { sessions, world } = dependencies;
  await sessions.update(id, (session) => {
    const task = dueTask(session, dependencies);
    return task?.kind === 'set-status'
      ? { ...session, status: task.status, statusSinceMs: world.nowMs() }
      : session;
  });
}
