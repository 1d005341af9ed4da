import { forceCloseDatabase, IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, test } from 'vitest';
import { createMirrorArea } from './mirror-area.ts';
import type { StorageArea } from './storage-area.ts';

let factory: IDBFactory;
let area: StorageArea;
beforeEach(() => {
  factory = new IDBFactory();
  area = createMirrorArea(factory);
});

test('written entries can be read one by one and as a whole, also by another instance', async () => {
  await area.write({ a: { x: 1 }, b: 'y' });
  const other = createMirrorArea(factory);
  expect([await area.read('a'), await area.read('c'), await other.all()]).toEqual([
    { x: 1 },
    undefined,
    { a: { x: 1 }, b: 'y' },
  ]);
});

test('removed entries are gone; removing nothing is not an error', async () => {
  await area.write({ a: 1, b: 2 });
  await area.remove(['a', 'c']);
  await area.remove([]);
  expect(await area.all()).toEqual({ b: 2 });
});

test('a write stores all entries or none', async () => {
  await area.write({ a: 1 });
  await expect(area.write({ a: 2, b: () => undefined })).rejects.toThrow();
  expect(await area.all()).toEqual({ a: 1 });
});

test('opening the database is tried again after a failure', async () => {
  let refusals = 1;
  const open = factory.open.bind(factory);
  factory.open = (name, version) => {
    if (refusals === 0) return open(name, version);
    refusals -= 1;
    throw new DOMException('refused', 'InvalidStateError');
  };
  await expect(area.all()).rejects.toThrow('refused');
  await area.write({ a: 1 });
  expect(await area.all()).toEqual({ a: 1 });
});

test('a database that the browser closed is opened again', async () => {
  const opened: IDBDatabase[] = [];
  const open = factory.open.bind(factory);
  factory.open = (name, version) => {
    const request = open(name, version);
    request.addEventListener('success', () => opened.push(request.result));
    return request;
  };
  await area.write({ a: 1 });
  // The types demand the constructor.
  for (const database of opened) forceCloseDatabase(database as unknown as typeof IDBDatabase);
  await area.write({ b: 2 });
  expect(await area.all()).toEqual({ a: 1, b: 2 });
});
