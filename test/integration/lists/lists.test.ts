import { beforeEach, expect, test } from 'vitest';
import type { Origin } from '../../../extension/core/values/origin.ts';
import { rejection } from '../../support/faults.ts';
import { connect, dashboard } from '../../support/harness.ts';
import { fetchAll, settled, sitesAt } from '../../support/page-calls.ts';
import { harness, revive, session, useSession } from '../use-session.ts';

useSession({ sites: () => [] });

const part = { filter: '', offset: 0, limit: 60 };
const written = async (): Promise<void> => {
  harness.world.elapse(1000);
  for (let turn = 0; turn < 3; turn += 1) await settled();
};
const call = (name: string, path = '/rest/api/3/myself') =>
  fetchAll(harness.page(), { input: `${sitesAt(session, name)[0]!.url}${path}` });
const stored = () =>
  harness.world.local.entries.get('activity-uses') as [string, number][] | undefined;

beforeEach(() => connect(harness, session));

test('sites are found, those first that are granted, of the tab, and used last', async () => {
  const { total, rows } = await harness.ui('site.find', part);
  expect([total, rows.length]).toEqual([session.sites.length, session.sites.length]);
  const origin = 'https://other.example' as Origin;
  const granted = sitesAt(session, 'globex').filter(({ product }) => product === 'confluence');
  await connect(harness, session, { origin, sites: granted });
  await call('globex');
  const host = new URL(sitesAt(session, 'acme')[0]!.url).host;
  const found = await harness.ui('site.find', { ...part, origin, host });
  const shown = found.rows.map((one) => [
    one.product,
    new URL(one.url).host.split('.')[0],
    one.isGranted,
    one.isOfTab,
  ]);
  expect(shown).toEqual([
    ['confluence', 'globex', true, false],
    ['confluence', 'acme', false, true],
    ['jira', 'acme', false, true],
    ['jira', 'globex', false, false],
  ]);
  expect(found.rows[0]).toMatchObject({ account: session.account, scopedAccess: 'read' });
});

test('the last use of a session, of a site and of a page is listed, and survives worker and browser', async () => {
  const before = await harness.ui('session.find', part);
  expect(before.rows[0]).toMatchObject({ id: session.id, pageCount: 1 });
  expect(before.rows[0]).not.toHaveProperty('lastUsedAtMs');
  harness.world.elapse(5000);
  const atMs = harness.world.nowMs();
  await call('acme');
  // Not sent: outside the grant.
  harness.world.elapse(5000);
  await rejection(call('acme', '/rest/../x'));
  const check = async () => {
    const { rows } = await harness.ui('session.find', part);
    expect(rows[0]).toMatchObject({ lastUsedAtMs: atMs });
    const page = (await harness.ui('grant.find', part)).rows[0];
    expect(page).toMatchObject({ lastUsedAtMs: atMs, callsIn30Days: 2 });
    const view = await harness.ui('grant.get', { origin: dashboard });
    expect(view).toMatchObject({ lastUsedAtMs: atMs, callsIn30Days: 2 });
    expect((await harness.ui('popup.view', {})).recent[0]).toMatchObject({ lastUsedAtMs: atMs });
  };
  await check();
  await written();
  await revive();
  await check();
  harness.world.elapse(60_000);
  await harness.background.upkeep.run();
  for (const key of [...harness.world.session.entries.keys()])
    if (key.startsWith('activity')) harness.world.session.entries.delete(key);
  await revive();
  await check();
});

test('uses end with the session, with the grant, with the log, and when they are erased', async () => {
  const sites = sitesAt(session, 'acme');
  await call('acme');
  await written();
  expect(stored()).toHaveLength(2);
  await harness.ui('grant.remove', { origin: dashboard });
  harness.world.elapse(60_000);
  await written();
  expect(stored()?.map(([key]) => key)).toEqual([expect.stringContaining(session.id)]);
  await connect(harness, session, { sites });
  await call('acme');
  await harness.ui('session.sign-out', { id: session.id });
  harness.world.elapse(60_000);
  await written();
  expect(stored() ?? []).toEqual([]);
  expect(harness.world.session.dump()).not.toContain(`:${session.id}",`);
});

test.each([
  ['erased', () => harness.ui('activity.clear', {})],
  ['switched off', () => harness.ui('settings.update', { changes: { activityLog: false } })],
])('uses are %s', async (_, end) => {
  await call('acme');
  await written();
  await end();
  await written();
  expect(stored()).toBeUndefined();
  const { rows } = await harness.ui('session.find', part);
  expect(rows[0]).not.toHaveProperty('lastUsedAtMs');
});

test('no page and no other extension gets a list', async () => {
  await harness.ui('settings.update', { changes: { otherExtensions: true } });
  const commands = [
    ['site.find', part],
    ['session.find', part],
    ['grant.find', part],
    ['grant.get', { origin: dashboard }],
    ['popup.view', {}],
  ] as const;
  for (const [name, body] of commands)
    for (const send of [harness.page(), harness.extension()])
      expect((await rejection(send(name, body as never))).code).toBe('not_allowed');
});
