import { expect, test } from 'vitest';
import type { Origin } from '#core/values/origin.ts';
import { memoryArea } from '../../test/support/memory-area.ts';
import { createRefusals, isOutdatedRefusals } from './refusals.ts';

const origin = 'https://dashboard.example' as Origin;
const hourMs = 3_600_000;
const start = 1_800_000_000_000;

function setting() {
  const clock = { nowMs: start };
  const session = memoryArea();
  return { clock, session, refusals: createRefusals({ session, nowMs: () => clock.nowMs }) };
}

test('refusals that are added at once are all counted', async () => {
  const { refusals } = setting();
  await Promise.all([refusals.add(origin), refusals.add(origin)]);
  expect(await refusals.isLimitReached(origin)).toBe(false);
  await refusals.add(origin);
  expect(await refusals.isLimitReached(origin)).toBe(true);
  expect(await refusals.isLimitReached('https://other.example' as Origin)).toBe(false);
});

test.each([
  ['a refusal counts for a day', 23.9, true],
  ['and not longer', 24, false],
  ['a clock that was set back by less than a day changes nothing', -23.9, true],
  ['after a clock was set back by more, a refusal does not count until its time comes', -24, false],
])('%s', async (_, hours, isLimitReached) => {
  const { clock, session, refusals } = setting();
  for (let time = 0; time < 3; time += 1) await refusals.add(origin);
  clock.nowMs += hours * hourMs;
  expect(await refusals.isLimitReached(origin)).toBe(isLimitReached);
  const [stored] = Object.values(await session.all());
  expect(isOutdatedRefusals(stored, clock.nowMs)).toBe(!isLimitReached);
});

test('refusals can be forgotten', async () => {
  const { refusals } = setting();
  await Promise.all([1, 2, 3].map(() => refusals.add(origin)));
  await refusals.forget(origin);
  expect(await refusals.isLimitReached(origin)).toBe(false);
});
