import { expect, test } from 'vitest';
import { createLastUses, maxUses } from './last-uses.ts';

const nowMs = Date.UTC(2026, 10, 26);

test('the latest time of each key is kept, whatever the order', () => {
  const uses = createLastUses();
  uses.add('one', 20);
  uses.add('other', 30);
  uses.add('one', 10);
  expect([uses.get('one'), uses.get('other'), uses.get('none')]).toEqual([20, 30, undefined]);
});

test('adds what earlier workers recorded, and knows what is not written', () => {
  const first = createLastUses();
  first.add('one', 10);
  first.add('two', 10);
  const written = first.all();
  first.markWritten();
  expect(first.isChanged()).toBe(false);
  first.add('two', 20);
  const second = createLastUses();
  second.add('three', 30);
  second.restore(written, first.changed(), nowMs);
  expect(Object.fromEntries(second.entries())).toEqual({ one: 10, two: 20, three: 30 });
  expect(Object.fromEntries(second.changed())).toEqual({ two: 20, three: 30 });
  second.markWritten();
  second.markChanged([['two', 20]]);
  expect(second.changed()).toEqual([['two', 20]]);
});

test('the earliest is dropped when there are too many', () => {
  const uses = createLastUses();
  for (let at = 0; at < maxUses; at += 1) uses.add(String(at), at);
  uses.add('0', maxUses);
  uses.add('new', maxUses);
  expect(uses.all()).toHaveLength(maxUses);
  expect([uses.get('0'), uses.get('1')]).toEqual([maxUses, undefined]);
});

test('what is dropped is a change', () => {
  const uses = createLastUses();
  uses.add('one', 10);
  uses.add('other', 10);
  uses.markWritten();
  uses.drop((key) => key === 'none');
  expect(uses.isChanged()).toBe(false);
  uses.drop((key) => key === 'one');
  expect([uses.isChanged(), uses.all(), uses.changed()]).toEqual([true, [['other', 10]], []]);
});

test.each([[{}], [[['a']]], [[['a', -1]]], [[['a', '1']]], [[['a', 1.5]]]])(
  'what is damaged is left out and counts as dropped, so that it is written anew: %j',
  (raw) => {
    for (const [written, changed] of [
      [raw, undefined],
      [undefined, raw],
    ]) {
      const uses = createLastUses();
      expect(uses.restore(written, changed, nowMs)).toBe(true);
      expect([uses.all(), uses.isChanged()]).toEqual([[], true]);
    }
  },
);

test('nothing is dropped when nothing was stored', () => {
  const uses = createLastUses();
  expect(uses.restore(undefined, undefined, nowMs)).toBe(false);
  expect(uses.isChanged()).toBe(false);
});

test('a time that is to come is taken for now', () => {
  const uses = createLastUses();
  uses.restore([['a', nowMs + 1]], undefined, nowMs);
  expect(uses.all()).toEqual([['a', nowMs]]);
});
