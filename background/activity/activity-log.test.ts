import { expect, test } from 'vitest';
import type { NewEntry } from '#core/activity/activity-entry.ts';
import type { Origin } from '#core/values/origin.ts';
import { rejection } from '../../test/support/faults.ts';
import { memoryArea } from '../../test/support/memory-area.ts';
import { testClock } from '../../test/support/test-clock.ts';
import { createActivityLog } from './activity-log.ts';

const entry = (page: string, at = 0): NewEntry => ({
  atMs: Date.UTC(2026, 10, 26, 10, 20),
  origin: `https://${page}.example` as Origin,
  kind: 'call',
  method: 'GET',
  path: `/rest/api/3/issue/ROC-${String(at)}`,
  tookMs: 1,
  result: 'ok',
});

const known = { hasSession: () => true, hasGrant: () => true };

/** A log in memory that counts its writes. */
function start(session = memoryArea(), local = memoryArea()) {
  const clock = testClock();
  const writes = { session: 0, local: 0, keys: 0 };
  const counted = (name: 'session' | 'local', area: typeof session) => ({
    ...area,
    write: (entries: Readonly<Record<string, unknown>>) => {
      writes[name] += 1;
      writes.keys += Object.keys(entries).length;
      return area.write(entries);
    },
  });
  const announced: unknown[] = [];
  const world = {
    ...clock,
    session: counted('session', session),
    local: counted('local', local),
    notifyExtensionPages: (event?: unknown) => void announced.push(event),
  };
  const log = createActivityLog({ isOn: () => true, known, world });
  return { log, clock, writes, session, local, announced };
}

test('100,000 calls: a bounded store, right counts, and the others keep their entries', async () => {
  const { log, clock, writes, session, local } = start();
  for (let at = 0; at < 50; at += 1) log.record(entry('quiet', at));
  for (let at = 0; at < 100_000; at += 1) {
    log.record(entry('loud', at));
    if (at % 1000 === 999) await clock.pass(1000);
  }
  await clock.pass(61_000);
  const { entries, days } = await log.list({ limit: 1000 });
  expect(entries).toHaveLength(1000);
  expect(entries.filter(({ origin }) => origin === 'https://quiet.example')).toHaveLength(50);
  expect(days.map(({ origin, ok }) => [origin, ok])).toEqual([
    ['https://quiet.example', 50],
    ['https://loud.example', 100_000],
  ]);
  expect(session.dump().length).toBeLessThan(450_000);
  expect([...session.entries.keys()].length).toBeLessThanOrEqual(11);
  expect(local.dump().length).toBeLessThan(300);
  // A batch each second, the counts each minute.
  expect(writes.session).toBeLessThanOrEqual(100 + writes.local);
  expect(writes.local).toBeLessThanOrEqual(3);
});

test('what was recorded is announced once a second', async () => {
  const { log, clock, announced } = start();
  for (let at = 0; at < 50; at += 1) log.record(entry('page', at));
  expect(announced).toEqual([]);
  await clock.pass(1000);
  expect(announced).toEqual(['activity.changed']);
  await clock.pass(10_000);
  expect(announced).toHaveLength(1);
});

test('a batch rewrites two of the ten keys at most, besides the counts', async () => {
  const { log, clock, writes } = start();
  for (let at = 0; at < 3000; at += 1) {
    log.record(entry('page', at));
    if (at % 10 === 9) await clock.pass(1000);
  }
  expect(writes.keys).toBeLessThanOrEqual(3 * 300 + 2 * writes.local);
});

test('a later worker goes on with the counts that storage.local does not have yet', async () => {
  const first = start();
  first.log.record(entry('page'));
  await first.clock.pass(1000);
  first.log.record(entry('page'));
  await first.clock.pass(1000);
  expect(first.writes.local).toBe(1);
  const second = start(first.session, first.local);
  second.log.record(entry('page'));
  expect((await second.log.list({})).days.map(({ ok }) => ok)).toEqual([3]);
  await second.clock.pass(1000);
  await second.log.upkeep();
  // The last write was less than a minute ago.
  expect(second.writes.local).toBe(0);
  await second.clock.pass(61_000);
  await second.log.upkeep();
  expect(second.writes.local).toBe(1);
  const afterBrowserEnd = start(memoryArea(), first.local);
  const { entries, days } = await afterBrowserEnd.log.list({});
  expect([entries, days.map(({ ok }) => ok)]).toEqual([[], [3]]);
});

test('counts that could not be written to storage.local are written a minute later', async () => {
  const { log, clock, local } = start();
  local.failWrites(1);
  log.record(entry('page'));
  await clock.pass(1000);
  expect(local.entries.size).toBe(0);
  await clock.pass(60_000);
  log.record(entry('page'));
  await clock.pass(1000);
  expect(local.entries.get('activity-days')).toMatchObject([
    ['https://page.example', [[20_783, [2, 0, 0, 0]]]],
  ]);
});

test('what is damaged in storage.local is written anew, also when no calls come', async () => {
  const local = memoryArea();
  await local.write({ 'activity-uses': [['jira:one:ended', 1.5]] });
  const { log, clock } = start(memoryArea(), local);
  await log.load();
  await clock.pass(1000);
  expect(local.entries.size).toBe(0);
});

test('upkeep drops the days that are too old, also when no calls come', async () => {
  const first = start();
  first.log.record(entry('page'));
  await first.clock.pass(1000);
  const later = start(memoryArea(), first.local);
  await later.clock.pass(31 * 86_400_000);
  await later.log.upkeep();
  expect(first.local.entries.size).toBe(0);
});

test('a storage that cannot be read or erased is reported, and its entries are not overwritten', async () => {
  const { log, clock, session } = start();
  log.record(entry('page', 1));
  await clock.pass(1000);
  const second = start({ ...session, read: () => Promise.reject(new Error('unreadable')) });
  second.log.record(entry('page', 2));
  await second.clock.pass(1000);
  expect((await rejection(second.log.list({}))).code).toBe('storage_failed');
  expect(session.dump()).toContain('ROC-1');
  expect(session.dump()).not.toContain('ROC-2');
});
