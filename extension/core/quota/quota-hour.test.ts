import { describe, expect, test } from 'vitest';
import type { Origin } from '../values/origin.ts';
import {
  addCall,
  addObjects,
  announce,
  isShareUsed,
  newHour,
  pointsOf,
  remainingOf,
} from './quota-hour.ts';

const [a, b, c] = ['https://a.example', 'https://b.example', 'https://c.example'] as Origin[] as [
  Origin,
  Origin,
  Origin,
];

test('a point is used by each call, and by each object that it returns', () => {
  const hour = newHour(1, 65_000);
  addCall(hour, a);
  addObjects(hour, a, 50);
  expect([hour.calls, hour.objects, pointsOf(hour), remainingOf(hour)]).toEqual([
    1, 50, 51, 64_949,
  ]);
});

test('what is left is what the last response announced, less what was used since', () => {
  const hour = newHour(1, 65_000);
  addObjects(hour, a, 100);
  announce(hour, { quota: 1000, remaining: 500 });
  addCall(hour, a);
  expect([hour.quota, remainingOf(hour)]).toEqual([1000, 499]);
});

describe('when a fifth of the points is left', () => {
  const scarce = (): ReturnType<typeof newHour> => {
    const hour = newHour(1, 1000);
    addObjects(hour, a, 800);
    expect(hour.scarce).toBeUndefined();
    addCall(hour, a);
    expect(hour.scarce).toBe(199);
    return hour;
  };
  test('an origin that is alone may use all of them', () => {
    const hour = scarce();
    addObjects(hour, a, 198);
    expect(isShareUsed(hour, a)).toBe(false);
    addCall(hour, a);
    expect(isShareUsed(hour, a)).toBe(true);
  });
  test('each origin may use an equal part, which another origin makes smaller', () => {
    const hour = scarce();
    addObjects(hour, a, 90);
    expect([isShareUsed(hour, a), isShareUsed(hour, b)]).toEqual([false, false]);
    addObjects(hour, b, 60);
    expect(isShareUsed(hour, a)).toBe(false);
    addCall(hour, c);
    expect([isShareUsed(hour, a), isShareUsed(hour, b), isShareUsed(hour, c)]).toEqual([
      true,
      false,
      false,
    ]);
  });
  test('they are not shared out any more when a response announces more', () => {
    const hour = scarce();
    addObjects(hour, a, 199);
    announce(hour, { remaining: 900 });
    expect(isShareUsed(hour, a)).toBe(false);
  });
  test('of an announced quota they are shared out too', () => {
    const hour = newHour(1, undefined);
    addObjects(hour, a, 1_000_000);
    expect(isShareUsed(hour, a)).toBe(false);
    announce(hour, { quota: 100_100, remaining: 20_000 });
    addObjects(hour, a, 20_000);
    expect([hour.scarce, isShareUsed(hour, a)]).toEqual([20_000, true]);
  });
  test('none are left, an origin may find out with one call', () => {
    const hour = newHour(1, undefined);
    announce(hour, { remaining: 0 });
    expect(isShareUsed(hour, a)).toBe(false);
    addCall(hour, a);
    expect(isShareUsed(hour, a)).toBe(true);
  });
  test('and a later response announces no number, they are not', () => {
    const hour = newHour(1, 65_000);
    announce(hour, { remaining: 0 });
    addCall(hour, a);
    expect(isShareUsed(hour, a)).toBe(true);
    announce(hour, { quota: 65_000 });
    addCall(hour, a);
    expect([hour.scarce, isShareUsed(hour, a)]).toEqual([undefined, false]);
  });
  test('by what was counted, a response that announces no number says that more is left', () => {
    const hour = newHour(1, 1000);
    addObjects(hour, a, 1000);
    addCall(hour, a);
    expect(isShareUsed(hour, a)).toBe(true);
    announce(hour, { quota: 1000 });
    expect([remainingOf(hour), isShareUsed(hour, a)]).toEqual([250, false]);
    // Calls between two responses do not make them scarce at once.
    addObjects(hour, a, 49);
    expect(hour.scarce).toBeUndefined();
  });
  test('a response of another product without a number says nothing of what this one announced', () => {
    const hour = newHour(1, 1000);
    announce(hour, { remaining: 100 }, 'jira-cloud');
    addObjects(hour, a, 100);
    announce(hour, { quota: 1000 }, 'other-cloud');
    expect(isShareUsed(hour, a)).toBe(true);
    announce(hour, { quota: 1000 }, 'jira-cloud');
    expect(isShareUsed(hour, a)).toBe(false);
  });
});
