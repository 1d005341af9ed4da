import { beforeEach, describe, expect, test } from 'vitest';
import { compose, type Background } from '../../../background/compose.ts';
import { createRouter } from '../../../background/messages/router.ts';
import { createWaitingCommands } from '../../../background/messages/waiting-commands.ts';
import { schemaVersion } from '../../../extension/storage/schema.ts';
import { commands, type CommandName } from '../../../extension/wire/commands.ts';
import { createSend } from '../../../extension/wire/send.ts';
import type { SessionView } from '../../../extension/wire/views.ts';
import { rejection } from '../../support/faults.ts';
import {
  dashboard,
  pageSender,
  self,
  signedIn,
  uiSender,
  type Harness,
} from '../../support/harness.ts';
import { fetchAll, sitesAt, tokenRequests } from '../../support/page-calls.ts';
import { sampleBodies } from '../../support/samples/command-samples.ts';
import { testWorld } from '../../support/test-world.ts';
import { harness, replaceHarness, standin, useBackground } from '../use-session.ts';

useBackground();
let ada: SessionView;
let bo: SessionView;
beforeEach(async () => {
  const { client, session } = await signedIn(harness, standin);
  ada = session;
  harness.world.person = async (url) => ({
    redirectedTo: await standin.consent(url.href, { account: 'bo' }),
  });
  await harness.ui('flow.dismiss', {});
  await harness.ui('flow.start', { clientId: client.id });
  for (;;) {
    const sessions = await harness.ui('session.list', {});
    const other = sessions.find(({ account }) => account.name?.startsWith('Bo'));
    if (other) {
      bo = other;
      break;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  const sites = [
    ...sitesAt(ada, 'acme').map((site) => ({ ...site, sessionId: ada.id })),
    ...bo.sites.map((site) => ({ ...site, sessionId: bo.id })),
  ];
  harness.world.hosts.add(`${dashboard}/*`);
  await harness.ui('grant.prepare', { origin: dashboard, sites, access: 'read' });
});

const listen = (handlers: Background['handlers']) =>
  createRouter({
    self,
    recipient: () => Promise.resolve({ ...harness.background, handlers }),
    waiting: createWaitingCommands(),
  });

/** The next worker, with the first copy alone. */
const reviveWithoutMirror = (): Promise<Harness> => {
  harness.world.mirror.entries.clear();
  return harness.revive();
};
const entries = (): Map<string, unknown> => harness.world.local.entries;

test('each damaged or restored thing is named as far as its name can be read, also at later starts', async () => {
  const { clients } = await harness.ui('overview.get', {});
  const client = `client:${clients[0]!.id}`;
  const things = async () =>
    (await harness.ui('overview.get', {})).storageFaults.map(({ code, things: named }) => [
      code,
      named,
    ]);
  entries().set(`session:${bo.id}`, {
    id: bo.id,
    scopes: 'gone',
    account: { email: 'bo@a.example' },
  });
  harness.world.mirror.entries.delete(`session:${bo.id}`);
  entries().delete(client);
  const expected = [
    ['storage_damaged', [{ kind: 'session', name: 'bo@a.example' }]],
    ['storage_restored', [{ kind: 'client', name: clients[0]!.name }]],
  ];
  replaceHarness(await harness.revive());
  expect(await things()).toEqual(expected);
  replaceHarness(await harness.revive());
  expect(await things()).toEqual(expected);
  await harness.ui('storage.forget-damaged', {});
  expect(await things()).toEqual([]);
});

describe('a damaged session', () => {
  beforeEach(async () => {
    entries().set(`session:${bo.id}`, { id: bo.id, scopes: 'gone' });
    replaceHarness(await reviveWithoutMirror());
  });
  test('leaves the others intact, is quarantined, and is reported', async () => {
    const { clients, storageFaults } = await harness.ui('overview.get', {});
    const sessions = await harness.ui('session.list', {});
    expect([sessions.map(({ id }) => id), clients.length]).toEqual([[ada.id], 1]);
    expect(storageFaults).toMatchObject([{ code: 'storage_damaged', subject: `session:${bo.id}` }]);
    expect(storageFaults[0]?.fields).toContainEqual({ field: 'scopes', problem: 'malformed' });
    expect(entries().get(`damaged:session:${bo.id}`)).toEqual({ id: bo.id, scopes: 'gone' });
    expect(entries().has(`session:${bo.id}`)).toBe(false);
  });
  test('leaves a page that was connected through it and another one connected', async () => {
    expect((await fetchAll(harness.page())).url).toContain('acme');
    expect((await harness.page()('page.sites', {})).every(({ url }) => url.includes('acme'))).toBe(
      true,
    );
  });
});

test('a damaged entry that cannot be moved stays where it is, is reported, and is moved at the next start', async () => {
  const key = `session:${bo.id}`;
  const damaged = { id: bo.id, scopes: 'gone' };
  entries().set(key, damaged);
  harness.world.mirror.entries.clear();
  const full = testWorld(standin, harness.world);
  full.local.failWrites(1);
  const { handlers } = await compose(full);
  const { storageFaults } = await createSend((message) =>
    Promise.resolve(listen(handlers)(message, uiSender)),
  )('overview.get', {});
  expect(storageFaults).toContainEqual(
    expect.objectContaining({ code: 'storage_damaged', subject: key }),
  );
  expect([entries().get(key), entries().has(`damaged:${key}`)]).toEqual([damaged, false]);

  replaceHarness(await harness.revive());
  const after = await harness.ui('overview.get', {});
  expect(after.storageFaults).toMatchObject([{ code: 'storage_damaged', subject: key }]);
  expect([entries().has(key), entries().get(`damaged:${key}`)]).toEqual([false, damaged]);
});

test('an entry under the key of another is damaged', async () => {
  entries().set(`session:${bo.id}`, entries().get(`session:${ada.id}`));
  replaceHarness(await reviveWithoutMirror());
  const { storageFaults } = await harness.ui('overview.get', {});
  const sessions = await harness.ui('session.list', {});
  expect(sessions.map(({ id }) => id)).toEqual([ada.id]);
  expect(storageFaults).toMatchObject([{ fields: [{ field: 'id', problem: 'malformed' }] }]);
});

test('refresh tokens swapped between two sessions are refused, and nothing is sent', async () => {
  const one = entries().get(`session:${ada.id}`) as { sealedRefreshToken: object };
  const other = entries().get(`session:${bo.id}`) as { sealedRefreshToken: object };
  entries().set(`session:${ada.id}`, { ...one, sealedRefreshToken: other.sealedRefreshToken });
  harness.world.session.entries.clear();
  replaceHarness(await reviveWithoutMirror());
  expect(
    (
      await rejection(
        fetchAll(harness.page(), { input: 'https://acme.atlassian.net/rest/api/3/myself' }),
      )
    ).code,
  ).toBe('consent_required');
  expect(tokenRequests(standin, 'refresh_token')).toEqual([]);
});

test('a token endpoint that was put into the store is never sent a secret', async () => {
  for (const [key, value] of entries()) {
    if (key.startsWith('client:'))
      entries().set(key, {
        ...(value as object),
        tokenEndpoint: 'https://evil.example/oauth/token',
      });
  }
  harness.world.session.entries.clear();
  replaceHarness(await reviveWithoutMirror());
  await rejection(
    fetchAll(harness.page(), { input: 'https://acme.atlassian.net/rest/api/3/myself' }),
  );
  expect((await harness.ui('overview.get', {})).storageFaults).toHaveLength(1);
  expect(standin.refusedHosts).toEqual([]);
});

describe('a store of a newer version', () => {
  test('is reported by every command, and nothing is written', async () => {
    for (const copy of [entries(), harness.world.mirror.entries])
      copy.set('schema', { version: 99 });
    const before = harness.world.local.dump();
    const world = testWorld(standin, harness.world);
    const composed = compose(world);
    composed.catch(() => undefined);
    const context = { self, recipient: () => composed, waiting: createWaitingCommands() };
    const listen = createRouter(context);
    for (const name of Object.keys(commands) as CommandName[]) {
      const isPage = (commands[name].callers as readonly string[]).includes('page');
      const sender = isPage ? pageSender(dashboard) : uiSender;
      expect(await listen({ v: 1, name, body: sampleBodies[name] }, sender), name).toMatchObject({
        ok: false,
        fault: { code: isPage ? 'unavailable' : 'storage_newer' },
      });
    }
    expect(world.local.dump()).toBe(before);
  });
  test.each([[[]], [['schema']]])(
    'that only storage.local claims, with %j as removed keys, is read as the second copy is',
    async (removed) => {
      entries().set('schema', { version: 99 });
      entries().set('removed', removed);
      replaceHarness(await harness.revive());
      const sessions = await harness.ui('session.list', {});
      expect(sessions.map(({ status }) => status)).toEqual(['valid', 'valid']);
      expect(entries().get('schema')).toEqual({ version: schemaVersion });
    },
  );
  test.each(['empty', 'unreadable'])('is believed where the second copy is %s', async (state) => {
    entries().set('schema', { version: 99 });
    const world = testWorld(standin, harness.world);
    world.mirror.entries.clear();
    if (state === 'unreadable')
      Object.assign(world.mirror, { all: () => Promise.reject(new Error('closed')) });
    expect((await rejection(compose(world))).code).toBe('storage_newer');
  });
});

test('a store that cannot be read at all is reported as such', async () => {
  harness.world.mirror.entries.clear();
  const world = testWorld(standin, harness.world);
  Object.assign(world.local, {
    all: () => Promise.reject(new Error('An unexpected error occurred')),
  });
  expect((await rejection(compose(world))).code).toBe('storage_failed');
});
