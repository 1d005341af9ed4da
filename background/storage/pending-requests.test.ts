import * as v from 'valibot';
import { beforeEach, expect, test } from 'vitest';
import { memoryArea, type MemoryArea } from '../../test/support/memory-area.ts';
import {
  createPendingRequests,
  isExpiredRequest,
  type PendingRequestKind,
  type PendingRequests,
} from './pending-requests.ts';

interface Request {
  readonly name: string;
  readonly value: number;
}

const kind: PendingRequestKind<Request> = {
  schema: v.object({ name: v.string(), value: v.number() }),
  keyOf: ({ name }) => `test:${name}`,
  prefix: 'test:',
  lifetimeMs: 1000,
};
let area: MemoryArea;
let nowMs: number;
const open = (): PendingRequests<Request> => createPendingRequests(kind, area, () => nowMs);
const isExpired = (key: string): boolean =>
  isExpiredRequest(kind, key, area.entries.get(key), nowMs);
beforeEach(() => {
  area = memoryArea();
  nowMs = 1_000_000;
});

test('a new worker finds the requests', async () => {
  await open().put({ name: 'a', value: 1 });
  await open().put({ name: 'b', value: 2 });
  expect(await open().list()).toEqual([
    { name: 'a', value: 1 },
    { name: 'b', value: 2 },
  ]);
});

test('a request replaces one with the same key', async () => {
  const pending = open();
  await pending.put({ name: 'a', value: 1 });
  await pending.put({ name: 'a', value: 2 });
  expect(await pending.list()).toEqual([{ name: 'a', value: 2 }]);
});

test('of two concurrent callers, only the first takes a request', async () => {
  const pending = open();
  const request = { name: 'a', value: 1 };
  await pending.put(request);
  expect(await Promise.all([pending.take(request), pending.take(request)])).toEqual([
    request,
    undefined,
  ]);
  expect(area.entries.size).toBe(0);
});

test('a request that is put while another is taken remains', async () => {
  const pending = open();
  await pending.put({ name: 'a', value: 1 });
  await Promise.all([pending.take({ name: 'a', value: 1 }), pending.put({ name: 'a', value: 2 })]);
  expect(await pending.list()).toEqual([{ name: 'a', value: 2 }]);
});

test.each<[string, number, boolean]>([
  ['just before the end of its lifetime', 999, false],
  ['at the end of its lifetime', 1000, true],
  ['when the clock was set back by less', -999, false],
  ['when its timestamp is too far in the future', -1000, true],
])('expiry: %s', async (_, elapsedMs, expected) => {
  const pending = open();
  const request = { name: 'a', value: 1 };
  await pending.put(request);
  nowMs += elapsedMs;
  expect(isExpired('test:a')).toBe(expected);
  expect(await pending.list()).toHaveLength(expected ? 0 : 1);
  expect(await pending.take(request)).toEqual(expected ? undefined : request);
});

test('damaged entries are not listed and count as expired; entries of other kinds do not', async () => {
  area.entries.set('test:a', { request: { name: 'a' }, requestedAtMs: nowMs });
  area.entries.set('other:a', 'anything');
  expect(await open().list()).toEqual([]);
  expect(isExpired('test:a')).toBe(true);
  expect(isExpired('other:a')).toBe(false);
});

test('clearing removes all requests of the kind and nothing else', async () => {
  const pending = open();
  area.entries.set('other:a', 'anything');
  await pending.put({ name: 'a', value: 1 });
  await pending.put({ name: 'b', value: 2 });
  await pending.clear();
  expect([...area.entries.keys()]).toEqual(['other:a']);
});
