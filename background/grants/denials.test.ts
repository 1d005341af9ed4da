import { expect, test } from 'vitest';
import type { Origin } from '../../extension/core/values/origin.ts';
import { memoryArea } from '../../test/support/memory-area.ts';
import { createDenials, type Denials } from './denials.ts';
import type { PageQuestion } from './open-question.ts';

const origin = 'https://dashboard.example' as Origin;
const key = `denials:${origin}`;
const start = 1_800_000_000_000;
const hourMs = 3_600_000;
const weekHours = 7 * 24;

function question(part: Partial<PageQuestion> = {}): PageQuestion {
  return { id: crypto.randomUUID(), origin, kind: 'access', access: 'read', ...part };
}

async function setting(entries = new Map<string, unknown>()) {
  const clock = { nowMs: start };
  const area = memoryArea(entries);
  const open = async (): Promise<Denials> =>
    createDenials({ area, raw: await area.all(), nowMs: () => clock.nowMs });
  return { clock, area, open, denials: await open() };
}

test('a denial is remembered by the next worker, for its question', async () => {
  const { denials, open } = await setting();
  await denials.add(question());
  const next = await open();
  for (const one of [denials, next]) {
    expect(one.isDenied(question())).toBe(true);
    expect(one.list()).toMatchObject([{ origin, kind: 'access', deniedAtMs: start }]);
  }
});

test.each<[string, Partial<PageQuestion>]>([
  ['origin', { origin: 'https://other.example' as Origin }],
  ['kind', { kind: 'site', scope: { product: 'jira' } }],
  ['access', { access: 'write' }],
  ['products', { products: ['jira'] }],
  ['paths', { paths: ['/rest/'] }],
])('a question of another %s is not denied', async (_, part) => {
  const { denials } = await setting();
  await denials.add(question());
  expect(denials.isDenied(question(part))).toBe(false);
  await denials.add(question(part));
  expect(denials.isDenied(question(part))).toBe(true);
});

test.each([
  ['counts for a week', weekHours - 0.1, true],
  ['and not longer', weekHours, false],
  ['counts after the clock was set back by less than a week', 0.1 - weekHours, true],
  ['does not count for longer than others after it was set back by more', -weekHours, false],
])('a denial %s', async (_, hours, isDenied) => {
  const { clock, area, denials } = await setting();
  await denials.add(question());
  clock.nowMs += hours * hourMs;
  expect(denials.isDenied(question())).toBe(isDenied);
  expect(denials.list()).toHaveLength(isDenied ? 1 : 0);
  await denials.prune();
  expect([...area.entries.keys()]).toEqual(isDenied ? [key] : []);
});

test('a denial is forgotten by its id, and the answer tells whether it was the last one', async () => {
  const { area, denials, open } = await setting();
  const [one, other] = [question(), question({ access: 'write' })];
  await Promise.all([denials.add(one), denials.add(other)]);
  expect(await denials.forget(origin, ({ id }) => id === one.id)).toBe(false);
  expect((await open()).list()).toMatchObject([{ id: other.id }]);
  expect(await denials.forget(origin, ({ id }) => id === other.id)).toBe(true);
  expect(await denials.forget(origin, () => true)).toBe(true);
  expect(area.entries.size).toBe(0);
});

test('the same question, denied again, is remembered once, from then on', async () => {
  const { clock, denials } = await setting();
  await denials.add(question());
  clock.nowMs += hourMs;
  await denials.add(question());
  expect(denials.list()).toMatchObject([{ deniedAtMs: start + hourMs }]);
});

test('of one origin the last 20 are remembered, and of 1,001 origins the last 1,000', async () => {
  const { clock, area, denials, open } = await setting();
  for (let at = 0; at <= 20; at += 1)
    await denials.add(question({ paths: [`/rest/${String(at)}`] }));
  expect(denials.list()).toHaveLength(20);
  expect(denials.isDenied(question({ paths: ['/rest/0'] }))).toBe(false);
  for (let at = 1; at <= 1000; at += 1) {
    clock.nowMs += 1;
    await denials.add(question({ origin: `https://h${String(at)}.example` as Origin }));
  }
  expect(area.entries.size).toBe(1000);
  expect(area.entries.has(key)).toBe(false);
  expect((await open()).list()).toHaveLength(1000);
});

const stored = (part: object = {}) => ({ ...question(), deniedAtMs: start, ...part });
test.each<[string, unknown]>([
  ['no list', stored()],
  ['a text', 'x'],
  ['an entry of another origin', [stored({ origin: 'https://other.example' })]],
  ['an unknown kind', [stored({ kind: 'other' })]],
  ['a time that is none', [stored({ deniedAtMs: Number.NaN })]],
  ['an id that is none', [stored({ id: 'x' })]],
  ['a path that is none', [stored({ paths: ['/%2e%2e/'] })]],
  ['products that are none', [stored({ products: ['crowd'] })]],
])('%s in storage denies nothing, and is removed', async (_, value) => {
  const { area, denials } = await setting(new Map([[key, value]]));
  expect(denials.list()).toEqual([]);
  expect(denials.isDenied(question())).toBe(false);
  await denials.prune();
  expect(area.entries.size).toBe(0);
});

test('a damaged entry affects no other', async () => {
  const { area, denials } = await setting(new Map([[key, [null, stored(), { id: 1 }]]]));
  expect(denials.isDenied(question())).toBe(true);
  await denials.prune();
  expect(area.entries.get(key)).toHaveLength(1);
});

test('a denial that cannot be stored counts until the worker ends, and is stored by the next write', async () => {
  const { area, denials, open } = await setting();
  area.failWrites(1);
  await expect(denials.add(question())).rejects.toMatchObject({
    fault: { code: 'storage_failed' },
  });
  expect(denials.isDenied(question())).toBe(true);
  expect((await open()).list()).toEqual([]);
  await denials.prune();
  expect((await open()).list()).toHaveLength(1);
});
