import { isHourly, type ScopeKind } from './limit-scope.ts';

export const hourMs = 3_600_000;
const minuteMs = 60_000;
/** The waits without a time in the response: doubled from this, in milliseconds, with each further 429 of the scope. */
const firstWaitMs = 1000;
/** A time at most this long before the full hour, in milliseconds, is the full hour, rounded by the provider. */
const roundingMs = 2000;
/** A scope opens at a random time within this after the full hour, in milliseconds. */
const maxJitterMs = minuteMs;

/** No scope is closed for longer, in milliseconds. */
const longestClosedMs = hourMs + maxJitterMs;

/** When a scope opens, as it is known now: at once when that is so late that the clock must have been set back meanwhile. */
export function soundUntilMs(untilMs: number, nowMs: number): number {
  return untilMs - nowMs > longestClosedMs ? nowMs : untilMs;
}

/** The number of the hour that a time is in. Atlassian counts clock hours of UTC. */
export function hourOf(nowMs: number): number {
  return Math.floor(nowMs / hourMs);
}

/** A random time within a minute after the hour: else all installations would return in the same second. */
export function afterHourMs(nowMs: number, fraction: number): number {
  return (hourOf(nowMs) + 1) * hourMs + Math.floor(fraction * maxJitterMs);
}

/**
 * When a scope opens again that was closed by a 429.
 * @param waitMs what the response asks for; undefined for nothing, or nothing that can be true
 * @param count the consecutive 429s of the scope, this one included
 * @param fraction a random number from 0 to 1
 */
export function closedUntilMs(
  kind: ScopeKind,
  waitMs: number | undefined,
  { count, nowMs, fraction }: { count: number; nowMs: number; fraction: number },
): number {
  const wanted = waitMs ?? Math.min(firstWaitMs * 2 ** Math.min(count - 1, 6), minuteMs);
  if (!isHourly(kind)) {
    const longest = kind === 'burst' || kind === 'issue' ? minuteMs : hourMs;
    return nowMs + Math.min(wanted, longest);
  }
  const hourEndMs = (hourOf(nowMs) + 1) * hourMs;
  return nowMs + wanted < hourEndMs - roundingMs ? nowMs + wanted : afterHourMs(nowMs, fraction);
}
