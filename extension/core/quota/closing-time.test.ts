import { describe, expect, test } from 'vitest';
import { closedUntilMs, hourMs, soundUntilMs } from './closing-time.ts';
import type { ScopeKind } from './limit-scope.ts';

const hourStartMs = Date.UTC(2026, 10, 26, 10);
const at = (minute: number): number => hourStartMs + minute * 60_000;
/** How long a scope is closed, in milliseconds. */
function closedMs(
  kind: ScopeKind,
  waitMs: number | undefined,
  { count = 1, nowMs = at(20), fraction = 0.5 } = {},
): number {
  return closedUntilMs(kind, waitMs, { count, nowMs, fraction }) - nowMs;
}

test('a scope is closed for as long as the response says', () => {
  for (const kind of ['app', 'app-tenant', 'burst', 'issue', 'endpoint', 'person'] as const)
    expect(closedMs(kind, 7000)).toBe(7000);
});

test('a scope is closed for a second at least', () => {
  expect(closedMs('person', 0.001)).toBe(1000);
});

test('without a time it is closed for longer with each 429, up to a minute', () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 8, 5000].map((count) =>
    closedMs('endpoint', undefined, { count }),
  );
  expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
});

test.each<[ScopeKind, number]>([
  ['burst', 60_000],
  ['issue', 60_000],
  ['endpoint', hourMs],
  ['person', hourMs],
])('%s is closed for %d ms at most', (kind, most) => {
  expect(closedMs(kind, 24 * hourMs)).toBe(most);
});

describe('the points of an hour', () => {
  test('are there again within a minute after the full hour, at a random time', () => {
    const ends = [0, 0.5, 0.999].map(
      (fraction) =>
        closedUntilMs('app', 40 * 60_000, { count: 1, nowMs: at(20), fraction }) - at(60),
    );
    expect(ends).toEqual([0, 30_000, 59_940]);
  });
  test('are not waited for beyond that', () => {
    expect(closedMs('app-tenant', 24 * hourMs, { fraction: 0 })).toBe(40 * 60_000);
  });
  test('are there again after the hour also when the response rounds', () => {
    expect(closedMs('app', 40 * 60_000 - 1000)).toBe(40 * 60_000 + 30_000);
  });
  test('are probed for without a time, but not in the seconds before the hour', () => {
    expect(closedMs('app', undefined)).toBe(1000);
    const nowMs = at(60) - 500;
    expect(closedMs('app', undefined, { nowMs })).toBe(500 + 30_000);
  });
});

test.each([
  [0, 0],
  [61 * 60_000, 61 * 60_000],
  [61 * 60_000 + 1, 0],
  [86_400_000, 0],
])(
  'a scope that opens in %d ms opens in %d ms when the clock may have been set back',
  (ms, soundMs) => {
    const scope = { untilMs: at(20) + ms, closedAtMs: at(20) };
    expect(soundUntilMs(scope, at(20))).toBe(at(20) + soundMs);
    expect(soundUntilMs(scope, at(20) - 1)).toBe(at(20) - 1);
  },
);
