import { beforeEach, expect, test } from 'vitest';
import type { Lock } from '#browser/locks.ts';
import type { AnyKind, EntityKind } from '#storage/entity-kinds.ts';
import { schemaVersion } from '#storage/schema.ts';
import { memoryArea, type MemoryArea } from '../../test/support/memory-area.ts';
import { inTwoEntries, type Parting } from './entity-layout.ts';
import { createRepository, type Repository } from './repository.ts';
import { openStore } from './store.ts';

interface Main {
  readonly id: string;
  readonly count: number;
}
interface Part {
  readonly id: string;
  readonly at: number;
  readonly list: readonly string[];
}
type Thing = Main & Omit<Part, 'id'>;

function kindOf<Entry extends { readonly id: string }>(
  prefix: string,
  version: keyof Entry & string,
): EntityKind<string, Entry> {
  return {
    prefix,
    durableIn: 'either',
    key: (id) => `${prefix}${id}`,
    idOf: ({ id }) => id,
    versionOf: (entry) => entry[version] as number,
    parse: (raw) => {
      const entry = (raw ?? {}) as Entry;
      return typeof entry[version] === 'number'
        ? { ok: true, value: entry }
        : { ok: false, wrong: [version] };
    },
  };
}
const main = kindOf<Main>('main:', 'count');
const part = kindOf<Part>('part:', 'at');
const parting: Parting<Main, Part, Thing> = {
  mainOf: ({ id, count }) => ({ id, count }),
  partOf: ({ id, at, list }) => ({ id, at, list }),
  hasSamePart: (one, other) => one.list === other.list,
  join: (entry, found) => ({ at: 0, list: [], ...found, ...entry }),
};

let local: MemoryArea;
let mirror: MemoryArea;
let things: Repository<string, Thing>;
const lock: Lock = (_name, work) => work();
const open = async (): Promise<Repository<string, Thing>> => {
  const world = { local, mirror, after: () => () => undefined, lock };
  const store = await openStore(world, [main, part] as unknown as readonly AnyKind[]);
  return createRepository(store, inTwoEntries(store, main, part, parting));
};
const written = (area: MemoryArea): string[][] => {
  const keys: string[][] = [];
  const write = area.write.bind(area);
  Object.assign(area, {
    write: (entries: Record<string, unknown>) => {
      keys.push(Object.keys(entries));
      return write(entries);
    },
  });
  return keys;
};
const thing: Thing = { id: 'a', count: 1, at: 1, list: ['x'] };
beforeEach(async () => {
  local = memoryArea(new Map([['schema', { version: schemaVersion }]]));
  mirror = memoryArea();
  things = await open();
  await things.save(thing);
});

test('a new entity is two entries, written together, and is the same at the next start', async () => {
  const writes = written(local);
  await things.save({ ...thing, id: 'b' });
  expect(writes).toEqual([['main:b', 'part:b']]);
  expect(local.entries.get('main:b')).toEqual({ id: 'b', count: 1 });
  expect(local.entries.get('part:b')).toEqual({ id: 'b', at: 1, list: ['x'] });
  expect((await open()).list()).toEqual([thing, { ...thing, id: 'b' }]);
});

test('a change of the rest does not write the part, in neither copy', async () => {
  const writes = [written(local), written(mirror)];
  await things.update('a', (one) => ({ ...one, count: 2 }));
  expect(writes).toEqual([[['main:a']], [['main:a']]]);
  expect((await open()).get('a')).toEqual({ ...thing, count: 2 });
});

test('a change of the part is written with the rest', async () => {
  const writes = written(local);
  await things.update('a', (one) => ({ ...one, at: 2, list: [] }));
  expect(writes).toEqual([['main:a', 'part:a']]);
});

test('a part that was not stored is stored with the next change', async () => {
  for (const area of [local, mirror]) area.failWrites(1);
  await things.update('a', (one) => ({ ...one, at: 2, list: ['y'] })).catch(() => undefined);
  await things.update('a', (one) => ({ ...one, at: 3, list: ['z'] }));
  expect((await open()).get('a')).toEqual({ id: 'a', count: 1, at: 3, list: ['z'] });
});

test('without its part, an entity is what is joined of the rest', async () => {
  for (const { entries } of [local, mirror]) entries.delete('part:a');
  expect((await open()).get('a')).toEqual({ id: 'a', count: 1, at: 0, list: [] });
});

test('a removal removes both', async () => {
  await things.remove(['a']);
  for (const { entries } of [local, mirror]) expect([...entries.keys()]).toEqual(['schema']);
});

test('a second read takes the newer part with the newer entry', async () => {
  mirror.entries.set('main:a', { id: 'a', count: 2 });
  mirror.entries.set('part:a', { id: 'a', at: 2, list: ['y'] });
  expect(await things.reread('a')).toEqual({ id: 'a', count: 2, at: 2, list: ['y'] });
  mirror.entries.set('main:a', { id: 'a', count: 3 });
  local.entries.set('part:a', { id: 'a', at: 1, list: ['z'] });
  mirror.entries.delete('part:a');
  expect(await things.reread('a')).toEqual({ id: 'a', count: 3, at: 2, list: ['y'] });
});

test('an entity that is put aside is so with its part', async () => {
  await things.quarantine('a');
  expect([...local.entries.keys()].toSorted()).toEqual([
    'damaged:main:a',
    'damaged:part:a',
    'schema',
  ]);
});
