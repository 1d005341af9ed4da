import type { ProviderProfile } from '../provider/provider-type.ts';
import type { Settings } from '../values/settings.ts';
import { attemptsPerRound } from './refresh-plan.ts';
import { isUsable, type Session, type SessionId, type SessionStatus } from './session.ts';

const secondMs = 1000;
const hourMs = 3600 * secondMs;
const dayMs = 24 * hourMs;

/** How much of a used access token's life passes before it is renewed ahead. */
const aheadShare = 0.8;
/** How much of a refresh token's life an idle session may go without a refresh. */
const idleShare = 1 / 3;
/** Waits after the first, second and third round of attempts whose outcome is open; later ones wait an hour. */
const resumeMs = [30 * secondMs, 120 * secondMs, 300 * secondMs] as const;
/** How long a session is left alone after a refresh that failed and left no journal, or too many attempts. */
const restMs = hourMs;
/** Browsers round a shorter alarm up to this. */
const soonestWakeMs = 30 * secondMs;
const latestWakeMs = dayMs;

/** What upkeep has to know of one session. */
export interface KeptSession {
  readonly session: Pick<
    Session,
    'id' | 'status' | 'statusSinceMs' | 'refreshedAtMs' | 'endsAtMs' | 'journal'
  >;
  readonly profile: Pick<ProviderProfile, 'refreshTokenLifetimeDays'>;
  /** Its current access token, if there is one. */
  readonly access?: {
    readonly issuedAtMs: number;
    readonly expiresAtMs: number;
    readonly usedAtMs?: number;
  };
  /** When upkeep last tried to refresh it in vain; absent when the last refresh worked. */
  readonly triedAtMs?: number;
}

/** What is to be done for a session next, and when, in epoch milliseconds. An instant that has passed means now. */
export type Duty =
  | {
      readonly kind: 'refresh';
      readonly reason: 'journal' | 'in-use' | 'idle';
      readonly dueAtMs: number;
    }
  /** The status is written anew with the present as its beginning. */
  | { readonly kind: 'age'; readonly status: SessionStatus; readonly dueAtMs: number }
  | { readonly kind: 'remove'; readonly dueAtMs: number };

type UpkeepSettings = Pick<
  Settings,
  | 'clockSkewSeconds'
  | 'unrecoverableAfterDays'
  | 'invalidTokenLifetimeDays'
  | 'refreshTokenDurationDays'
>;

/**
 * The next duty of a session. An instant of the past that lies ahead of the clock tells that the clock was
 * wrong, then or now; what counts from it is due at once, which sets it right.
 */
export function dutyOf(kept: KeptSession, settings: UpkeepSettings, nowMs: number): Duty {
  const { session } = kept;
  if (!isUsable(session)) return unusableDuty(session, settings, nowMs);
  // Without a refresh token there is nothing to keep alive: it ends with its access token.
  if (session.endsAtMs !== undefined)
    return { kind: 'age', status: 'unrecoverable', dueAtMs: session.endsAtMs };
  return refreshDuty(kept, settings, nowMs);
}

function unusableDuty(
  { status, statusSinceMs }: KeptSession['session'],
  settings: UpkeepSettings,
  nowMs: number,
): Duty {
  if (isAheadOfClock(statusSinceMs, settings, nowMs))
    return { kind: 'age', status, dueAtMs: nowMs };
  if (status === 'recoverable') {
    const dueAtMs = statusSinceMs + settings.unrecoverableAfterDays * dayMs;
    return { kind: 'age', status: 'unrecoverable', dueAtMs };
  }
  return { kind: 'remove', dueAtMs: statusSinceMs + settings.invalidTokenLifetimeDays * dayMs };
}

function refreshDuty(kept: KeptSession, settings: UpkeepSettings, nowMs: number): Duty {
  const { session, profile, access, triedAtMs } = kept;
  const { journal, refreshedAtMs } = session;
  const after = (instantMs: number, ms: number): number =>
    isAheadOfClock(instantMs, settings, nowMs) ? nowMs : instantMs + ms;
  const restEndsAtMs = triedAtMs === undefined ? -Infinity : after(triedAtMs, restMs);
  if (journal) {
    const rounds = Math.ceil(journal.attempts / attemptsPerRound);
    const step = resumeMs[Math.max(0, rounds - 1)] ?? restMs;
    const sentAtMs = journal.lastAttemptAtMs ?? journal.startedAtMs;
    // A late attempt waits for a sign of life, and is tried in vain without being sent.
    const dueAtMs = Math.max(after(sentAtMs, step), after(triedAtMs ?? sentAtMs, step));
    return { kind: 'refresh', reason: 'journal', dueAtMs };
  }
  const lifetimeDays = profile.refreshTokenLifetimeDays ?? settings.refreshTokenDurationDays;
  const idleAtMs = after(refreshedAtMs, lifetimeDays * dayMs * idleShare);
  const aheadAtMs =
    access?.usedAtMs === undefined
      ? Infinity
      : after(access.issuedAtMs, (access.expiresAtMs - access.issuedAtMs) * aheadShare);
  const dueAtMs = Math.max(Math.min(idleAtMs, aheadAtMs), restEndsAtMs);
  return { kind: 'refresh', reason: aheadAtMs < idleAtMs ? 'in-use' : 'idle', dueAtMs };
}

function isAheadOfClock(
  instantMs: number,
  { clockSkewSeconds }: UpkeepSettings,
  nowMs: number,
): boolean {
  return instantMs > nowMs + clockSkewSeconds * secondMs;
}

/** What is due now, and when to look again. */
export interface UpkeepPlan {
  readonly age: readonly { readonly id: SessionId; readonly status: SessionStatus }[];
  readonly remove: readonly SessionId[];
  /** Most urgent first: what an earlier attempt left open, then what is in use, then what is idle. */
  readonly refresh: readonly SessionId[];
  /** The next wake-up in epoch milliseconds: at least 30 s and at most a day ahead. */
  readonly wakeAtMs: number;
}

/** Plans the upkeep of all sessions. `jitterMs` delays the wake-up, so that browsers do not call at once. */
export function planUpkeep(
  sessions: readonly KeptSession[],
  settings: UpkeepSettings,
  { nowMs, jitterMs }: { readonly nowMs: number; readonly jitterMs: number },
): UpkeepPlan {
  const duties = sessions.map((kept) => ({
    id: kept.session.id,
    duty: dutyOf(kept, settings, nowMs),
  }));
  const due = duties.filter(({ duty }) => !(duty.dueAtMs > nowMs));
  const refreshes = due.flatMap(({ id, duty }) =>
    duty.kind === 'refresh' ? [{ id, urgency: urgencies.indexOf(duty.reason), ...duty }] : [],
  );
  refreshes.sort((one, other) => one.urgency - other.urgency || one.dueAtMs - other.dueAtMs);
  return {
    age: due.flatMap(({ id, duty }) => (duty.kind === 'age' ? [{ id, status: duty.status }] : [])),
    remove: due.flatMap(({ id, duty }) => (duty.kind === 'remove' ? [id] : [])),
    refresh: refreshes.map(({ id }) => id),
    wakeAtMs: wakeAt(
      duties.map(({ duty }) => duty.dueAtMs),
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
 * The next instant after now at which local clocks show `HH:MM`, in epoch milliseconds; within 25 hours, for
 * a day is as long as the law says.
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
