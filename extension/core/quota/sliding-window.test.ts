import { expect, test } from 'vitest';
import type { Origin } from '../values/origin.ts';
import { slidingWindow } from './sliding-window.ts';

const [a, b] = ['https://a.example' as Origin, 'https://b.example' as Origin];

test('counts what happened within the period, in all and by origin', () => {
  const window = slidingWindow({ periodMs: 1000 });
  window.add(0, a);
  window.add(500, b);
  window.add(900, a);
  expect([window.count(999), window.count(999, a), window.count(999, b)]).toEqual([3, 2, 1]);
  expect(window.nextMs(999)).toBe(1000);
  expect([window.count(1000), window.count(1000, a), window.nextMs(1000)]).toEqual([2, 1, 1500]);
  expect([window.nextMs(5000), window.count(5000), window.count(5000, b)]).toEqual([
    undefined,
    0,
    0,
  ]);
});

test('forgets what happened at times that are in the future after the clock was set back', () => {
  const window = slidingWindow({ periodMs: 1000 });
  window.add(1_000_000, a);
  expect([window.count(10), window.count(10, a)]).toEqual([0, 0]);
});

test('keeps in memory what is within the period only', () => {
  const window = slidingWindow({ periodMs: 1000 });
  for (let at = 0; at < 100_000; at += 1) window.add(at * 10, a);
  expect([window.count(999_990), window.count(999_990, a)]).toEqual([100, 100]);
});
