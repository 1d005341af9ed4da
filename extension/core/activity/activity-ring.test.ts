import { expect, test } from 'vitest';
import type { Origin } from '../values/origin.ts';
import type { ActivityEntry, NewEntry } from './activity-entry.ts';
import { createActivityRing, maxCharacters, maxEntries } from './activity-ring.ts';

const entry = (path: string, page = 'page'): NewEntry => ({
  atMs: 1,
  origin: `https://${page}.example` as Origin,
  kind: 'call',
  method: 'GET',
  path,
  tookMs: 1,
  result: 'ok',
});
const pathsOf = (entries: readonly ActivityEntry[], page = 'page'): string[] =>
  entries.flatMap((one) =>
    one.kind === 'call' && one.origin === `https://${page}.example` ? [one.path] : [],
  );

/** What is stored after each batch. */
function stored() {
  const chunks: ActivityEntry[][] = Array.from({ length: 10 }, () => []);
  return {
    chunks,
    store: (changed: ReturnType<ReturnType<typeof createActivityRing>['takeChanged']>) => {
      for (const { chunk, entries } of changed) chunks[chunk] = [...entries];
      return changed.length;
    },
  };
}

test('has the latest 1,000 entries, the latest first', () => {
  const ring = createActivityRing();
  for (let at = 0; at < 2500; at += 1) ring.add(entry(`/${String(at)}`));
  const paths = pathsOf(ring.list());
  expect(paths).toHaveLength(maxEntries);
  expect([paths[0], paths.at(-1)]).toEqual(['/2499', '/1500']);
});

test('an origin that calls a lot displaces none of the entries of others', () => {
  const ring = createActivityRing();
  for (let at = 0; at < 300; at += 1) ring.add(entry(`/${String(at)}`, 'quiet'));
  for (let at = 0; at < 10_000; at += 1) ring.add(entry(`/${String(at)}`, 'loud'));
  for (let at = 300; at < 305; at += 1) ring.add(entry(`/${String(at)}`, 'quiet'));
  expect(pathsOf(ring.list(), 'quiet')).toHaveLength(305);
  const loud = pathsOf(ring.list(), 'loud');
  expect([loud.length, loud[0], loud.at(-1)]).toEqual([695, '/9999', '/9305']);
});

test('long entries are fewer, at the expense of the origin that made them', () => {
  const ring = createActivityRing();
  for (let at = 0; at < 200; at += 1) ring.add(entry('/short', 'quiet'));
  for (let at = 0; at < 3000; at += 1) ring.add(entry(`/${'x'.repeat(511)}`, 'loud'));
  expect(JSON.stringify(ring.list()).length).toBeLessThan(maxCharacters + 2 * maxEntries);
  expect(pathsOf(ring.list(), 'quiet')).toHaveLength(200);
  expect(pathsOf(ring.list(), 'loud').length).toBeGreaterThan(400);
});

test('a batch of 100 entries changes two chunks at most, and what is stored is what is listed', () => {
  const ring = createActivityRing();
  const { chunks, store } = stored();
  for (let at = 0; at < 3000; at += 1) {
    ring.add(entry(`/${String(at)}`));
    if (at % 100 === 99) expect(store(ring.takeChanged())).toBeLessThanOrEqual(2);
  }
  expect(ring.takeChanged()).toEqual([]);
  const flat = chunks.flat().sort((one, other) => other.id - one.id);
  expect(flat).toEqual(ring.list());
});

test('puts the entries of an earlier worker before those of this one, and changes no chunk but theirs', () => {
  const earlier = createActivityRing();
  const { chunks, store } = stored();
  for (let at = 0; at < 350; at += 1) earlier.add(entry(`/${String(at)}`));
  store(earlier.takeChanged());
  const ring = createActivityRing();
  ring.add(entry('/350'));
  ring.add(entry('/351'));
  ring.restore(chunks);
  expect(pathsOf(ring.list())).toEqual(
    Array.from({ length: 352 }, (_, at) => `/${String(351 - at)}`),
  );
  const ids = ring.list().map(({ id }) => id);
  expect(new Set(ids).size).toBe(352);
  const changed = ring.takeChanged();
  expect(changed.length).toBe(1);
  store(changed);
  expect(chunks.flat()).toHaveLength(352);
  ring.markChanged([7]);
  expect(ring.takeChanged()).toEqual([{ chunk: 7, entries: [] }]);
});

test('takes no more than its limits from what is stored', () => {
  const chunk = Array.from({ length: 400 }, (_, id) => ({ ...entry(`/${'x'.repeat(511)}`), id }));
  const ring = createActivityRing();
  ring.restore(Array.from({ length: 20 }, () => chunk));
  expect(ring.list().length).toBeLessThanOrEqual(maxEntries);
  expect(JSON.stringify(ring.list()).length).toBeLessThan(maxCharacters + 2 * maxEntries);
});

test('is empty after it was cleared', () => {
  const ring = createActivityRing();
  ring.add(entry('/'));
  ring.clear();
  expect([ring.list(), ring.takeChanged()]).toEqual([[], []]);
});
