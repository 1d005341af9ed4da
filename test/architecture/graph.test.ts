import { expect, it } from 'vitest';
import { circlesOf, levelsOf } from './graph.ts';

it('finds each circle, and nothing in a tree', () => {
  expect(circlesOf([['a', 'b'], ['b', 'c'], ['a', 'c'], ['c', 'c']])).toEqual([]); // prettier-ignore
  const two = [['a', 'b'], ['b', 'c'], ['c', 'a'], ['c', 'd'], ['d', 'e'], ['e', 'd']] as const; // prettier-ignore
  expect(circlesOf(two)).toEqual([['d', 'e'], ['a', 'b', 'c']]); // prettier-ignore
});

it('counts the levels of the longest way down, a circle as one', () => {
  expect(levelsOf([])).toBe(0);
  expect(levelsOf([['a', 'b'], ['b', 'c'], ['a', 'c']])).toBe(3); // prettier-ignore
  expect(levelsOf([['a', 'b'], ['b', 'a'], ['b', 'c']])).toBe(2); // prettier-ignore
});
