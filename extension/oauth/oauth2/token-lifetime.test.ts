import { expect, test } from 'vitest';
import { neverMs } from '#core/session/session.ts';
import { expiryMs, refreshTokenExpiryMs } from './token-lifetime.ts';

const nowMs = 1_800_000_000_000;
const hour = 3_600_000;
const day = 24 * hour;

test.each([
  ['is an hour if the provider names none', undefined, hour],
  ['is what the provider names', 7_200_000, 2 * hour],
  ['is half a minute at least', 1, 30_000],
  ['is a day at most', 60 * day, day],
])('the lifetime of a token that can be renewed %s', (_, lifetimeMs, expectedMs) => {
  expect(expiryMs(lifetimeMs, { nowMs, isRenewable: true })).toBe(nowMs + expectedMs);
});

test.each([
  ['60 days', 60 * day, nowMs + 60 * day],
  ['10 years', 3_650 * day, nowMs + 3_650 * day],
  ['a second', 1_000, nowMs + 1_000],
  ['without end', 1e308, neverMs],
  ['until a 401 if the provider names none', undefined, neverMs],
])('a token that cannot be renewed lives %s', (_, lifetimeMs, expected) => {
  expect(expiryMs(lifetimeMs, { nowMs, isRenewable: false })).toBe(expected);
});

test('an endless refresh token has the latest expiry', () => {
  expect(refreshTokenExpiryMs(1e308, nowMs)).toBe(neverMs);
});
