import { beforeEach, expect, test, vi } from 'vitest';
import type { Origin } from '../../../extension/core/values/origin.ts';
import { dashboard, connect, startHarness } from '../../support/harness.ts';
import { outcome } from '../../support/kill/killed-backgrounds.ts';
import { sitesAt } from '../../support/page-calls.ts';
import { harness, replaceHarness, revive, session, standin, useSession } from '../use-session.ts';
import { connections } from '../../support/connections.ts';

const other = 'https://other.example' as Origin;
const key = `grant:${dashboard}`;
useSession();
const connectAcme = (answer: { duration?: 'session' | 'always' } = {}): Promise<void> =>
  connect(harness, session, { sites: sitesAt(session, 'acme'), ...answer });
beforeEach(() => connectAcme({ duration: 'session' }));

/** The browser closes and starts again. */
async function restart(): Promise<void> {
  harness.world.session.entries.clear();
  await revive();
}
const grants = async () => await connections(harness.ui);
const removed = async (): Promise<void> => {
  expect(await outcome(harness)).toBe('not_connected');
  expect(await grants()).toEqual([]);
  expect([...harness.world.hosts]).not.toContain(`${dashboard}/*`);
  expect([...harness.world.injected]).not.toContain(dashboard);
  for (const { entries } of [harness.world.local, harness.world.mirror])
    expect([...entries.keys()]).not.toContain(key);
};

test('a grant for this browser session outlives the worker, and ends with the browser', async () => {
  expect(await grants()).toMatchObject([{ duration: 'session' }]);
  await revive();
  expect(await outcome(harness)).toBe(200);
  expect(await grants()).toMatchObject([{ duration: 'session' }]);
  await restart();
  await removed();
  expect(harness.world.told).toContainEqual({ origin: dashboard, event: 'grant.ended' });
});

test('other grants outlive the browser', async () => {
  await connect(harness, session, { origin: other });
  await restart();
  expect((await grants()).map(({ origin }) => origin)).toEqual([other]);
  expect([...harness.world.hosts]).toContain(`${other}/*`);
  expect([...harness.world.injected]).toContain(other);
});

test.each(['local', 'mirror'] as const)(
  'a grant that is left in %s alone ends with the browser too',
  async (area) => {
    harness.world[area === 'local' ? 'mirror' : 'local'].entries.delete(key);
    await restart();
    await removed();
    await restart();
    await removed();
  },
);

test('the record of a grant that ended is not valid in the next browser session', async () => {
  const record: unknown = harness.world.local.entries.get(key);
  await restart();
  await connectAcme({ duration: 'session' });
  harness.world.local.entries.set(key, record);
  harness.world.mirror.entries.delete(key);
  await revive();
  expect(await outcome(harness)).toBe('not_connected');
});

test.each<[string, 'stopInjecting' | 'remove']>([
  ['the scripts cannot be unregistered', 'stopInjecting'],
  ['the record cannot be removed', 'remove'],
])('when %s, the grant serves nothing, and the next start removes it', async (_, step) => {
  harness.world.session.entries.clear();
  const failing = await startHarness(standin, harness.world, false, (world) => {
    const failed = (): Promise<never> => Promise.reject(new Error('failed'));
    if (step === 'remove') vi.spyOn(world.local, 'remove').mockImplementation(failed);
    else Object.assign(world.pages, { stopInjecting: failed });
  });
  expect(await outcome(failing)).toBe('not_connected');
  expect(await connections(failing.ui)).toEqual([]);
  expect([...harness.world.local.entries.keys()]).toContain(key);
  replaceHarness(await startHarness(standin, harness.world));
  await removed();
});

test('the person changes how long it lasts; an answer without a duration keeps it', async () => {
  await connectAcme();
  expect(await grants()).toMatchObject([{ duration: 'session' }]);
  await connectAcme({ duration: 'always' });
  expect(await grants()).toMatchObject([{ duration: 'always' }]);
  await connectAcme();
  await restart();
  expect(await outcome(harness)).toBe(200);
  expect(await grants()).toMatchObject([{ duration: 'always' }]);
});

test('duration and paths of a new grant wait with it for the prompt of the browser', async () => {
  const sites = sitesAt(session, 'acme').map((site) => ({ ...site, sessionId: session.id }));
  await harness.ui('grant.prepare', {
    origin: other,
    sites,
    access: 'read',
    duration: 'session',
    paths: ['/rest/api/3/myself', '/wiki/', '/wiki/api/'],
  });
  await revive();
  harness.world.hosts.add(`${other}/*`);
  await harness.background.grants.settlePending();
  expect(await grants()).toContainEqual(
    expect.objectContaining({
      origin: other,
      duration: 'session',
      paths: ['/rest/api/3/myself', '/wiki/'],
    }),
  );
  await restart();
  expect(await grants()).toEqual([]);
});

test('an import compares it with one that lasts, and its page is notified of what changed', async () => {
  const passphrase = 'correct horse battery';
  await connectAcme({ duration: 'always' });
  const { bytes: file } = await harness.ui('transfer.export', { passphrase });
  await connectAcme({ duration: 'session' });
  const { rows, digest } = await harness.ui('transfer.preview', { file, passphrase });
  expect(rows.map(({ state, values }) => ({ state, values }))).toEqual([
    { state: 'same', values: [] },
    {
      state: 'differs',
      values: [{ member: 'duration', mine: ['session'], theirs: ['always'] }],
    },
  ]);
  const told = harness.world.told.length;
  const taken = [`grant:${dashboard}`];
  await harness.ui('transfer.import', { file, passphrase, digest, taken, secrets: [] });
  expect(harness.world.told.slice(told)).toEqual([{ origin: dashboard, event: 'grant.changed' }]);
  expect(await grants()).toMatchObject([{ duration: 'always' }]);
});
