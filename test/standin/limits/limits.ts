import type { StandinClock } from '../facts/clock.ts';
import { openWindow, type Rate, type SlidingWindow } from './sliding-window.ts';

const HOUR_MS = 3_600_000;
/** Points that an app without a quota of its own for each tenant may use in an hour, over all tenants and accounts. */
const APP_POINTS = 65_000;
const ISSUE_RATES: readonly [Rate, Rate] = [
  { most: 20, spanMs: 2000 },
  { most: 100, spanMs: 30_000 },
];

/** What a request is counted by. */
export interface Counted {
  readonly clientId: string;
  readonly cloudId: string;
  /** The pattern of the endpoint, so that all issues share one. */
  readonly endpoint: string;
  readonly method: string;
  /** The issue that the request writes to. */
  readonly issue?: string | undefined;
}

/** The values of `RateLimit-Reason`. */
export type LimitReason =
  | 'jira-quota-global-based'
  | 'jira-quota-tenant-based'
  | 'jira-burst-based'
  | 'jira-per-issue-on-write';

/** The points of the hour that a request belongs to. */
export interface Quota {
  readonly name: 'global-app-quota' | 'tenant-app-quota';
  readonly points: number;
  readonly used: number;
  /** Milliseconds until the hour ends. */
  readonly leftMs: number;
}

/** How a request stands with the limits. */
export interface Standing {
  readonly quota: Quota;
  readonly burst: { readonly most: number; readonly remaining: number };
  /** Why the request is refused, and for how long. */
  readonly refusal?: { readonly reason: LimitReason; readonly waitMs: number } | undefined;
}

/** The rate limits of one cloud. Its members can be assigned at any time. */
export interface Limits {
  isEnforced: boolean;
  appPoints: number;
  /** Apps that have a quota for each tenant instead of one for all of them, by client id: points for each tenant. */
  readonly tenantPoints: Map<string, number>;
  /** Points that the app has used in this hour; at one tenant, for an app of `tenantPoints`. */
  used(clientId: string, cloudId?: string): number;
  /** Uses points up, as other people of the app do. */
  spend(clientId: string, points: number, cloudId?: string): void;
  /** Counts a request into the rates, unless it is refused. */
  admit(counted: Counted): Standing;
  /** Charges the points of a request, whose response is known by now. */
  charge(counted: Counted, points: number): Quota;
}

/** Limits that nobody has used anything of. */
export function openLimits(clock: StandinClock, isEnforced: boolean): Limits {
  const windows = new Map<string, SlidingWindow>();
  const usedBy = new Map<string, { readonly hour: number; readonly points: number }>();
  const windowAt = (key: string, rates: readonly [Rate, ...Rate[]]): SlidingWindow => {
    const found = windows.get(key) ?? openWindow(rates);
    windows.set(key, found);
    return found;
  };
  const hourNow = (): number => Math.floor(clock.nowMs() / HOUR_MS);
  const keyOf = (clientId: string, cloudId = ''): string =>
    limits.tenantPoints.has(clientId) ? `${clientId} ${cloudId}` : clientId;
  const used = (clientId: string, cloudId?: string): number => {
    const entry = usedBy.get(keyOf(clientId, cloudId));
    return entry?.hour === hourNow() ? entry.points : 0;
  };
  const spend = (clientId: string, points: number, cloudId?: string): void => {
    const sum = used(clientId, cloudId) + points;
    usedBy.set(keyOf(clientId, cloudId), { hour: hourNow(), points: sum });
  };
  const quotaOf = ({ clientId, cloudId }: Counted): Quota => {
    const ofTenant = limits.tenantPoints.get(clientId);
    return {
      name: ofTenant === undefined ? 'global-app-quota' : 'tenant-app-quota',
      points: ofTenant ?? limits.appPoints,
      used: used(clientId, cloudId),
      leftMs: (hourNow() + 1) * HOUR_MS - clock.nowMs(),
    };
  };
  const limits: Limits = {
    isEnforced,
    appPoints: APP_POINTS,
    tenantPoints: new Map(),
    used,
    spend,
    admit: (counted) => {
      const nowMs = clock.nowMs();
      const { cloudId, endpoint, method, issue } = counted;
      const most = burstOf(method);
      const burst = windowAt(`${cloudId} ${endpoint} ${method}`, [{ most, spanMs: 1000 }]);
      const writes = issue === undefined ? undefined : windowAt(`issue ${issue}`, ISSUE_RATES);
      const quota = quotaOf(counted);
      const refusal = refusalOf(quota, burst.waitMs(nowMs), writes?.waitMs(nowMs) ?? 0);
      if (refusal === undefined) {
        burst.add(nowMs);
        writes?.add(nowMs);
      }
      return { quota, burst: { most, remaining: burst.remaining(nowMs) }, refusal };
    },
    charge: (counted, points) => {
      spend(counted.clientId, points, counted.cloudId);
      return quotaOf(counted);
    },
  };
  return limits;
}

/** Requests of all apps to one endpoint of one tenant in a second. */
function burstOf(method: string): number {
  return ['PUT', 'DELETE'].includes(method) ? 50 : 100;
}

function refusalOf(quota: Quota, burstMs: number, issueMs: number): Standing['refusal'] {
  if (quota.used >= quota.points) {
    const isTenant = quota.name === 'tenant-app-quota';
    const reason = isTenant ? 'jira-quota-tenant-based' : 'jira-quota-global-based';
    return { reason, waitMs: quota.leftMs };
  }
  if (burstMs > 0) return { reason: 'jira-burst-based', waitMs: burstMs };
  if (issueMs > 0) return { reason: 'jira-per-issue-on-write', waitMs: issueMs };
  return undefined;
}
