import { describe, expect, test } from 'vitest';
import { readAnnounced, readLimit } from './rate-limit-headers.ts';

const nowMs = Date.UTC(2026, 10, 26, 10, 20, 30);
const waitOf = (fields: Record<string, string>): number | undefined =>
  readLimit(429, new Headers(fields), nowMs)?.waitMs;

describe('a response', () => {
  test('reports a limit by its status; 503 only with a reason', () => {
    const reason = { 'RateLimit-Reason': ' Jira-Burst-Based ' };
    expect(readLimit(200, new Headers(reason), nowMs)).toBeUndefined();
    expect(readLimit(503, new Headers({ 'Retry-After': '1' }), nowMs)).toBeUndefined();
    expect(readLimit(503, new Headers(reason), nowMs)?.reason).toBe('jira-burst-based');
    expect(readLimit(429, new Headers(), nowMs)).toEqual({ reason: undefined, waitMs: undefined });
  });
});

describe('the wait', () => {
  test.each<[Record<string, string>, number]>([
    [{ 'Retry-After': '7' }, 7000],
    [{ 'Retry-After': 'Thu, 26 Nov 2026 10:20:40 GMT' }, 10_000],
    [{ 'Beta-Retry-After': '8' }, 8000],
    [{ 'X-Retry-After': '9' }, 9000],
    [{ 'Retry-After': '7', 'Beta-Retry-After': '8' }, 7000],
    [{ 'Retry-After': '-1', 'Beta-Retry-After': '8' }, 8000],
    [{ 'X-RateLimit-Reset': '2026-11-26T10:21Z' }, 30_000],
    [{ 'X-RateLimit-Reset': '2026-11-26T10:21:00.000Z' }, 30_000],
    [{ 'X-RateLimit-Reset': String(nowMs / 1000 + 5) }, 5000],
    [{ 'X-RateLimit-Reset': '5' }, 5000],
  ])('that %j asks for is %d ms', (fields, ms) => {
    expect(waitOf(fields)).toBe(ms);
  });
  test.each([
    '',
    '0',
    '-5',
    'NaN',
    'soon',
    '1000000000',
    '99999999999999999999',
    'Thu, 26 Nov 2026 10:20:20 GMT',
    'Fri, 01 Jan 2100 00:00:00 GMT',
  ])('is unknown when Retry-After is %j', (text) => {
    expect(waitOf({ 'Retry-After': text })).toBeUndefined();
  });
  test.each(['2026-11-26T10:20Z', '2026-11-26', 'NaN', '', '-1', '4000000000'])(
    'is unknown when X-RateLimit-Reset is %j',
    (text) => {
      expect(waitOf({ 'X-RateLimit-Reset': text })).toBeUndefined();
    },
  );
});

describe('the quota that a response announces', () => {
  const announced = (fields: Record<string, string>) => readAnnounced(new Headers(fields));
  test.each<[Record<string, string>, object[]]>([
    [{}, []],
    [{ 'X-RateLimit-Remaining': '3' }, []],
    [
      { 'Beta-RateLimit-Policy': '"tenant-app-quota";q=100100;w=3600' },
      [{ isOfTenant: true, quota: 100_100 }],
    ],
    [
      {
        'Beta-RateLimit-Policy': '"global-app-quota";q=65000;w=3600',
        'Beta-RateLimit': '"global-app-quota";r=1200;t=2000',
      },
      [{ isOfTenant: false, quota: 65_000, remaining: 1200 }],
    ],
    [{ 'Beta-RateLimit': 'tenant-app-quota; r=0; t=2788' }, [{ isOfTenant: true, remaining: 0 }]],
    [{ 'X-Beta-RateLimit-Limit': '350', 'X-Beta-RateLimit-Remaining': '9' }, []],
    [
      {
        'RateLimit-Policy': '"global-app-quota";q=65000;w=3600',
        RateLimit: '"global-app-quota";r=1200;t=2000',
        'Beta-RateLimit-Policy': '"jira-burst-based";q=100;w=1',
        'Beta-RateLimit': '"jira-burst-based";r=90;t=1',
      },
      [{ isOfTenant: false, quota: 65_000, remaining: 1200 }],
    ],
    [
      {
        'Beta-RateLimit-Policy': '"per-issue-on-write";q=20;w=2, "minute-quota";q=500;w=60',
        'Beta-RateLimit': '"per-issue-on-write";r=3, "minute-quota";r=5',
      },
      [],
    ],
    [{ 'Beta-RateLimit': '"global-app-quota";t=3200' }, [{ isOfTenant: false }]],
    [
      {
        'Beta-RateLimit-Policy': '"global-app-quota";q=65000;w=3600, "tenant-app-quota";q=1;w=3600',
      },
      [
        { isOfTenant: false, quota: 65_000 },
        { isOfTenant: true, quota: 1 },
      ],
    ],
    [{ 'Beta-RateLimit-Policy': '"jira-burst";q=100;w=3600' }, []],
    [{ 'Beta-RateLimit-Policy': '"other";q=100;w=60' }, []],
    [{ 'Beta-RateLimit': 'nonsense;r=many' }, []],
  ])('by %j is %j', (fields, expected) => {
    expect(announced(fields)).toEqual(expected);
  });
});
