import { expect, test } from 'vitest';
import { createTurns, fairQueue, type FairQueue } from './fair-queue.ts';

const forever = new AbortController().signal;

/** Entries of a queue: who has a place, in the order in which they got it, and how each frees its own. */
function observed(queue: FairQueue<string>) {
  const places = new Map<string, () => void>();
  const order: string[] = [];
  const enter = (key: string, name: string, options = {}): Promise<void> =>
    queue.enter(key, { signal: forever, ...options }).then((leave) => {
      places.set(name, leave);
      order.push(name);
    });
  const leave = async (name: string): Promise<void> => {
    places.get(name)?.();
    await settled();
  };
  return { enter, leave, order };
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('no more entries have a place than the queue has, in all and of one key', async () => {
  const { enter, order } = observed(fairQueue({ inAll: 3, ofKey: 2 }));
  for (const name of ['a1', 'a2', 'a3', 'b1', 'b2']) void enter(name.slice(0, 1), name);
  await settled();
  expect(order).toEqual(['a1', 'a2', 'b1']);
});

test('the keys that wait are served in turn, whichever key has more entries', async () => {
  const { enter, leave, order } = observed(fairQueue({ inAll: 1, ofKey: 1 }));
  for (let at = 1; at <= 4; at += 1) void enter('a', `a${String(at)}`);
  for (const name of ['b1', 'c1', 'b2']) void enter(name.slice(0, 1), name);
  await settled();
  for (const name of ['a1', 'a2', 'b1', 'c1', 'a3', 'b2']) await leave(name);
  expect(order).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4']);
});

test('a key whose places are all taken passes its turn, and keeps it for the next free place', async () => {
  const { enter, leave, order } = observed(fairQueue({ inAll: 2, ofKey: 1 }));
  for (const name of ['a1', 'b1', 'a2', 'b2', 'c1']) void enter(name.slice(0, 1), name);
  await settled();
  await leave('b1');
  expect(order).toEqual(['a1', 'b1', 'b2']);
  await leave('a1');
  expect(order).toEqual(['a1', 'b1', 'b2', 'a2']);
});

test('an entry that had a place before goes ahead of its key, not of other keys', async () => {
  const { enter, leave, order } = observed(fairQueue({ inAll: 1, ofKey: 1 }));
  for (const name of ['a1', 'a2', 'b1', 'a3']) void enter(name.slice(0, 1), name);
  void enter('a', 'again', { isFirst: true });
  await settled();
  for (const name of ['a1', 'again', 'b1', 'a2']) await leave(name);
  expect(order).toEqual(['a1', 'again', 'b1', 'a2', 'a3']);
});

test('an entry that is aborted leaves the queue at once, with the reason', async () => {
  const { enter, leave, order } = observed(fairQueue({ inAll: 1, ofKey: 1 }));
  const controller = new AbortController();
  void enter('a', 'a1');
  const aborted = enter('a', 'a2', { signal: controller.signal });
  void enter('a', 'a3');
  const reason = new Error('left');
  controller.abort(reason);
  await expect(aborted).rejects.toBe(reason);
  await leave('a1');
  expect(order).toEqual(['a1', 'a3']);
});

test('an entry that was aborted before gets no place', async () => {
  const queue = fairQueue<string>({ inAll: 1, ofKey: 1 });
  const reason = new Error('left');
  await expect(queue.enter('a', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  await queue.enter('a', { signal: forever });
});

test('a place that is freed twice is one place', async () => {
  const { enter, leave, order } = observed(fairQueue({ inAll: 1, ofKey: 1 }));
  for (const name of ['a1', 'a2', 'a3']) void enter('a', name);
  await settled();
  await leave('a1');
  await leave('a1');
  expect(order).toEqual(['a1', 'a2']);
});

test('ten thousand entries of one key leave in little time', async () => {
  const queue = fairQueue<string>({ inAll: 1, ofKey: 1 });
  await queue.enter('a', { signal: forever });
  const controllers = Array.from({ length: 10_000 }, () => new AbortController());
  const waiting = controllers.map(({ signal }) => queue.enter('a', { signal }));
  const startMs = performance.now();
  for (const controller of controllers) controller.abort();
  const left = await Promise.allSettled(waiting);
  expect(new Set(left.map(({ status }) => status))).toEqual(new Set(['rejected']));
  expect(performance.now() - startMs).toBeLessThan(1_000);
});

test('a key without entries takes no memory, and an unknown entry can be removed', () => {
  const turns = createTurns<string, number>();
  turns.remove('a', 1);
  turns.add('a', 1, false);
  turns.add('b', 2, false);
  turns.remove('a', 1);
  const asked: string[] = [];
  turns.next((key) => {
    asked.push(key);
    return false;
  });
  expect(asked).toEqual(['b']);
});
