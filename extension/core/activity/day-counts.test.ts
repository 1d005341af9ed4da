import { expect, test } from 'vitest';
import type { Origin } from '../values/origin.ts';
import { countedDays, createDayCounts, maxCountedOrigins } from './day-counts.ts';

const dayMs = 86_400_000;
const today = Date.UTC(2026, 10, 26, 12);
const page = 'https://page.example' as Origin;
const other = 'https://other.example' as Origin;
const none = { ok: 0, failed: 0, refused: 0, aborted: 0 };

test('counts by origin, day of UTC and result', () => {
  const days = createDayCounts();
  days.add(page, today - dayMs, 'failed');
  days.add(page, today, 'ok');
  days.add(page, today, 'ok');
  days.add(page, Date.UTC(2026, 10, 26, 23, 59, 59, 999), 'aborted');
  days.add(other, today, 'refused');
  expect(days.list()).toEqual([
    { origin: page, day: '2026-11-26', ...none, ok: 2, aborted: 1 },
    { origin: page, day: '2026-11-25', ...none, failed: 1 },
    { origin: other, day: '2026-11-26', ...none, refused: 1 },
  ]);
});

test('adds what earlier workers counted: nothing is lost, nothing counted twice', () => {
  const first = createDayCounts();
  for (let at = 0; at < 10; at += 1) first.add(page, today, 'ok');
  const written = first.all();
  first.markWritten();
  expect(first.isChanged()).toBe(false);
  first.add(page, today, 'ok');
  first.add(other, today, 'failed');
  const changed = first.changed();
  const second = createDayCounts();
  second.add(page, today, 'ok');
  second.restore(written, changed, today);
  expect(second.list()).toEqual([
    { origin: page, day: '2026-11-26', ...none, ok: 12 },
    { origin: other, day: '2026-11-26', ...none, failed: 1 },
  ]);
  expect(second.changed()).toEqual(second.all());
  const third = createDayCounts();
  third.restore(second.all(), second.all(), today);
  expect(third.list()).toEqual(second.list());
});

test('what was to be written and was not counts as changed', () => {
  const days = createDayCounts();
  days.add(page, today, 'ok');
  const changed = days.changed();
  days.markWritten();
  days.markChanged(changed);
  expect(days.changed()).toEqual(changed);
});

test('keeps 30 days, today included', () => {
  const days = createDayCounts();
  for (let back = 0; back < 40; back += 1) days.add(page, today - back * dayMs, 'ok');
  days.add(other, today - 35 * dayMs, 'ok');
  days.add(other, today + dayMs, 'ok');
  days.markWritten();
  days.dropOld(today);
  expect(days.list()).toHaveLength(countedDays);
  expect(days.list().at(-1)?.day).toBe('2026-10-28');
  expect(days.isChanged()).toBe(true);
});

test('keeps 1,000 origins: the one that called least recently is dropped', () => {
  const days = createDayCounts();
  const origin = (at: number) => `https://page-${String(at)}.example` as Origin;
  days.add(page, today - dayMs, 'ok');
  days.add(other, today - 2 * dayMs, 'ok');
  for (let at = 2; at < maxCountedOrigins; at += 1) days.add(origin(at), today, 'ok');
  for (let at = 0; at < 10_000; at += 1) days.add(origin(2), today, 'ok');
  expect(days.list()).toHaveLength(maxCountedOrigins);
  days.add(origin(0), today, 'ok');
  const kept = days.list().map((one) => one.origin);
  expect(kept).toHaveLength(maxCountedOrigins);
  expect([kept.includes(page), kept.includes(other)]).toEqual([true, false]);
});

test.each([
  undefined,
  null,
  'x',
  { length: 2 },
  [null, 5, [], [page], [page, 'x'], [page, [null, [1], [1, [1, 2]], [1, [1, 2, 3, -4]]]]],
  [[page, [[Number.NaN, [1, 1, 1, 1]]]]],
  [['null', [[20_000, [1, 1, 1, 1]]]]],
  // A day that is to come.
  [[page, [[90_000, [1, 1, 1, 1]]]]],
])('of stored counts that are damaged nothing is taken (%#)', (stored) => {
  const days = createDayCounts();
  days.restore(stored, stored, today);
  expect(days.list()).toEqual([]);
});

test('of stored counts the valid days are taken, and no more origins than are counted', () => {
  const day = Math.floor(today / dayMs);
  const many = Array.from({ length: 3000 }, (_, at) => [
    `https://page-${String(at)}.example`,
    [[day, [1, 0, 0, 0]], 'damaged'],
  ]);
  const days = createDayCounts();
  days.restore(many, many, today);
  expect(days.list()).toHaveLength(maxCountedOrigins);
});
