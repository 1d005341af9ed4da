import { expect, test } from 'vitest';
import { readRetryAfterMs } from './retry-after.ts';

const now = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT');

test.each([
  ['0', 0],
  ['30', 30_000],
  [' 5 ', 5_000],
  ['1000000000', 3_600_000],
  ['Wed, 21 Oct 2026 07:28:30 GMT', 30_000],
  ['Wed, 21 Oct 2026 23:28:30 GMT', 3_600_000],
  ['Wed, 21 Oct 2026 07:27:30 GMT', undefined],
  ['-1', undefined],
  ['soon', undefined],
  ['', undefined],
  [null, undefined],
])('%j is %s ms', (header, waitMs) => {
  expect(readRetryAfterMs(header, now)).toBe(waitMs);
});
