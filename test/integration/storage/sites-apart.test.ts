/* The sites of a session have entries of their own: a refresh does not write them, and damage to them costs no session. */
import { beforeEach, expect, test } from 'vitest';
import { compose } from '../../../background/compose.ts';
import type { SitesEntry } from '../../../extension/storage/schema.ts';
import type { SessionView } from '../../../extension/wire/views.ts';
import { rejection } from '../../support/faults.ts';
import { connect, signedIn } from '../../support/harness.ts';
import { fetchAll, sitesAt, tokenRequests } from '../../support/page-calls.ts';
import type { MemoryArea } from '../../support/memory-area.ts';
import { testWorld } from '../../support/test-world.ts';
import { harness, revive, standin, useBackground } from '../use-session.ts';

useBackground();
let session: SessionView;
let key: string;
beforeEach(async () => {
  ({ session } = await signedIn(harness, standin));
  key = `sites:${session.id}`;
  await connect(harness, session, { sites: sitesAt(session, 'acme') });
});

const copies = (): readonly MemoryArea[] => [harness.world.local, harness.world.mirror];
const call = () => fetchAll(harness.page());
const faults = async () => (await harness.ui('overview.get', {})).storageFaults;
const sitesNow = async (): Promise<number> =>
  (await harness.ui('session.get', { id: session.id })).sites.length;
const whileReading = (): void =>
  void standin.faults.add({
    kind: 'status',
    status: 503,
    match: { path: '/oauth/token/accessible-resources' },
    times: 1,
  });

test('a refresh writes the session twice to each copy, and its sites to neither', async () => {
  const written: [string, unknown][] = [];
  for (const area of copies()) {
    const write = area.write.bind(area);
    Object.assign(area, {
      write: (entries: Record<string, unknown>) => {
        written.push(...Object.entries(entries));
        return write(entries);
      },
    });
  }
  standin.clock.advance(3_600_000);
  await call();
  expect(tokenRequests(standin, 'refresh_token')).toHaveLength(1);
  expect(written.map(([name]) => name)).toEqual(
    Array.from({ length: 4 }, () => `session:${session.id}`),
  );
  expect(JSON.stringify(written)).not.toContain('atlassian.net');
});

test('sites that are damaged in both copies are reported, and read again at the start', async () => {
  const before = await sitesNow();
  for (const { entries } of copies()) entries.set(key, { id: session.id, sites: 'gone' });
  await revive();
  await expect.poll(sitesNow).toBe(before);
  expect((await call()).status).toBe(200);
  expect(await faults()).toMatchObject([
    {
      code: 'storage_damaged',
      subject: key,
      things: [{ kind: 'sites', name: session.account.name }],
    },
  ]);
  await harness.ui('storage.forget-damaged', { keys: [key] });
  expect(await faults()).toEqual([]);
  await revive();
  expect([await sitesNow(), (await call()).status]).toEqual([before, 200]);
});

test('while lost sites cannot be read the session stays, and the next start reads them', async () => {
  const before = await sitesNow();
  for (const { entries } of copies()) entries.delete(key);
  whileReading();
  await revive();
  expect((await rejection(call())).code).not.toBe('internal');
  const { status, sitesReadAtMs } = await harness.ui('session.get', { id: session.id });
  expect([status, sitesReadAtMs]).toEqual(['valid', undefined]);
  await revive();
  await expect.poll(sitesNow).toBe(before);
  expect((await call()).status).toBe(200);
});

test('sites that something else wrote are put right by the second copy, and that is reported', async () => {
  const stored = harness.world.local.entries.get(key) as SitesEntry;
  const sites = stored.sites.map((site) => ({ ...site, name: 'Forged' }));
  harness.world.local.entries.set(key, { ...stored, sites });
  await revive();
  expect(harness.world.local.entries.get(key)).toEqual(stored);
  expect(await faults()).toMatchObject([{ code: 'storage_restored', things: [{ kind: 'sites' }] }]);
});

test('sites of a session that is gone are removed at the start, unless it may be in a copy that cannot be read', async () => {
  for (const { entries } of copies()) entries.delete(`session:${session.id}`);
  const world = testWorld(standin, harness.world);
  Object.assign(world.mirror, { all: () => Promise.reject(new Error('closed')) });
  await compose(world);
  const left = copies().map(({ entries }) => entries.has(key));
  await revive();
  expect([left, copies().map(({ entries }) => entries.has(key))]).toEqual([
    [true, true],
    [false, false],
  ]);
});

test('signing out removes the sites too', async () => {
  await harness.ui('session.sign-out', { id: session.id });
  for (const { entries } of copies())
    expect([...entries.keys()].join(' ')).not.toContain(session.id);
});
