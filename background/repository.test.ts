import { beforeEach, expect, test } from 'vitest';
import { rejection } from '../test/support/faults.ts';
import { memoryArea, type MemoryArea } from '../test/support/memory-area.ts';
import { createRepository, type EntityKind, type Repository } from './repository.ts';

interface Thing {
  readonly id: string;
  readonly count: number;
}
const kind: EntityKind<string, Thing> = {
  prefix: 'thing:',
  key: (id) => `thing:${id}`,
  idOf: ({ id }) => id,
  versionOf: ({ count }) => count,
  parse: (raw) => {
    const { id, count } = (raw ?? {}) as Partial<Thing>;
    return typeof id === 'string' && typeof count === 'number'
      ? { ok: true, value: { id, count } }
      : { ok: false, wrong: ['count'] };
  },
};
let area: MemoryArea;
let things: Repository<string, Thing>;
beforeEach(async () => {
  area = memoryArea(
    new Map<string, unknown>([
      ['thing:a', { id: 'a', count: 1 }],
      ['other:a', { x: 1 }],
    ]),
  );
  things = createRepository(area, await area.all(), kind);
});
const grow = (thing: Thing): Thing => ({ ...thing, count: thing.count + 1 });

test('entities of its kind are read, others left alone', () => {
  expect(things.list()).toEqual([{ id: 'a', count: 1 }]);
  expect(things.damaged).toEqual([]);
});

test('a damaged entry, and one under the key of another, stay where they are and are named', () => {
  const raw = {
    'thing:b': { id: 'b' },
    'thing:c': { id: 'a', count: 1 },
    'thing:d': null,
    'thing:e': { id: 'e', count: 2 },
  };
  const read = createRepository(area, raw, kind);
  expect(read.list()).toEqual([{ id: 'e', count: 2 }]);
  expect(read.damaged.map(({ key, problems }) => [key, problems[0]?.field])).toEqual([
    ...[
      ['thing:b', 'count'],
      ['thing:c', 'id'],
      ['thing:d', 'count'],
    ],
  ]);
});

test('a change is stored before it is believed', async () => {
  const saving = things.save({ id: 'b', count: 1 });
  expect(things.get('b')).toBeUndefined();
  await saving;
  expect(area.entries.get('thing:b')).toEqual({ id: 'b', count: 1 });
  expect(things.get('b')).toEqual({ id: 'b', count: 1 });
});

test('updates wait for each other, each sees the one before', async () => {
  await Promise.all(Array.from({ length: 100 }, () => things.update('a', grow)));
  expect(things.get('a')?.count).toBe(101);
  expect(area.entries.get('thing:a')).toEqual({ id: 'a', count: 101 });
});

test('a write that fails leaves memory as it was, and the next one works', async () => {
  area.failWrites(1);
  const [failed, next] = await Promise.all([
    rejection(things.update('a', grow)),
    things.update('a', grow),
  ]);
  expect(failed.code).toBe('storage_failed');
  expect(next).toEqual({ id: 'a', count: 2 });
  area.failWrites(1);
  await rejection(things.save({ id: 'b', count: 1 }, { id: 'c', count: 1 }));
  expect(things.list()).toEqual([{ id: 'a', count: 2 }]);
});

test('several are saved in one write', async () => {
  await things.save({ id: 'b', count: 1 }, { id: 'c', count: 1 });
  expect(things.list()).toHaveLength(3);
  expect(area.dump()).toContain('thing:c');
});

test('a change that throws stores nothing and holds nobody up', async () => {
  const thrown = things.update('a', () => {
    throw new TypeError('x');
  });
  await expect(thrown).rejects.toThrow('x');
  expect(await things.update('a', grow)).toEqual({ id: 'a', count: 2 });
});

test('the same object writes nothing; what is gone is not brought back', async () => {
  area.failWrites(1);
  await things.update('a', (thing) => thing);
  area.failWrites(0);
  await things.remove(['a']);
  expect(await things.update('a', grow)).toBeUndefined();
  expect([things.list(), area.entries.has('thing:a')]).toEqual([[], false]);
});

test('a removal that fails leaves it there', async () => {
  Object.assign(area, { remove: () => Promise.reject(new Error('disk')) });
  expect((await rejection(things.remove(['a']))).code).toBe('storage_failed');
  expect(things.get('a')).toBeDefined();
});
