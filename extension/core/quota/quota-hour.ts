import type { Origin } from '../values/origin.ts';
import type { LimitedCall } from './limited-call.ts';
import type { AnnouncedQuota } from './rate-limit-headers.ts';

/**
 * What one app did within one hour, at all tenants or at one of them. Objects are an estimate, and what other
 * installations with the same app did is known from what responses announce only.
 */
export interface QuotaHour {
  /** Of `hourOf`. */
  readonly hour: number;
  calls: number;
  objects: number;
  /** Responses 429. */
  limited: number;
  /** Calls that were answered without being sent. */
  held: number;
  /** The points of the hour; undefined when there is no quota, or none is known. */
  quota: number | undefined;
  /** What the last response announced, and the points that were used until then. */
  announced:
    | {
        readonly remaining: number;
        readonly atPoints: number;
        readonly by?: LimitedCall['system'] | undefined;
      }
    | undefined;
  /** The points that were left when they became scarce. Undefined while they are not. */
  scarce: number | undefined;
  /** The points that each origin used, in this hour or since they became scarce. */
  readonly used: Map<Origin, number>;
}

/** Below this part of the points of an hour they are shared out. */
const scarcePart = 0.2;
/** What is left when a response announces no number: a little more, for the calls until the next response. */
const unsaidPart = 0.25;

export function newHour(hour: number, quota: number | undefined): QuotaHour {
  return {
    hour,
    calls: 0,
    objects: 0,
    limited: 0,
    held: 0,
    quota,
    announced: undefined,
    scarce: undefined,
    used: new Map(),
  };
}

/** One for each call and one for each object that a read returns. */
export function pointsOf({ calls, objects }: Pick<QuotaHour, 'calls' | 'objects'>): number {
  return calls + objects;
}

/** The points that are left; undefined without a quota. */
export function remainingOf(hour: QuotaHour): number | undefined {
  const { announced, quota } = hour;
  const points = pointsOf(hour);
  if (announced !== undefined)
    return Math.max(0, announced.remaining - (points - announced.atPoints));
  return quota === undefined ? undefined : Math.max(0, quota - points);
}

/** Records a call that is sent. */
export function addCall(hour: QuotaHour, origin: Origin): void {
  hour.calls += 1;
  hour.used.set(origin, (hour.used.get(origin) ?? 0) + 1);
  noteScarcity(hour);
}

/** Records the objects that a read of an origin returned. */
export function addObjects(hour: QuotaHour, origin: Origin, objects: number): void {
  hour.objects += objects;
  hour.used.set(origin, (hour.used.get(origin) ?? 0) + objects);
  noteScarcity(hour);
}

/**
 * Records what a response announced. Without a number, more than the scarce part is left, whatever was counted or announced
 * before: but not when another product announced it, because Jira and Confluence may count apart.
 */
export function announce(
  hour: QuotaHour,
  { quota, remaining }: Omit<AnnouncedQuota, 'isOfTenant'>,
  by?: LimitedCall['system'],
): void {
  const { announced, scarce } = hour;
  const isOther = announced !== undefined && announced.by !== by;
  if (remaining === undefined && scarce !== undefined && isOther) return;
  hour.quota = quota ?? hour.quota;
  hour.announced = undefined;
  const least = remaining ?? leastUnsaid(hour);
  if (least !== undefined) hour.announced = { remaining: least, atPoints: pointsOf(hour), by };
  if (!isScarce(hour)) hour.scarce = undefined;
  noteScarcity(hour);
}

/** What is left at least by a response that announces no number; undefined when by the count more is left. */
function leastUnsaid(hour: QuotaHour): number | undefined {
  const least = hour.quota === undefined ? undefined : unsaidPart * hour.quota;
  return least === undefined || (remainingOf(hour) ?? 0) >= least ? undefined : least;
}

/**
 * Whether an origin has used its part of the scarce points. The origins that are active in this hour have equal parts; one
 * that appears makes them smaller. Each may make one call, whose response says whether the points are scarce indeed.
 */
export function isShareUsed({ scarce, used }: QuotaHour, origin: Origin): boolean {
  const own = used.get(origin) ?? 0;
  if (scarce === undefined || own === 0) return false;
  return own >= scarce / used.size;
}

function isScarce(hour: QuotaHour): boolean {
  const remaining = remainingOf(hour);
  if (remaining === undefined) return false;
  // At 0 the policy is missing: then the quota may be unknown.
  return hour.quota === undefined ? remaining === 0 : remaining < scarcePart * hour.quota;
}

function noteScarcity(hour: QuotaHour): void {
  if (hour.scarce !== undefined || !isScarce(hour)) return;
  hour.scarce = remainingOf(hour);
  for (const origin of hour.used.keys()) hour.used.set(origin, 0);
}
