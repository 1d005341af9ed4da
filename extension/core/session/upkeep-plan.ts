import type { ProviderProfile } from '../provider/provider-type.ts';
import type { Settings } from '../values/settings.ts';
import { attemptsPerRound } from './refresh-plan.ts';
import { isUsable, type Session, type SessionId, type SessionStatus } from './session.ts';

const secondMs = 1000;
const hourMs = 3600 * secondMs;
const dayMs = 24 * hourMs;

/** After this share of its lifetime, an access token in use is refreshed. */
const aheadShare = 0.8;
/** After this share of the refresh token's lifetime, an idle session is refreshed. */
const idleShare = 1 / 3;
/** Cooldown after the first, second and third round of attempts without a known outcome; after later ones, an hour. */
const roundCooldownsMs = [30 * secondMs, 120 * secondMs, 300 * secondMs] as const;
/** Cooldown after a failed refresh that left no journal, and after the rounds above. */
const cooldownMs = hourMs;
/** Browsers delay an earlier alarm to 30 s. */
const soonestWakeMs = 30 * secondMs;
const latestWakeMs = dayMs;

/** What the plan needs to know about one session. */
export interface UpkeepSession {
  readonly session: Pick<
    Session,
    | 'id'
    | 'status'
    | 'statusSinceMs'
    | 'refreshedAtMs'
    | 'endsAtMs'
    | 'refreshTokenExpiresAtMs'
    | 'journal'
  >;
  readonly profile: Pick<ProviderProfile, 'refreshTokenLifetimeDays'>;
  /** Its current access token, if there is one. */
  readonly access?: {
    readonly issuedAtMs: number;
    readonly expiresAtMs: number;
    readonly usedAtMs?: number;
  };
  /** When upkeep last tried to refresh it without success; absent after a successful refresh. */
  readonly triedAtMs?: number;
}

/** The next task for a session, and when it is due, in epoch milliseconds. A past instant means now. */
export type UpkeepTask =
  | {
      readonly kind: 'refresh';
      readonly reason: 'journal' | 'in-use' | 'idle';
      readonly dueAtMs: number;
    }
  /** The status is written, with the time of writing as its start. */
  | { readonly kind: 'set-status'; readonly status: SessionStatus; readonly dueAtMs: number }
  | { readonly kind: 'remove'; readonly dueAtMs: number };

type UpkeepSettings = Pick<
  Settings,
  | 'clockSkewSeconds'
  | 'unrecoverableAfterDays'
  | 'invalidTokenLifetimeDays'
  | 'refreshTokenDurationDays'
>;

/**
 * The next task for a session. If a recorded instant is ahead of the clock, the clock was wrong, then or now. A task that
 * counts from it is due at once, which records a correct instant.
 */
export function nextTask(one: UpkeepSession, settings: UpkeepSettings, nowMs: number): UpkeepTask {
  const { session } = one;
  if (!isUsable(session)) return taskOfUnusable(session, settings, nowMs);
  // A session without a refresh token ends with its access token.
  if (session.endsAtMs !== undefined)
    return { kind: 'set-status', status: 'unrecoverable', dueAtMs: session.endsAtMs };
  return refreshTask(one, settings, nowMs);
}

function taskOfUnusable(
  { status, statusSinceMs }: UpkeepSession['session'],
  settings: UpkeepSettings,
  nowMs: number,
): UpkeepTask {
  if (isAheadOfClock(statusSinceMs, settings, nowMs))
    return { kind: 'set-status', status, dueAtMs: nowMs };
  if (status === 'recoverable') {
    const dueAtMs = statusSinceMs + settings.unrecoverableAfterDays * dayMs;
    return { kind: 'set-status', status: 'unrecoverable', dueAtMs };
  }
  return { kind: 'remove', dueAtMs: statusSinceMs + settings.invalidTokenLifetimeDays * dayMs };
}

function refreshTask(one: UpkeepSession, settings: UpkeepSettings, nowMs: number): UpkeepTask {
  const { session, access, triedAtMs } = one;
  const { journal, refreshedAtMs } = session;
  const after = (instantMs: number, ms: number): number =>
    isAheadOfClock(instantMs, settings, nowMs) ? nowMs : instantMs + ms;
  const cooldownEndsAtMs = triedAtMs === undefined ? -Infinity : after(triedAtMs, cooldownMs);
  if (journal) {
    const rounds = Math.ceil(journal.attempts / attemptsPerRound);
    const pauseMs = roundCooldownsMs[Math.max(0, rounds - 1)] ?? cooldownMs;
    const sentAtMs = journal.lastAttemptAtMs ?? journal.startedAtMs;
    // A late attempt is not sent while the endpoint is unavailable, so the last try may be later than the last request.
    const dueAtMs = Math.max(after(sentAtMs, pauseMs), after(triedAtMs ?? sentAtMs, pauseMs));
    return { kind: 'refresh', reason: 'journal', dueAtMs };
  }
  const idleAtMs = after(refreshedAtMs, refreshTokenLifetimeMs(one, settings) * idleShare);
  const aheadAtMs =
    access?.usedAtMs === undefined
      ? Infinity
      : after(access.issuedAtMs, (access.expiresAtMs - access.issuedAtMs) * aheadShare);
  // After a failure it is tried again, also when the access token is no longer stored.
  const hasFailed = triedAtMs !== undefined && triedAtMs >= refreshedAtMs;
  const wantedAtMs = hasFailed ? -Infinity : Math.min(idleAtMs, aheadAtMs);
  const dueAtMs = Math.max(wantedAtMs, cooldownEndsAtMs);
  return { kind: 'refresh', reason: aheadAtMs < idleAtMs ? 'in-use' : 'idle', dueAtMs };
}

/** The lifetime of the refresh token: what its provider named, or what providers of its type or the settings assume. */
function refreshTokenLifetimeMs(
  { session: { refreshTokenExpiresAtMs, refreshedAtMs }, profile }: UpkeepSession,
  settings: UpkeepSettings,
): number {
  const namedMs = (refreshTokenExpiresAtMs ?? -Infinity) - refreshedAtMs;
  const assumedDays = profile.refreshTokenLifetimeDays ?? settings.refreshTokenDurationDays;
  return namedMs > 0 ? namedMs : assumedDays * dayMs;
}

/** When the refresh token expires unless it is replaced before, in epoch milliseconds: as the provider named it, or as it documents. */
export function knownRefreshTokenEnd({
  session: { refreshTokenExpiresAtMs, refreshedAtMs },
  profile: { refreshTokenLifetimeDays: days },
}: Pick<UpkeepSession, 'profile'> & {
  readonly session: Pick<UpkeepSession['session'], 'refreshTokenExpiresAtMs' | 'refreshedAtMs'>;
}): number | undefined {
  if (refreshTokenExpiresAtMs !== undefined) return refreshTokenExpiresAtMs;
  return days === undefined ? undefined : refreshedAtMs + days * dayMs;
}

function isAheadOfClock(
  instantMs: number,
  { clockSkewSeconds }: UpkeepSettings,
  nowMs: number,
): boolean {
  return instantMs > nowMs + clockSkewSeconds * secondMs;
}

/** The tasks that are due now, and when to plan again. */
export interface UpkeepPlan {
  readonly statusChanges: readonly { readonly id: SessionId; readonly status: SessionStatus }[];
  readonly remove: readonly SessionId[];
  /** Most urgent first: sessions with an open journal, then those in use, then idle ones. */
  readonly refresh: readonly SessionId[];
  /** The next wake-up in epoch milliseconds: at least 30 s and at most a day ahead. */
  readonly wakeAtMs: number;
}

/** Plans the upkeep of all sessions. `jitterMs` delays the wake-up, so that browsers do not call at the same time. */
export function planUpkeep(
  sessions: readonly UpkeepSession[],
  settings: UpkeepSettings,
  { nowMs, jitterMs }: { readonly nowMs: number; readonly jitterMs: number },
): UpkeepPlan {
  const tasks = sessions.map((one) => ({
    id: one.session.id,
    task: nextTask(one, settings, nowMs),
  }));
  const due = tasks.filter(({ task }) => !(task.dueAtMs > nowMs));
  const refreshes = due.flatMap(({ id, task }) =>
    task.kind === 'refresh' ? [{ id, urgency: urgencies.indexOf(task.reason), ...task }] : [],
  );
  refreshes.sort((one, other) => one.urgency - other.urgency || one.dueAtMs - other.dueAtMs);
  return {
    statusChanges: due.flatMap(({ id, task }) =>
      task.kind === 'set-status' ? [{ id, status: task.status }] : [],
    ),
    remove: due.flatMap(({ id, task }) => (task.kind === 'remove' ? [id] : [])),
    refresh: refreshes.map(({ id }) => id),
    wakeAtMs: wakeAt(
      tasks.map(({ task }) => task.dueAtMs),
      nowMs,
      jitterMs,
    ),
  };
}

const urgencies = ['journal', 'in-use', 'idle'] as const;

function wakeAt(instantsMs: readonly number[], nowMs: number, jitterMs: number): number {
  const firstMs = Math.min(...instantsMs.filter((instantMs) => !Number.isNaN(instantMs)));
  return Math.min(nowMs + latestWakeMs, Math.max(nowMs + soonestWakeMs, firstMs + jitterMs));
}

/**
 * The next instant after now at which local clocks show `HH:MM`, in epoch milliseconds. At most 25 hours ahead, because
 * the day on which daylight saving time ends has 25.
 */
export function nextLocalTime(time: string, nowMs: number): number {
  const [hours = NaN, minutes = NaN] = time.split(':').map(Number);
  for (const days of [0, 1]) {
    const local = new Date(nowMs);
    local.setDate(local.getDate() + days);
    local.setHours(hours, minutes, 0, 0);
    if (local.getTime() > nowMs) return local.getTime();
  }
  return nowMs + latestWakeMs;
}
