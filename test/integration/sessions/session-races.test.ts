import { afterEach, expect, test, vi } from 'vitest';
import type { SessionEntry } from '../../../extension/storage/schema.ts';
import { rejection } from '../../support/faults.ts';
import { aDraft, runFlow } from '../../support/harness.ts';
import { fetchAll, tokenRequests } from '../../support/page-calls.ts';
import { client, harness, revive, session, standin, useSession } from '../use-session.ts';

const refresh = { path: '/oauth/token', grantType: 'refresh_token' } as const;
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
useSession();
afterEach(() => {
  expect(standin.auditor.replaysOutsideLeeway).toEqual([]);
});

const myself = () => fetchAll(harness.page());
const overview = () => harness.ui('overview.get', {});
const status = async (): Promise<string | undefined> =>
  (await harness.ui('session.list', {})).find(({ id }) => id === session.id)?.status;
const stored = (): SessionEntry =>
  harness.world.local.entries.get(`session:${session.id}`) as SessionEntry;
async function signInAgain(): Promise<void> {
  await runFlow(harness, client);
}

test('a token that no store took is forgotten when the person signs in again', async () => {
  standin.clock.advance(hour);
  const answered = standin.faults.add({
    kind: 'latency',
    until: Promise.resolve(),
    match: refresh,
  });
  const work = rejection(myself());
  await answered.arrived;
  harness.world.mirror.failWrites(1);
  harness.world.local.failWrites(1);
  await work;
  const wider = [...client.scopes, 'write:jira-work'];
  await harness.ui('client.update', { id: client.id, client: aDraft({ scopes: wider }) });
  await signInAgain();
  expect((await myself()).status).toBe(200);
  standin.clock.advance(49 * minute);
  await harness.background.upkeep.run();
  expect(stored().scopes).toContain('write:jira-work');
  expect([tokenRequests(standin, 'refresh_token').length, stored().generation]).toEqual([2, 3]);
});

test('a call that is about to refresh while the person signs in again gets the token of the sign-in', async () => {
  standin.clock.advance(hour);
  const decrypt = crypto.subtle.decrypt.bind(crypto.subtle);
  const began = Promise.withResolvers<undefined>();
  const gate = Promise.withResolvers<undefined>();
  const held = vi.spyOn(crypto.subtle, 'decrypt').mockImplementationOnce(async (...of) => {
    began.resolve(undefined);
    await gate.promise;
    return decrypt(...of);
  });
  const call = myself();
  await began.promise;
  await signInAgain();
  gate.resolve(undefined);
  expect((await call).status).toBe(200);
  expect(tokenRequests(standin, 'refresh_token')).toEqual([]);
  held.mockRestore();
});

test('a machine that sleeps between two attempts does not waste the late one', async () => {
  standin.clock.advance(hour);
  standin.faults.add({ kind: 'drop-before', match: refresh, times: 1 });
  const { world } = harness;
  const { fetch, pause } = world;
  Object.assign(world, {
    fetch: (input: string, init: RequestInit) => {
      // An answer takes a moment.
      if (input.includes('/oauth/token')) world.elapse(50);
      return init.signal?.aborted ? Promise.reject(new Error('aborted')) : fetch(input, init);
    },
    pause: () => {
      Object.assign(world, { pause });
      world.sleep(hour);
      return Promise.resolve();
    },
  });
  expect((await rejection(myself())).code).toBe('offline');
  expect(await status()).toBe('valid');
  expect((await myself()).status).toBe(200);
});

test.each(['recoverable', 'unrecoverable'])(
  'a session that is signed in again while upkeep looks at it stays: %s before',
  async (before) => {
    const entry = { ...stored(), status: before };
    for (const area of [harness.world.local, harness.world.mirror])
      area.entries.set(`session:${session.id}`, entry);
    harness.world.session.entries.clear();
    await revive();
    standin.clock.advance(31 * day);
    const { session: area } = harness.world;
    const read = area.read.bind(area);
    const began = Promise.withResolvers<undefined>();
    const gate = Promise.withResolvers<undefined>();
    let isFirst = true;
    Object.assign(area, {
      read: async (key: string) => {
        const isHeld = isFirst && key === `access:${session.id}`;
        if (isHeld) isFirst = false;
        const found = await read(key);
        if (isHeld) {
          began.resolve(undefined);
          await gate.promise;
        }
        return found;
      },
    });
    const run = harness.background.upkeep.run();
    await began.promise;
    await signInAgain();
    gate.resolve(undefined);
    await run;
    expect(await status()).toBe('valid');
  },
);

test('what the store does not let go of keeps no other session from being refreshed', async () => {
  const { world } = harness;
  const key = `session:${crypto.randomUUID()}`;
  const ended = { ...stored(), id: key.slice(8), status: 'unrecoverable', statusSinceMs: 0 };
  for (const area of [world.local, world.mirror]) area.entries.set(key, ended);
  await revive();
  Object.assign(harness.world.local, { remove: () => Promise.reject(new Error('damaged')) });
  harness.world.elapse(31 * day);
  await harness.background.upkeep.run();
  expect(tokenRequests(standin, 'refresh_token')).toHaveLength(1);
});

test('notes of earlier tries that cannot be read cost no upkeep', async () => {
  await revive();
  const { session: area } = harness.world;
  const read = area.read.bind(area);
  let isBroken = true;
  Object.assign(area, {
    read: (key: string) =>
      key === 'upkeep' && isBroken ? Promise.reject(new Error('not now')) : read(key),
  });
  await harness.background.upkeep.run();
  isBroken = false;
  harness.world.elapse(31 * day);
  await harness.background.upkeep.run();
  expect(tokenRequests(standin, 'refresh_token')).toHaveLength(1);
});

test('a client that is deleted while its code is exchanged leaves no session', async () => {
  const done = Promise.withResolvers<undefined>();
  const code = { path: '/oauth/token', grantType: 'authorization_code' } as const;
  const held = standin.faults.add({ kind: 'latency', until: done.promise, match: code });
  const signIn = signInAgain();
  await held.arrived;
  await harness.ui('client.delete', { id: client.id });
  done.resolve(undefined);
  await signIn;
  expect((await overview()).flow).toBeUndefined();
  expect(harness.world.local.dump()).not.toContain('sealedRefreshToken');
  expect(harness.world.mirror.dump()).not.toContain('sealedRefreshToken');
});

test('an earlier session whose refresh ends while a new grant takes its place: the new one stands', async () => {
  standin.clock.advance(hour);
  const done = Promise.withResolvers<undefined>();
  const waiting = standin.faults.add({
    kind: 'latency',
    until: done.promise,
    when: 'after',
    match: refresh,
  });
  const call = myself().catch(() => undefined);
  await waiting.arrived;
  // The first seal for the next generation, that of the new grant, takes longer than the refresh's answer.
  const began = Promise.withResolvers<undefined>();
  const gate = Promise.withResolvers<undefined>();
  const { keyStore } = harness.world;
  const { encryptionKey } = keyStore;
  const consent = harness.world.person;
  let left = Infinity;
  Object.assign(harness.world, {
    person: (url: URL) => {
      // Of a sign-in: the client secret is opened, the session sealed, opened, and sealed for its place.
      left = 4;
      return consent(url);
    },
  });
  Object.assign(keyStore, {
    encryptionKey: async () => {
      left -= 1;
      if (left === 0) {
        began.resolve(undefined);
        await gate.promise;
      }
      return encryptionKey();
    },
  });
  const signIn = signInAgain();
  await began.promise;
  done.resolve(undefined);
  gate.resolve(undefined);
  await Promise.all([call, signIn]);
  expect(stored().generation).toBe(2);
  expect((await myself()).status).toBe(200);
});
