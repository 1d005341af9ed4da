import { describe, expect, test } from 'vitest';
import { compose } from '../../../background/compose.ts';
import { eraseUnread } from '../../../background/erase/erase.ts';
import { createRouter } from '../../../background/messages/router.ts';
import { createWaitingCommands } from '../../../background/messages/waiting-commands.ts';
import { createSend } from '../../../extension/wire/send.ts';
import { chanceOf } from '../../support/chance.ts';
import { aDraft, connect, dashboard, pageSender, self, uiSender } from '../../support/harness.ts';
import { rejection } from '../../support/faults.ts';
import { startKillable } from '../../support/kill/killable-background.ts';
import { moments } from '../../support/kill/killable-world.ts';
import { fetchAll } from '../../support/page-calls.ts';
import { harness, revive, session, standin, useSession } from '../use-session.ts';
import { connections } from '../../support/connections.ts';

useSession();

/** What a browser holds of the extension. */
function held() {
  const {
    local,
    session: inSession,
    mirror,
    keyStore,
    hosts,
    injected,
    alarmsSet,
    seen,
  } = harness.world;
  return {
    stored: [local, inSession, mirror].map(({ entries }) => [...entries.keys()]),
    privateKeys: keyStore.privateKeys.size,
    hosts: [...hosts].filter((one) => !one.includes('.atlassian.com')),
    injected: injected.size,
    alarms: alarmsSet.size,
    seen: [seen.badge, seen.notifications.size],
  };
}
const nothing = {
  stored: [[], [], []],
  privateKeys: 0,
  hosts: [],
  injected: 0,
  alarms: 0,
  seen: [0, 0],
};
const overview = () => harness.ui('overview.get', {});

/** The person erases everything; then the next event starts a new worker, which stores what each start does. */
async function eraseAndLook() {
  await harness.ui('everything.erase', {});
  const left = held();
  await revive();
  return left;
}

test('everything is erased, and the next start is that of a new installation', async () => {
  await harness.ui('settings.update', { changes: { clockSkewSeconds: 90 } });
  harness.world.seen.notifications.set('consent:old', 'of an earlier session');
  harness.world.seen.badge = 2;
  harness.world.local.entries.set('unknown', 'of a later version');
  expect(await eraseAndLook()).toEqual(nothing);
  const { clients, storageFaults } = await overview();
  const sessions = await harness.ui('session.list', {});
  const grants = await connections(harness.ui);
  expect({ clients, sessions, grants, storageFaults }).toEqual({
    clients: [],
    sessions: [],
    grants: [],
    storageFaults: [],
  });
  expect((await harness.ui('settings.get', {})).values.clockSkewSeconds).toBe(60);
  expect((await rejection(fetchAll(harness.page()))).code).toBe('not_connected');
});

test('calls in flight end, pages are told, and the provider is asked to revoke', async () => {
  const hanging = standin.faults.add({ kind: 'hang', match: { path: /myself/u } });
  const call = rejection(fetchAll(harness.page()));
  await hanging.arrived;
  await harness.ui('everything.erase', {});
  expect((await call).code).toBe('not_connected');
  expect(harness.world.told).toContainEqual({ origin: dashboard, event: 'grant.ended' });
  expect(standin.log.requests({ path: '/oauth/revoke' }).length).toBeGreaterThan(0);
});

test('a provider that does not answer is waited for no longer than five seconds', async () => {
  const hanging = standin.faults.add({ kind: 'hang', match: { path: '/oauth/revoke' } });
  const erased = harness.ui('everything.erase', {});
  await hanging.arrived;
  expect(harness.world.local.entries.size).toBeGreaterThan(0);
  // Meanwhile no page is served.
  expect((await rejection(fetchAll(harness.page()))).code).toBe('not_connected');
  harness.world.elapse(5000);
  await erased;
  expect(held()).toEqual(nothing);
});

test('what still runs in the services brings nothing back', async () => {
  const { background, world } = harness;
  await harness.ui('everything.erase', {});
  await background.upkeep.run();
  await background.grants.followPermissions();
  await rejection(harness.ui('client.create', { client: aDraft({ name: 'Later' }) }));
  await rejection(harness.ui('settings.update', { changes: { clockSkewSeconds: 5 } }));
  world.elapse(60_000);
  await new Promise((resolve) => setImmediate(resolve));
  expect(held()).toEqual(nothing);
});

test('a secret that was erased cannot be decrypted when its entry is put back', async () => {
  const entries = new Map(harness.world.local.entries);
  await eraseAndLook();
  for (const [key, value] of entries) harness.world.local.entries.set(key, value);
  await revive();
  await harness.background.grants.followPermissions();
  const sessions = await harness.ui('session.list', {});
  const grants = await connections(harness.ui);
  expect(sessions.every(({ status }) => status !== 'valid')).toBe(true);
  expect(grants).toEqual([]);
  expect((await rejection(fetchAll(harness.page()))).code).toBe('not_connected');
});

test('a storage that cannot be erased is reported, and the next start completes it', async () => {
  const { world } = harness;
  const { mirror } = world.erase;
  Object.assign(world.erase, { mirror: () => Promise.reject(new Error('disk')) });
  expect((await rejection(harness.ui('everything.erase', {}))).code).toBe('erase_failed');
  expect(world.local.entries.size).toBe(0);
  expect(world.mirror.entries.size).toBeGreaterThan(0);
  expect(await world.keyStore.lowestRevision('erasing')).toBe(1);
  Object.assign(world.erase, { mirror });
  await revive();
  expect((await overview()).clients).toEqual([]);
});

test.each(['local', 'session', 'mirror', 'keys'] as const)(
  'a storage that does not answer is waited for no longer than ten seconds: %s',
  async (name) => {
    const { world } = harness;
    const asked = Promise.withResolvers<undefined>();
    Object.assign(world.erase, {
      [name]: () => {
        asked.resolve(undefined);
        return new Promise(() => undefined);
      },
    });
    const refused = rejection(harness.ui('everything.erase', {}));
    await asked.promise;
    world.elapse(10_000);
    expect((await refused).code).toBe('erase_failed');
    expect(await world.keyStore.lowestRevision('erasing')).toBe(1);
    await revive();
    expect((await overview()).clients).toEqual([]);
  },
);

test('a mark that cannot be set in ten seconds does not prevent it', async () => {
  const { world } = harness;
  const asked = Promise.withResolvers<undefined>();
  Object.assign(world.keyStore, {
    raiseRevision: () => {
      asked.resolve(undefined);
      return new Promise(() => undefined);
    },
  });
  const erased = harness.ui('everything.erase', {});
  await asked.promise;
  world.elapse(10_000);
  await erased;
  expect(held()).toEqual(nothing);
});

test('only pages that are open are notified', async () => {
  const { world } = harness;
  Object.assign(world.pages, { open: () => Promise.resolve(['https://other.example']) });
  world.told.length = 0;
  await harness.ui('everything.erase', {});
  expect(world.told).toEqual([]);
});

test('commands wait from the moment at which nothing can be stored until everything is erased', async () => {
  const { world } = harness;
  const [asked, held] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  const seen: string[] = [];
  Object.assign(world, {
    restart: (erased: Promise<void>) => {
      seen.push('restart');
      void erased.then(() => seen.push('erased'));
    },
  });
  Object.assign(world.erase, {
    mirror: () => {
      asked.resolve(undefined);
      return held.promise;
    },
  });
  const erased = harness.ui('everything.erase', {});
  await asked.promise;
  await new Promise((resolve) => setImmediate(resolve));
  expect(seen).toEqual(['restart']);
  held.resolve(undefined);
  await erased;
  expect(seen).toEqual(['restart', 'erased']);
});

describe('a worker that ends while it erases', () => {
  test('leaves nothing, or what the next start erases, wherever it ends', async () => {
    await connect(harness, session);
    const { world } = harness;
    const areas = [world.local, world.session, world.mirror].map(({ entries }) => entries);
    const before = areas.map((entries) => [...entries]);
    const hosts = [...world.hosts];
    const restoreKeys = world.keyStore.snapshot();
    let ended = 0;
    for (let call = 1; call < 100; call += 1) {
      areas.forEach((entries, at) => {
        entries.clear();
        for (const [key, value] of before[at] ?? []) entries.set(key, value);
      });
      restoreKeys();
      for (const one of hosts) world.hosts.add(one);
      const killed = startKillable(world, chanceOf(`erase ${call}`));
      await killed.started;
      killed.life.arm({ call, moment: moments[call % 3] ?? 'before' });
      killed.ui('everything.erase', {}).catch(() => undefined);
      await killed.life.quiet();
      if (!killed.life.isOver()) break;
      ended += 1;
      const hasBegun =
        (await world.keyStore.lowestRevision('erasing')) > 0 || world.local.entries.size === 0;
      await revive();
      const { clients } = await overview();
      const sessions = await harness.ui('session.list', {});
      const grants = await connections(harness.ui);
      const counts = [clients.length, sessions.length, grants.length];
      expect([call, ...counts]).toEqual([call, ...(hasBegun ? [0, 0, 0] : [1, 1, 1])]);
    }
    expect(ended).toBeGreaterThan(5);
  });
});

test('a store that cannot be read can be erased', async () => {
  const { world } = harness;
  world.local.entries.set('schema', 'nonsense');
  world.mirror.entries.clear();
  const listen = createRouter({
    self,
    recipient: () => compose(world),
    waiting: createWaitingCommands(),
    eraseUnread: () => eraseUnread(world),
  });
  const ui = createSend((message) => Promise.resolve(listen(message, uiSender)));
  expect((await rejection(ui('overview.get', {}))).code).toBe('storage_damaged');
  const asPage = createSend((message) => Promise.resolve(listen(message, pageSender(dashboard))));
  expect((await rejection(asPage('everything.erase', {}))).code).toBe('not_allowed');
  await ui('everything.erase', {});
  expect(held()).toEqual(nothing);
  expect((await ui('overview.get', {})).clients).toEqual([]);
});
