import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rejection } from '../../support/faults.ts';
import { aDraft } from '../../support/harness.ts';
import {
  apiCalls,
  bodyOf,
  fetchAll,
  tokenRequests,
  whileTimePasses,
} from '../../support/page-calls.ts';
import { harness, revive, session, standin, useSession } from '../use-session.ts';
import { connections } from '../../support/connections.ts';

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
/** Makes the access token one that the gateway does not know, as a companion rule or a revocation does. */
const spoilAccessToken = async (): Promise<void> => {
  const key = `access:${session.id}`;
  const entry = harness.world.session.entries.get(key) as object;
  harness.world.session.entries.set(key, { ...entry, token: 'spoilt' });
  await revive();
};

test('a fresh token is used without asking', async () => {
  await myself();
  await myself();
  expect(refreshes()).toBe(0);
});

test('an expired token is renewed once, and the next calls use the new one', async () => {
  standin.clock.advance(hour);
  expect((await myself()).status).toBe(200);
  expect((await myself()).status).toBe(200);
  expect(refreshes()).toBe(1);
  expect(apiCalls(standin).every((entry) => entry.status === 200)).toBe(true);
});

test('a thousand callers in ten documents share one token request', async () => {
  standin.clock.advance(hour);
  const { fetch } = harness.world;
  Object.assign(harness.world, {
    fetch: (input: string, init: RequestInit) =>
      input.includes('/ex/') ? Promise.resolve(Response.json({})) : fetch(input, init),
  });
  const documents = Array.from({ length: 10 }, (_, at) =>
    harness.page(undefined, { documentId: `document-${String(at)}` }),
  );
  const calls = documents.flatMap((page) => Array.from({ length: 100 }, () => fetchAll(page)));
  const replies = await whileTimePasses(harness.world, Promise.all(calls));
  expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([200]));
  expect(refreshes()).toBe(1);
});

test('callers who were all refused with the same token share one token request', async () => {
  await spoilAccessToken();
  const replies = await Promise.all(Array.from({ length: 20 }, myself));
  expect(replies.every((reply) => reply.status === 200)).toBe(true);
  expect(refreshes()).toBe(1);
});

test('while a rejected token is refreshed, no other call is sent with it', async () => {
  await spoilAccessToken();
  const { fetch } = harness.world;
  const refreshed = Promise.withResolvers<undefined>();
  const asked = Promise.withResolvers<undefined>();
  Object.assign(harness.world, {
    fetch: async (input: string, init: RequestInit) => {
      if (!input.includes('/oauth/token')) return fetch(input, init);
      asked.resolve(undefined);
      await refreshed.promise;
      return fetch(input, init);
    },
  });
  standin.log.clear();
  const first = myself();
  await asked.promise;
  const others = Array.from({ length: 5 }, myself);
  await new Promise((resolve) => setImmediate(resolve));
  expect(apiCalls(standin).map(({ status }) => status)).toEqual([401]);
  refreshed.resolve(undefined);
  const replies = await Promise.all([first, ...others]);
  expect(replies.map(({ status }) => status)).toEqual(Array(6).fill(200));
  expect(apiCalls(standin).filter(({ status }) => status === 401)).toHaveLength(1);
});

describe('a 401', () => {
  test.each(['GET', 'POST', 'PUT', 'DELETE'])(
    'of the gateway itself: %s is sent again after a refresh, with its body',
    async (method) => {
      await spoilAccessToken();
      standin.log.clear();
      const isEcho = method === 'POST';
      const input = isEcho ? '/rest/api/3/echo' : '/rest/api/3/status/200';
      const body = method === 'GET' || method === 'DELETE' ? null : bodyOf('the body');
      const reply = await fetchAll(harness.page(), { method, input, body });
      expect(reply.status).toBe(200);
      if (isEcho) expect(reply.bytes.toString()).toBe('the body');
      expect(apiCalls(standin).map((entry) => [entry.status, entry.bodyText])).toEqual([
        [401, body ? 'the body' : ''],
        [200, body ? 'the body' : ''],
      ]);
      expect(refreshes()).toBe(1);
    },
  );
  test('of the gateway for good: one refresh, one retry, then it is passed on', async () => {
    const gatewayRefusal = {
      status: 401,
      body: '{"code":401,"message":"Unauthorized"}',
      contentType: 'application/json',
    };
    standin.faults.add({
      kind: 'status',
      ...gatewayRefusal,
      match: { path: /^\/ex\// },
      times: Infinity,
    });
    expect((await myself()).status).toBe(401);
    expect([apiCalls(standin).length, refreshes()]).toEqual([2, 1]);
  });
  test.each([
    ['GET', 2, 1],
    ['HEAD', 2, 1],
    ['POST', 1, 0],
    ['PUT', 1, 0],
  ])(
    'of the product behind: %s is sent %i times, with %i refreshes',
    async (method, sent, renewals) => {
      standin.faults.add({
        kind: 'status',
        status: 401,
        body: 'Login required',
        match: { path: /^\/ex\// },
      });
      const isWrite = method === 'POST' || method === 'PUT';
      const input = isWrite ? '/rest/api/3/status/200' : '/rest/api/3/myself';
      await fetchAll(harness.page(), { method, input, body: isWrite ? bodyOf('x') : null });
      expect([apiCalls(standin).length, refreshes()]).toEqual([sent, renewals]);
    },
  );
  test('about a scope is passed on: no refresh helps', async () => {
    const reply = await fetchAll(harness.page(), {
      method: 'POST',
      input: '/rest/api/3/issue',
      body: bodyOf('{}'),
    });
    expect(reply.status).toBe(401);
    expect(reply.bytes.toString()).toContain('scope does not match');
    expect([apiCalls(standin).length, refreshes()]).toEqual([1, 0]);
  });
  test('with an endless body is passed on without being read to its end first', async () => {
    standin.faults.add({
      kind: 'status',
      status: 401,
      body: 'x'.repeat(9 * 1_048_576),
      match: { path: /^\/ex\// },
      times: 2,
    });
    const reply = await harness.page()('api.request', {
      callId: 'a',
      method: 'POST',
      input: '/rest/api/3/status/200',
      headers: [],
      body: null,
      writtenBytes: 0,
    });
    expect(reply).toMatchObject({ status: 401, isComplete: false });
  });
});

describe('a definitive rejection', () => {
  beforeEach(() => {
    standin.revokeGrant('ada', 'team-client');
  });
  test('of a revoked grant asks for consent, keeps everything, and is not asked for again', async () => {
    expect((await rejection(myself())).code).toBe('consent_required');
    expect(await status()).toBe('recoverable');
    expect(await connections(harness.ui)).toHaveLength(1);
    expect((await rejection(myself())).code).toBe('consent_required');
    await revive();
    expect((await rejection(myself())).code).toBe('consent_required');
    expect(refreshes()).toBe(1);
  });
  test('reaches all who waited', async () => {
    standin.clock.advance(hour);
    const faults = await Promise.all(Array.from({ length: 20 }, () => rejection(myself())));
    expect(new Set(faults.map(({ code }) => code))).toEqual(new Set(['consent_required']));
    expect(refreshes()).toBe(1);
  });
  test('is reported when the sites are refreshed', async () => {
    expect((await rejection(harness.ui('session.refresh-sites', { id: session.id }))).code).toBe(
      'consent_required',
    );
    expect(await status()).toBe('recoverable');
  });
});

describe('a transient error', () => {
  beforeEach(() => {
    standin.clock.advance(hour);
  });
  test.each([
    ['503', { kind: 'status', status: 503 }],
    ['a page in place of JSON', { kind: 'html' }],
    ['a dropped connection', { kind: 'drop-before' }],
    ['half an answer', { kind: 'truncate' }],
    ['a redirect', { kind: 'redirect', status: 307, location: 'https://evil.example/' }],
  ] as const)('%s at a refresh changes no status, and the next call works', async (_, fault) => {
    const storm = standin.faults.add({ ...fault, match: refresh, times: Infinity });
    expect((await rejection(myself())).code).toBe('offline');
    expect(await status()).toBe('valid');
    storm();
    expect((await myself()).status).toBe(200);
    expect(standin.refusedHosts).toEqual([]);
  });
  test('a request to wait is reported, and changes no status', async () => {
    const storm = standin.faults.add({ kind: 'rate-limit', match: refresh, times: Infinity });
    expect((await rejection(myself())).code).toBe('rate_limited');
    expect(await status()).toBe('valid');
    storm();
    expect((await myself()).status).toBe(200);
  });
  test('a wrong client secret asks the person, and changes no status', async () => {
    const app = standin.apps.get('team-client');
    if (app) app.clientSecret = 'another';
    expect((await rejection(myself())).code).toBe('consent_required');
    expect(await status()).toBe('valid');
    const { clients } = await harness.ui('overview.get', {});
    const sessions = await harness.ui('session.list', {});
    expect(sessions).toMatchObject([{ isClientRejected: true, status: 'valid' }]);
    expect(clients[0]?.rejectedAtMs).toBeDefined();
    const asked = refreshes();
    expect((await rejection(myself())).code).toBe('consent_required');
    expect(refreshes()).toBe(asked);
    if (app) app.clientSecret = aDraft().clientSecret ?? '';
    expect((await rejection(myself())).code).toBe('consent_required');
    standin.clock.advance(60_000);
    expect((await myself()).status).toBe(200);
    expect((await harness.ui('overview.get', {})).clients[0]).not.toHaveProperty('rejectedAtMs');
  });
});

test('a client that was refused a moment ago is tried again when the person asks', async () => {
  standin.clock.advance(hour);
  const app = standin.apps.get('team-client');
  if (app === undefined) throw new Error('no app');
  app.clientSecret = 'another';
  await rejection(myself());
  app.clientSecret = aDraft().clientSecret ?? '';
  const asked = refreshes();
  const view = await harness.ui('session.refresh-sites', { id: session.id });
  expect([view.sites.length, refreshes()]).toEqual([4, asked + 1]);
  expect((await myself()).status).toBe(200);
});

test('refreshed sites are asked for with a token that is renewed when it is refused', async () => {
  await spoilAccessToken();
  const view = await harness.ui('session.refresh-sites', { id: session.id });
  expect(view.sites).toHaveLength(4);
  expect(refreshes()).toBe(1);
});
