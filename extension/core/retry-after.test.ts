import { expect, test } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const nowMs = Date.parse('Fri, 31 Dec 1999 23:59:50 GMT');

test.each([
  [null, undefined],
  ['', undefined],
  ['0', 0],
  ['7', 7000],
  [' 7 ', 7000],
  ['1000000000', 1e12],
  ['-1', undefined],
  ['1.5', undefined],
  ['7s', undefined],
  ['1e3', undefined],
  ['soon', undefined],
  ['Fri, 31 Dec 1999 23:59:59 GMT', 9000],
  ['Friday, 31-Dec-99 23:59:59 GMT', 9000],
  ['Fri Dec 31 23:59:59 1999 GMT', 9000],
  ['Fri, 31 Dec 1999 23:59:00 GMT', 0],
  ['Fri, 99 Dec 1999 23:59:59 GMT', undefined],
])('Retry-After: %j asks for %j ms', (value, expected) => {
  expect(retryAfterMs(value, nowMs)).toBe(expected);
});
