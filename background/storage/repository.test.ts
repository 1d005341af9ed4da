import { beforeEach, describe, expect, test } from 'vitest';
import type { Lock } from '#browser/locks.ts';
import type { AnyKind, EntityKind } from '#storage/entity-kinds.ts';
import { schemaVersion } from '#storage/schema.ts';
import { rejection } from '../../test/support/faults.ts';
import { memoryArea, type MemoryArea } from '../../test/support/memory-area.ts';
import { inOneEntry } from './entity-layout.ts';
import { createRepository, type Repository } from './repository.ts';
import { openStore } from './store.ts';

interface Thing {
  readonly id: string;
  readonly count: number;
}
const kind: EntityKind<string, Thing> = {
  prefix: 'thing:',
  durableIn: 'local',
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
let mirror: MemoryArea;
let things: Repository<string, Thing>;
const open = async (): Promise<Repository<string, Thing>> => {
  const lock: Lock = (_name, work) => work();
  const world = { local: area, mirror, after: () => () => undefined, lock };
  const kinds = [kind] as unknown as readonly AnyKind[];
  const store = await openStore(world, kinds);
  return createRepository(store, inOneEntry(store, kind));
};
beforeEach(async () => {
  area = memoryArea(
    new Map<string, unknown>([
      ['schema', { version: schemaVersion }],
      ['thing:a', { id: 'a', count: 1 }],
      ['other:a', { x: 1 }],
    ]),
  );
  mirror = memoryArea();
  things = await open();
});
const grow = (thing: Thing): Thing => ({ ...thing, count: thing.count + 1 });

test('entities of its kind are read, others are ignored', () => {
  expect(things.list()).toEqual([{ id: 'a', count: 1 }]);
  expect(area.entries.get('other:a')).toEqual({ x: 1 });
  expect(mirror.entries.has('other:a')).toBe(false);
});

test('a second read takes the newest entry of the two copies, and never an older one', async () => {
  mirror.entries.set('thing:a', { id: 'a', count: 3 });
  area.entries.set('thing:a', { id: 'a', count: 2 });
  expect(await things.reread('a')).toEqual({ id: 'a', count: 3 });
  mirror.entries.set('thing:a', { id: 'a', count: 2 });
  expect(await things.reread('a')).toEqual({ id: 'a', count: 3 });
});

test('an entity that cannot be decrypted is quarantined', async () => {
  await things.quarantine('a');
  expect([things.get('a'), area.entries.get('damaged:thing:a')]).toEqual([
    undefined,
    { id: 'a', count: 1 },
  ]);
  expect((await open()).list()).toEqual([]);
});

test('a change is stored before it is committed to memory', async () => {
  const saving = things.save({ id: 'b', count: 1 });
  expect(things.get('b')).toBeUndefined();
  await saving;
  expect(area.entries.get('thing:b')).toEqual({ id: 'b', count: 1 });
  expect(things.get('b')).toEqual({ id: 'b', count: 1 });
});

test('updates run one after another, each with the result of the previous one', async () => {
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

test('a change that throws stores nothing and does not block the queue', async () => {
  const thrown = things.update('a', () => {
    throw new TypeError('x');
  });
  await expect(thrown).rejects.toThrow('x');
  expect(await things.update('a', grow)).toEqual({ id: 'a', count: 2 });
});

test('the same object writes nothing; a removed entity is not restored', async () => {
  area.failWrites(1);
  await things.update('a', (thing) => thing);
  area.failWrites(0);
  await things.remove(['a']);
  expect(await things.update('a', grow)).toBeUndefined();
  expect([things.list(), area.entries.has('thing:a')]).toEqual([[], false]);
});

test('an entity stays when its removal fails', async () => {
  Object.assign(area, { remove: () => Promise.reject(new Error('disk')) });
  expect((await rejection(things.remove(['a']))).code).toBe('storage_failed');
  expect(things.get('a')).toBeDefined();
});

test('a slow change is complete before the next one begins', async () => {
  const gate = Promise.withResolvers<undefined>();
  const slow = things.update('a', async (thing) => {
    await gate.promise;
    return grow(thing);
  });
  const made = things.create(() =>
    Promise.resolve({ id: 'b', count: things.get('a')?.count ?? 0 }),
  );
  gate.resolve(undefined);
  expect([await slow, await made]).toEqual([
    { id: 'a', count: 2 },
    { id: 'b', count: 2 },
  ]);
});

describe('several entities', () => {
  beforeEach(() => things.save({ id: 'b', count: 1 }));
  const growAll = (): Promise<readonly Thing[]> =>
    things.updateAll((all) => Promise.resolve(all.map(grow)));

  test('are changed in one write', async () => {
    expect((await growAll()).map(({ count }) => count)).toEqual([2, 2]);
    expect(things.list()).toEqual((await open()).list());
    expect(things.list().map(({ count }) => count)).toEqual([2, 2]);
  });
  test('stay as they are when they cannot be stored', async () => {
    area.failWrites(1);
    expect((await rejection(growAll())).code).toBe('storage_failed');
    expect([things.list(), (await open()).list()].flat().map(({ count }) => count)).toEqual([
      1, 1, 1, 1,
    ]);
  });
});

describe('changes of two repositories in one write', () => {
  let others: Repository<string, Thing>;
  beforeEach(async () => {
    others = await open();
    await others.save({ id: 'o', count: 1 });
  });
  const both = (): Promise<void> =>
    others.updateInSameWrite(
      (all) => Promise.resolve(all.filter(({ id }) => id === 'o').map(grow)),
      (changes) => things.saveWith({ id: 'a', count: 5 }, changes),
    );
  const counts = (): unknown[] => [
    things.get('a')?.count,
    others.get('o')?.count,
    ...['a', 'o'].map((id) => (area.entries.get(`thing:${id}`) as Thing).count),
  ];

  test('are committed to memory together', async () => {
    const seen: unknown[] = [];
    others.onReplaced(() => seen.push(things.get('a')?.count));
    await both();
    expect([counts(), seen]).toEqual([[5, 2, 5, 2], [5]]);
  });
  test('are both dropped when they cannot be stored', async () => {
    area.failWrites(1);
    expect((await rejection(both())).code).toBe('storage_failed');
    expect(counts()).toEqual([1, 1, 1, 1]);
  });
});
