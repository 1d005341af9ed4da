import { expect, test } from 'vitest';
import { isFresh } from './freshness.ts';

const rule = { skewMs: 60_000, marginMs: 60_000 };
const token = { issuedAtMs: 1_000_000, expiresAtMs: 4_600_000 };

test.each([
  ['the moment it is issued', 1_000_000, true],
  ['a minute of skew before', 940_000, true],
  ['when the clock went back behind that', 939_999, false],
  ['just before skew and margin', 4_479_999, true],
  ['within skew and margin of its end', 4_480_000, false],
  ['after its end', 4_600_001, false],
])('a token %s', (_, nowMs, isStillFresh) => {
  expect(isFresh(token, nowMs, rule)).toBe(isStillFresh);
});

test('skew and margin are settings', () => {
  const small = { skewMs: 10, marginMs: 5 };
  expect(isFresh(token, 4_599_984, small)).toBe(true);
  expect(isFresh(token, 4_599_985, small)).toBe(false);
});
