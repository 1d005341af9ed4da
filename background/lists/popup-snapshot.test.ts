import { expect, test } from 'vitest';
import type { PageGrant } from '#core/grant/page-grant.ts';
import type { Origin } from '#core/values/origin.ts';
import type { PageConnectionView, PopupSnapshot, PopupView } from '#wire/list-views.ts';
import { memoryArea } from '../../test/support/memory-area.ts';
import { testClock } from '../../test/support/test-clock.ts';
import { createSnapshotWriter, maxSnapshotBytes } from './popup-snapshot.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at);
const site = (at: number) => ({ cloudId: `cloud-${String(at)}`, product: 'jira', sessionId: 'a' });

/** A writer for as many grants, each with 500 sites to choose from, and its writes. */
function start(grantCount = 1, name = '') {
  const clock = testClock();
  const area = memoryArea();
  let writes = 0;
  const session: typeof area = {
    ...area,
    write: (entries) => {
      writes += 1;
      return area.write(entries);
    },
  };
  const rows = numbers(60).map((at) => ({ id: String(at), name }));
  const view = { sessionCount: 1, needsPerson: { count: 60, rows }, clients: numbers(400) };
  const writer = createSnapshotWriter({
    popup: () => Promise.resolve({ ...view } as unknown as PopupView),
    connection: ({ origin }) => {
      const choosable = numbers(500).map(site);
      const choices = [{ chosen: site(7), candidates: choosable }, { candidates: choosable }];
      return Promise.resolve({ origin, name, choosable, choices } as unknown as PageConnectionView);
    },
    grants: () =>
      numbers(grantCount).map(
        (at) => ({ origin: `https://${String(at)}.example`, grantedAtMs: at }) as PageGrant,
      ),
    denials: () => numbers(300) as unknown as PopupSnapshot['denials'],
    world: { ...clock, session },
  });
  const stored = () => area.entries.get('popup') as PopupSnapshot | undefined;
  return { writer, view, clock, area, stored, writes: () => writes };
}

test('changes within a quarter of a second are one write, and without a difference there is none', async () => {
  const { writer, view, clock, stored, writes } = start();
  for (const _ of numbers(20)) {
    writer.plan();
    await clock.pass(10);
  }
  expect([writes(), stored()]).toEqual([0, undefined]);
  await clock.pass(50);
  expect(writes()).toBe(1);
  writer.plan();
  await clock.pass(300);
  expect(writes()).toBe(1);
  view.sessionCount = 2;
  writer.plan();
  await clock.pass(300);
  expect([writes(), stored()?.view.sessionCount]).toEqual([2, 2]);
});

test('its size is bounded: the latest pages, and of the sites of a choice the chosen one', async () => {
  const { writer, clock, stored } = start(300);
  writer.plan();
  await clock.pass(300);
  const { view, pages, denials } = stored()!;
  expect(Object.keys(pages)).toHaveLength(200);
  expect(pages).toHaveProperty(['https://299.example']);
  expect(pages).not.toHaveProperty(['https://99.example']);
  const page = pages['https://299.example' as Origin];
  expect(page?.choosable).toEqual([site(7)]);
  expect(page?.choices.map(({ candidates }) => candidates)).toEqual([[site(7)], []]);
  expect(view.needsPerson).toMatchObject({ count: 60, rows: { length: 20 } });
  expect([view.clients.length, denials.length, denials.at(-1)]).toEqual([300, 200, 299]);
});

test('with long names it has no more bytes than there is room for, the latest pages among them', async () => {
  const { writer, clock, view, area, stored } = start(200, 'ñ'.repeat(10_000));
  const bytes = () => Buffer.byteLength(JSON.stringify(stored()));
  writer.plan();
  await clock.pass(300);
  expect(bytes()).toBeLessThanOrEqual(maxSnapshotBytes);
  expect(bytes()).toBeGreaterThan(maxSnapshotBytes * 0.95);
  expect(stored()?.view.needsPerson.rows).toHaveLength(20);
  expect(stored()?.pages).toHaveProperty(['https://199.example']);
  // What is shown over every page is too much by itself.
  Object.assign(view, { flow: 'ñ'.repeat(maxSnapshotBytes / 2) });
  writer.plan();
  await clock.pass(300);
  expect(area.entries.has('popup')).toBe(false);
  Object.assign(view, { flow: '' });
  writer.plan();
  await clock.pass(300);
  expect(stored()).toBeDefined();
});

test('what cannot be replaced is removed, and written again with the next change', async () => {
  const { writer, view, clock, area, stored } = start();
  writer.plan();
  await clock.pass(300);
  view.sessionCount = 2;
  area.failWrites(1);
  writer.plan();
  await clock.pass(300);
  expect(stored()).toBeUndefined();
  writer.plan();
  await clock.pass(300);
  expect(stored()?.view.sessionCount).toBe(2);
});
