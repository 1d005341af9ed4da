import { expect, test } from 'vitest';
import { isFresh } from './freshness.ts';

const rule = { skewMs: 60_000, marginMs: 60_000 };
const token = { issuedAtMs: 1_000_000, expiresAtMs: 4_600_000 };

test.each([
  ['at its time of issue', 1_000_000, true],
  ['before its time of issue by the skew', 940_000, true],
  ['before its time of issue by more than the skew', 939_999, false],
  ['just before skew and margin begin', 4_479_999, true],
  ['within skew and margin before its expiry', 4_480_000, false],
  ['after its expiry', 4_600_001, false],
])('a token %s (now %i) is fresh: %s', (_, nowMs, isStillFresh) => {
  expect(isFresh(token, nowMs, rule)).toBe(isStillFresh);
});

test('skew and margin come from the rule', () => {
  const small = { skewMs: 10, marginMs: 5 };
  expect(isFresh(token, 4_599_984, small)).toBe(true);
  expect(isFresh(token, 4_599_985, small)).toBe(false);
});
