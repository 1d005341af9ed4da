import { expect, test } from 'vitest';
import type { LimitedCall } from './limited-call.ts';
import { isWithinRate, paceOf } from './pace.ts';

const call = (changes: object): LimitedCall =>
  ({
    tenant: 'c',
    method: 'GET',
    endpoint: '/rest/api/3/myself',
    system: 'jira-cloud',
    ...changes,
  }) as unknown as LimitedCall;
const limitsOf = (changes: object): string[] =>
  paceOf(call(changes)).map(({ limit }) => `${limit.most} in ${limit.periodMs} ms`);

test('Jira Cloud is called below its limits', () => {
  for (const method of ['GET', 'HEAD', 'POST'])
    expect(limitsOf({ method })).toEqual(['90 in 1000 ms']);
  for (const method of ['PUT', 'PATCH', 'DELETE'])
    expect(limitsOf({ method })).toEqual(['45 in 1000 ms']);
  expect(limitsOf({ method: 'PUT', issue: 'ACME-1' })).toEqual([
    '90 in 30000 ms',
    '18 in 2300 ms',
    '45 in 1000 ms',
  ]);
});

test('no other system is', () => {
  expect([limitsOf({ system: 'other-cloud' }), limitsOf({ system: 'other' })]).toEqual([[], []]);
});

test('of a shared rate an origin leaves a part to the others', () => {
  const rate = { limit: { most: 90, periodMs: 1000 }, isShared: true };
  const isWithin = (inAll: number, ofOrigin: number): boolean =>
    isWithinRate(rate, { inAll, ofOrigin });
  expect([isWithin(71, 71), isWithin(72, 72), isWithin(72, 0), isWithin(89, 0)]).toEqual([
    true,
    false,
    true,
    true,
  ]);
  expect(isWithin(90, 0)).toBe(false);
  expect(isWithinRate({ ...rate, isShared: false }, { inAll: 89, ofOrigin: 89 })).toBe(true);
});
