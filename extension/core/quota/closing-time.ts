import { isHourly, type ScopeKind } from './limit-scope.ts';

export const hourMs = 3_600_000;
const minuteMs = 60_000;
/** No scope is closed for less, in milliseconds. Without a time in the response, doubled with each further 429 of the scope. */
const firstWaitMs = 1000;
/** A time at most this long before the full hour, in milliseconds, is the full hour, rounded by the provider. */
const roundingMs = 2000;
/** A scope opens at a random time within this after the full hour, in milliseconds. */
const maxJitterMs = minuteMs;

/** No scope is closed for longer, in milliseconds. */
const longestClosedMs = hourMs + maxJitterMs;

/** When a scope opens, as it is known now: at once when the clock must have been set back since it closed. */
export function soundUntilMs(
  { untilMs, closedAtMs }: { readonly untilMs: number; readonly closedAtMs: number },
  nowMs: number,
): number {
  return nowMs < closedAtMs || untilMs - nowMs > longestClosedMs ? nowMs : untilMs;
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
  const unsaid = Math.min(firstWaitMs * 2 ** Math.min(count - 1, 6), minuteMs);
  const wanted = Math.max(waitMs ?? unsaid, firstWaitMs);
  if (!isHourly(kind)) {
    const longest = kind === 'burst' || kind === 'issue' ? minuteMs : hourMs;
    return nowMs + Math.min(wanted, longest);
  }
  const hourEndMs = (hourOf(nowMs) + 1) * hourMs;
  return nowMs + wanted < hourEndMs - roundingMs ? nowMs + wanted : afterHourMs(nowMs, fraction);
}
