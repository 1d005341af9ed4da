import { expect, test } from 'vitest';
import { chanceOf } from '../../../test/support/chance.ts';
import type { Operation } from './operation-table.ts';
import { smallestScopes } from './smallest-scopes.ts';

const operation = (...alternatives: string[]): Operation => ({
  alternatives: alternatives.map((list) => list.split('+').filter((scope) => scope !== '')),
});

test('nothing is added for what is held, for what needs no scope, and for what is closed', () => {
  expect(smallestScopes([], ['a'])).toEqual([]);
  expect(
    smallestScopes([operation('a', 'b+c'), operation('', 'a'), operation()], ['b', 'c']),
  ).toEqual([]);
});

test('the classic scope is taken where as many granular ones would do', () => {
  expect(smallestScopes([operation('classic', 'granular')], [])).toEqual(['classic']);
});

test('what the client has already counts', () => {
  expect(smallestScopes([operation('classic', 'a+b')], [])).toEqual(['classic']);
  expect(smallestScopes([operation('classic+other', 'a+b+c')], ['a', 'b'])).toEqual(['c']);
});

test('one scope that serves many is taken instead of one for each', () => {
  const operations = [operation('a', 'x+y'), operation('b', 'x+y'), operation('c', 'x+y')];
  expect(new Set(smallestScopes(operations, []))).toEqual(new Set(['x', 'y']));
});

/** The size of the smallest set, by trying all subsets. */
function smallestSize(operations: readonly Operation[], scopes: readonly string[]): number {
  let best = scopes.length;
  for (let mask = 0; mask < 2 ** scopes.length; mask += 1) {
    const taken = new Set(scopes.filter((_, at) => (mask >> at) % 2 === 1));
    const isEnough = operations.every(({ alternatives }) =>
      alternatives.some((list) => list.every((scope) => taken.has(scope))),
    );
    if (isEnough) best = Math.min(best, taken.size);
  }
  return best;
}

test('no set that is enough is smaller, for 300 random lists', () => {
  const chance = chanceOf('smallest scopes');
  const scopes = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  for (let list = 0; list < 300; list += 1) {
    const operations = Array.from({ length: 1 + chance.below(8) }, () => ({
      alternatives: Array.from({ length: 1 + chance.below(3) }, () =>
        Array.from({ length: 1 + chance.below(3) }, () => scopes[chance.below(8)] ?? 'a'),
      ),
    }));
    const found = smallestScopes(operations, []);
    const held = new Set(found);
    for (const { alternatives } of operations)
      expect(alternatives.some((one) => one.every((scope) => held.has(scope)))).toBe(true);
    expect([list, found.length]).toEqual([list, smallestSize(operations, scopes)]);
  }
});

test('a list with too many combinations ends, with a set that is enough', () => {
  const operations = Array.from({ length: 400 }, (_, at) =>
    operation(`a${String(at)}`, `b${String(at)}`, `c${String(at)}`),
  );
  expect(smallestScopes(operations, [])).toHaveLength(400);
});
