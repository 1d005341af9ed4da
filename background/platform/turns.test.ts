import { expect, test } from 'vitest';
import { createTurns } from './turns.ts';

const always = (): boolean => true;

test('the keys take turns, and so do the lanes of a key', () => {
  const turns = createTurns<string, string, string>();
  for (const entry of ['ax1', 'ax2', 'ax3', 'ay1', 'bx1', 'bx2'])
    turns.add(entry.slice(0, 1), entry.slice(1, 2), entry, false);
  const order = Array.from({ length: 7 }, () => turns.next(always));
  expect(order).toEqual(['ax1', 'bx1', 'ay1', 'bx2', 'ax2', 'ax3', undefined]);
});

test('a lane that may not be served is not in the way of the other lanes of its key', () => {
  const turns = createTurns<string, string, string>();
  for (const entry of ['ax1', 'ax2', 'ay1']) turns.add('a', entry.slice(1, 2), entry, false);
  expect(turns.next((_, lane) => lane !== 'x')).toBe('ay1');
  expect(turns.next((_, lane) => lane !== 'x')).toBeUndefined();
  expect(turns.next(always)).toBe('ax1');
});

test('an entry that is first goes ahead of its key, in whatever lane', () => {
  const turns = createTurns<string, string, string>();
  turns.add('a', 'x', 'ax1', false);
  turns.add('a', 'y', 'ay1', true);
  expect([turns.next(always), turns.next(always)]).toEqual(['ay1', 'ax1']);
});

test('a key without entries takes no memory, and an unknown entry can be removed', () => {
  const turns = createTurns<string, string, number>();
  turns.remove('a', 'x', 1);
  turns.add('a', 'x', 1, false);
  turns.add('b', 'x', 2, false);
  turns.remove('a', 'x', 1);
  const asked: string[] = [];
  turns.next((key) => {
    asked.push(key);
    return false;
  });
  expect(asked).toEqual(['b']);
  turns.remove('b', 'x', 2);
  expect(turns.isEmpty()).toBe(true);
});

test('of a hundred thousand entries each is served in little time', () => {
  const turns = createTurns<string, string, number>();
  const count = 100_000;
  for (let at = 0; at < count; at += 1) turns.add(`key ${at % 20}`, 'x', at, false);
  const startMs = performance.now();
  let served = 0;
  while (turns.next(always) !== undefined) served += 1;
  expect(served).toBe(count);
  expect(performance.now() - startMs).toBeLessThan(2000);
});
