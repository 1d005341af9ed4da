import { burstKey } from './limit-scope.ts';
import type { LimitedCall } from './limited-call.ts';
import type { WindowLimit } from './sliding-window.ts';

/** Calls that are sent at a limited rate together. */
export interface PacedCalls {
  readonly key: string;
  readonly limit: WindowLimit;
  /** Whether one origin leaves a part of the limit to origins that call later. */
  readonly isShared: boolean;
}

/** How many times as much as what stays free an origin may use of a shared limit: alone 72 of 90. */
const usedToFree = 4;

/**
 * Whether a further call of an origin keeps the rate.
 * @param counts the calls within the period, of all origins and of this one
 */
export function isWithinRate(
  { limit: { most }, isShared }: Pick<PacedCalls, 'limit' | 'isShared'>,
  counts: { readonly inAll: number; readonly ofOrigin: number },
): boolean {
  const free = most - counts.inAll;
  return free > 0 && (!isShared || counts.ofOrigin < usedToFree * free);
}

/** Below the 100 requests per second at which Jira Cloud answers 429, and below the 50 for PUT and DELETE. */
const burst: WindowLimit = { most: 90, periodMs: 1000 };
const burstOfWrites: WindowLimit = { most: 45, periodMs: 1000 };
/**
 * Below the 20 writes to one issue in 2 s, and the 100 in 30 s. They are sent in groups, and the network brings two groups
 * nearer to each other: so the shorter period is longer than Jira's.
 */
const issueLimits: readonly WindowLimit[] = [
  { most: 90, periodMs: 30_000 },
  { most: 18, periodMs: 2300 },
];

/** The rates that limit a call, the narrowest first; none except at Jira Cloud. */
export function paceOf(call: LimitedCall): readonly PacedCalls[] {
  if (call.system !== 'jira-cloud') return [];
  const { method, tenant, issue } = call;
  const isFrequent = method === 'GET' || method === 'HEAD' || method === 'POST';
  const ofEndpoint = {
    key: burstKey(call),
    limit: isFrequent ? burst : burstOfWrites,
    isShared: true,
  };
  if (issue === undefined) return [ofEndpoint];
  const ofIssue = issueLimits.map((limit) => ({
    key: `issue ${tenant} ${issue} ${limit.periodMs}`,
    limit,
    isShared: false,
  }));
  return [...ofIssue, ofEndpoint];
}
