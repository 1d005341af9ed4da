import { beforeEach, expect, test } from 'vitest';
import type { Origin } from '../../../extension/core/values/origin.ts';
import type { AskView } from '../../../extension/wire/views.ts';
import { rejection } from '../../support/faults.ts';
import { connect, dashboard } from '../../support/harness.ts';
import { fetchAll } from '../../support/page-calls.ts';
import { until } from '../../support/until.ts';
import { harness, revive, session, standin, useSession } from '../use-session.ts';
import { connections } from '../../support/connections.ts';

const key = `denials:${dashboard}`;
const dayMs = 24 * 3_600_000;
useSession({ sites: () => [] });
beforeEach(() => connect(harness, session));

const request = (wanted: { access?: 'write'; paths?: string[] } = {}) =>
  rejection(harness.page()('page.request-access', wanted));
const denials = async () => (await harness.ui('overview.get', {})).denials;
async function question(): Promise<AskView> {
  await until(() => harness.world.openWindows.size > 0);
  const [ask] = await harness.ui('ask.list', {});
  return ask!;
}
async function deny(): Promise<void> {
  const { id } = await question();
  await harness.ui('ask.decide', { id, decision: { allow: false } });
}
async function close(): Promise<void> {
  await question();
  const [windowId = 0] = harness.world.openWindows.keys();
  await harness.world.windows.close(windowId);
  harness.background.questions.windowClosed(windowId);
}
async function denied(wanted: Parameters<typeof request>[0] = {}): Promise<void> {
  const work = request(wanted);
  await deny();
  expect((await work).code).toBe('not_allowed');
}
/** The browser closes and starts again. */
async function restart(): Promise<void> {
  harness.world.session.entries.clear();
  await revive();
}
/** The question is asked: a window opens, which the person closes. */
async function asked(work: Promise<{ code: string }>): Promise<void> {
  await close();
  await work;
}

test('a denied question is refused at once for a week, also after a restart, and is listed', async () => {
  await denied({ paths: ['/rest/'] });
  const [one] = await denials();
  const atMs = one!.deniedAtMs;
  expect(Math.abs(standin.clock.nowMs() - atMs)).toBeLessThan(60_000);
  expect(await denials()).toEqual([
    {
      id: expect.any(String) as string,
      origin: dashboard,
      kind: 'access',
      access: 'read',
      paths: ['/rest/'],
      deniedAtMs: atMs,
      endsAtMs: atMs + 7 * dayMs,
    },
  ]);
  for (const days of [0, 6.9]) {
    standin.clock.advance(days * dayMs);
    await restart();
    expect((await request({ paths: ['/rest/'] })).code).toBe('not_allowed');
    expect(harness.world.openWindows.size).toBe(0);
  }
  await asked(request());
  standin.clock.advance(0.2 * dayMs);
  expect(await denials()).toEqual([]);
  await asked(request({ paths: ['/rest/'] }));
  await harness.background.upkeep.run();
  expect([...harness.world.local.entries.keys()]).not.toContain(key);
});

test('a denied choice is `site_required` at once, until the person chooses or has the page ask again', async () => {
  const work = rejection(fetchAll(harness.page()));
  await deny();
  expect((await work).code).toBe('site_required');
  await restart();
  expect((await rejection(fetchAll(harness.page()))).code).toBe('site_required');
  expect(harness.world.openWindows.size).toBe(0);
  expect(await denials()).toMatchObject([{ kind: 'site', product: 'jira' }]);
  await asked(rejection(fetchAll(harness.page(), { input: '/wiki/api/v2/spaces' })));
  await harness.ui('grant.choose', { origin: dashboard, key: 'jira' });
  expect(await denials()).toEqual([]);
  await asked(rejection(fetchAll(harness.page())));
});

test('a window that was closed is no denial', async () => {
  await asked(request());
  expect(await denials()).toEqual([]);
  await asked(request());
});

test('one denial is undone, and the other one counts', async () => {
  await denied();
  await denied({ access: 'write' });
  const [first, second] = await denials();
  await harness.ui('denial.forget', { origin: dashboard, id: first!.id });
  await harness.ui('denial.forget', { origin: dashboard, id: first!.id });
  expect(await denials()).toEqual([second]);
  expect((await request({ access: 'write' })).code).toBe('not_allowed');
  await asked(request());
});

test('with the last denial, the refusals of the day do not count any more', async () => {
  await asked(request());
  await asked(request());
  await denied({ access: 'write' });
  expect((await request()).code).toBe('not_allowed');
  expect(harness.world.openWindows.size).toBe(0);
  const [one] = await denials();
  await harness.ui('denial.forget', { origin: dashboard, id: one!.id });
  await asked(request());
  await asked(request({ access: 'write' }));
});

test('the person changes the connection: nothing is denied any more', async () => {
  await denied();
  await harness.ui('grant.remove', { origin: dashboard });
  expect(await denials()).toHaveLength(1);
  await connect(harness, session);
  expect(await denials()).toEqual([]);
  await restart();
  await asked(request());
});

test('what another context wrote to storage can only refuse a question', async () => {
  const evil = 'https://evil.example' as Origin;
  await denied();
  const [{ endsAtMs: _, ...stored }] = (await denials()) as [
    Awaited<ReturnType<typeof denials>>[0],
  ];
  const forged = { ...stored, access: 'write', allow: true, decision: { allow: true } };
  harness.world.local.entries.set(key, [null, 1, 'x', { ...stored, origin: evil }, forged]);
  harness.world.local.entries.set(`denials:${evil}`, { length: 3 });
  await restart();
  expect(await denials()).toMatchObject([{ origin: dashboard, access: 'write' }]);
  expect((await request({ access: 'write' })).code).toBe('not_allowed');
  expect(harness.world.openWindows.size).toBe(0);
  const { storageFaults } = await harness.ui('overview.get', {});
  const grants = await connections(harness.ui);
  expect({ grants: grants.map(({ access }) => access), storageFaults }).toEqual({
    grants: ['read'],
    storageFaults: [],
  });
  await asked(request());
  await harness.background.upkeep.run();
  expect(harness.world.local.entries.get(key)).toHaveLength(1);
  expect(harness.world.local.entries.has(`denials:${evil}`)).toBe(false);
});

test('a denial that cannot be stored is an answer all the same', async () => {
  const work = request();
  await question();
  harness.world.local.failWrites(1);
  await deny();
  expect((await work).code).toBe('not_allowed');
  expect((await request()).code).toBe('not_allowed');
  expect(harness.world.openWindows.size).toBe(0);
});
