import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rejection } from '../../support/faults.ts';
import { apiCalls, fetchAll, tokenRequests } from '../../support/page-calls.ts';
import { until } from '../../support/until.ts';
import { harness, revive, session, standin, useSession } from '../use-session.ts';

const refresh = { path: '/oauth/token', grantType: 'refresh_token' } as const;
const hour = 3_600_000;
useSession({ access: 'write' });
afterEach(() => {
  expect(standin.auditor).toMatchObject({
    replaysOutsideLeeway: [],
    cookieHeaders: [],
    strayBearers: [],
  });
});

const refreshes = (): number => tokenRequests(standin, 'refresh_token').length;
const status = async (): Promise<string | undefined> =>
  (await harness.ui('session.list', {})).find(({ id }) => id === session.id)?.status;
const myself = () => fetchAll(harness.page());
/** A call ends at sign-out; the refresh that it waited for ends later. */
const refreshEnded = (): Promise<void> =>
  harness.world.lock(`refresh ${session.id}`, () => Promise.resolve());

describe('rotation', () => {
  beforeEach(() => {
    standin.clock.advance(hour);
  });
  test('the new refresh token is stored before anybody is answered', async () => {
    const stored = harness.world.local.dump();
    let isCalled = false;
    const { fetch, local } = harness.world;
    Object.assign(harness.world, {
      fetch: (input: string, init: RequestInit) => {
        if (input.includes('/ex/')) {
          isCalled = true;
          expect(local.dump()).not.toBe(stored);
          expect(local.dump()).toContain('"generation":2');
        }
        return fetch(input, init);
      },
    });
    expect((await myself()).status).toBe(200);
    expect(isCalled).toBe(true);
  });
  test('the attempt is recorded before it is sent, and the record is removed with its result', async () => {
    const waiting = standin.faults.add({
      kind: 'latency',
      until: Promise.resolve(),
      match: refresh,
    });
    const work = myself();
    await waiting.arrived;
    expect(harness.world.local.dump()).toContain('"journal"');
    await work;
    expect(harness.world.local.dump()).not.toContain('"journal"');
  });
  test('an answer that was lost is asked for again inside the leeway', async () => {
    const storm = standin.faults.add({ kind: 'drop-after', match: refresh, times: Infinity });
    expect((await rejection(myself())).code).toBe('offline');
    storm();
    standin.clock.advance(500_000);
    expect((await myself()).status).toBe(200);
    expect(standin.auditor.replaysInsideLeeway).toHaveLength(3);
  });
  test('a short storm is waited for: the same call is answered', async () => {
    standin.faults.add({ kind: 'drop-after', match: refresh, times: 2 });
    expect((await myself()).status).toBe(200);
    expect([refreshes(), standin.auditor.replaysInsideLeeway.length]).toEqual([3, 2]);
  });
  test('an answer that was lost longer ago than the leeway is asked for once, and then the person', async () => {
    // The probe before the late attempt is answered.
    const match = { ...refresh, field: 'refresh_token' };
    const storm = standin.faults.add({ kind: 'drop-before', match, times: Infinity });
    expect((await rejection(myself())).code).toBe('offline');
    const before = refreshes();
    standin.clock.advance(660_000);
    expect((await rejection(myself())).code).toBe('consent_required');
    expect(refreshes()).toBe(before + 1);
    expect(await status()).toBe('recoverable');
    storm();
    expect((await rejection(myself())).code).toBe('consent_required');
    expect(refreshes()).toBe(before + 1);
  });
  test('the one late attempt waits for a network', async () => {
    const offline = standin.faults.add({ kind: 'drop-before', match: {}, times: Infinity });
    expect((await rejection(myself())).code).toBe('offline');
    for (let hours = 0; hours < 5; hours += 1) {
      standin.clock.advance(hour);
      expect((await rejection(myself())).code).toBe('offline');
    }
    expect(await status()).toBe('valid');
    offline();
    expect((await myself()).status).toBe(200);
  });
  test.each([[''], [17], [['x']], ['r'.repeat(100_000)]])(
    'a refresh token that is none is asked for again while the old one is taken: %#',
    async (damaged) => {
      const { fetch } = harness.world;
      let isFirst = true;
      Object.assign(harness.world, {
        fetch: async (input: string, init: RequestInit) => {
          const response = await fetch(input, init);
          if (!input.includes('/oauth/token') || init.method !== 'POST' || !isFirst)
            return response;
          isFirst = false;
          return Response.json({ ...((await response.json()) as object), refresh_token: damaged });
        },
      });
      expect((await myself()).status).toBe(200);
      expect(refreshes()).toBe(2);
      standin.clock.advance(hour);
      expect((await myself()).status).toBe(200);
    },
  );
  test('a new refresh token beside an unknown error is kept, and the next request sends it', async () => {
    const { fetch } = harness.world;
    let isFirst = true;
    Object.assign(harness.world, {
      fetch: async (input: string, init: RequestInit) => {
        const response = await fetch(input, init);
        if (!input.includes('/oauth/token') || init.method !== 'POST' || !isFirst) return response;
        isFirst = false;
        const { refresh_token } = (await response.json()) as { refresh_token: string };
        return Response.json({ error: 'partial_failure', refresh_token });
      },
    });
    expect((await myself()).status).toBe(200);
    expect([refreshes(), await status()]).toEqual([2, 'valid']);
    expect(standin.auditor.replaysInsideLeeway).toEqual([]);
  });
  test('an answer that was lost with its worker is asked for again by the next one', async () => {
    const lost = standin.faults.add({
      kind: 'latency',
      until: new Promise(() => undefined),
      when: 'after',
      match: refresh,
    });
    void myself().catch(() => undefined);
    await lost.arrived;
    await revive();
    expect((await myself()).status).toBe(200);
    expect(await status()).toBe('valid');
  });
  test('an answer that was lost with its worker is asked for at the start of the next one, without a call', async () => {
    const lost = standin.faults.add({
      kind: 'latency',
      until: new Promise(() => undefined),
      when: 'after',
      match: refresh,
    });
    void myself().catch(() => undefined);
    await lost.arrived;
    await revive();
    await until(() => !harness.world.local.dump().includes('"journal"'));
    standin.clock.advance(660_000);
    expect((await myself()).status).toBe(200);
    expect(standin.auditor.replaysInsideLeeway).toHaveLength(1);
  });
  test('an answer without a refresh token keeps the old one', async () => {
    standin.faults.add({ kind: 'omit-refresh-token', match: refresh });
    expect((await myself()).status).toBe(200);
    standin.clock.advance(hour);
    expect((await myself()).status).toBe(200);
    expect(refreshes()).toBe(2);
  });
  test('an answer without a token type is taken', async () => {
    standin.faults.add({ kind: 'omit-token-type', match: refresh });
    expect((await myself()).status).toBe(200);
  });
  test('an answer of another content type is taken', async () => {
    standin.faults.add({ kind: 'content-type', value: 'text/html', match: refresh });
    expect((await myself()).status).toBe(200);
  });
  test('fewer scopes than before are noticed', async () => {
    standin.narrow({ scopes: ['offline_access', 'read:me', 'read:jira-work', 'read:jira-user'] });
    expect((await myself()).status).toBe(200);
    const sessions = await harness.ui('session.list', {});
    expect(sessions[0]?.missingScopes).toEqual([
      'read:confluence-content.all',
      'read:page:confluence',
      'read:space:confluence',
    ]);
  });
});

describe('a store that takes no writes', () => {
  beforeEach(() => {
    standin.clock.advance(hour);
  });
  test('before the refresh is sent: nothing is sent', async () => {
    harness.world.mirror.failWrites(1);
    harness.world.local.failWrites(1);
    expect((await rejection(myself())).code).toBe('unavailable');
    expect(refreshes()).toBe(0);
    expect((await myself()).status).toBe(200);
  });
  test('at the rotation: no caller gets a response, and the token is not lost, however late the next call is', async () => {
    const answered = standin.faults.add({
      kind: 'latency',
      until: Promise.resolve(),
      match: refresh,
    });
    const work = rejection(myself());
    await answered.arrived;
    harness.world.mirror.failWrites(1);
    harness.world.local.failWrites(1);
    expect((await work).code).toBe('unavailable');
    expect(apiCalls(standin)).toEqual([]);
    standin.clock.advance(hour);
    expect((await myself()).status).toBe(200);
    await revive();
    standin.clock.advance(hour);
    expect((await myself()).status).toBe(200);
  });
  test('at the rotation, with the call repeated at once: no second token request', async () => {
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
    expect((await myself()).status).toBe(200);
    expect(refreshes()).toBe(1);
  });
});

test('signing out while a refresh runs is final', async () => {
  standin.clock.advance(hour);
  const done = Promise.withResolvers<undefined>();
  const waiting = standin.faults.add({ kind: 'latency', until: done.promise, match: refresh });
  const work = rejection(myself());
  await waiting.arrived;
  await harness.ui('session.sign-out', { id: session.id });
  done.resolve(undefined);
  await work;
  await refreshEnded();
  expect(await harness.ui('session.list', {})).toEqual([]);
  expect(harness.world.local.dump()).not.toContain(session.id);
  expect(harness.world.session.dump()).not.toContain('access:');
});

test('signing out while the new access token is being written is final', async () => {
  standin.clock.advance(hour);
  const { session: area } = harness.world;
  const write = area.write.bind(area);
  const began = Promise.withResolvers<undefined>();
  const written = Promise.withResolvers<undefined>();
  Object.assign(area, {
    write: async (items: Record<string, unknown>) => {
      if (Object.keys(items).some((key) => key.startsWith('access:'))) {
        began.resolve(undefined);
        await written.promise;
      }
      return write(items);
    },
  });
  const work = rejection(myself());
  await began.promise;
  await harness.ui('session.sign-out', { id: session.id });
  written.resolve(undefined);
  await work;
  await refreshEnded();
  expect(area.dump()).not.toContain('access:');
});

test('signing in again while a refresh runs: the new grant counts', async () => {
  standin.clock.advance(hour);
  const done = Promise.withResolvers<undefined>();
  const waiting = standin.faults.add({
    kind: 'latency',
    until: done.promise,
    when: 'after',
    match: refresh,
  });
  const work = myself().catch(() => undefined);
  await waiting.arrived;
  const { clients } = await harness.ui('overview.get', {});
  const [client] = clients;
  if (!client) throw new Error('no client');
  await harness.ui('flow.start', { clientId: client.id });
  await until(async () => (await harness.ui('overview.get', {})).flow?.state === 'succeeded');
  done.resolve(undefined);
  await work;
  expect((await myself()).status).toBe(200);
  expect(await status()).toBe('valid');
  expect(refreshes()).toBe(1);
});
