import { beforeEach, describe, expect, test, vi } from 'vitest';
import { upstreamPlaces } from '../../../background/quota/upstream-queue.ts';
import { maxLoad } from '../../../background/calls/origin-loads.ts';
import { maxWaitingCommands } from '../../../background/messages/waiting-commands.ts';
import type { Origin } from '../../../extension/core/values/origin.ts';
import type { Send } from '../../../extension/wire/send.ts';
import { rejection } from '../../support/faults.ts';
import { connect, pageSender } from '../../support/harness.ts';
import {
  aCall,
  apiCalls,
  codeOf,
  countsOf,
  holdResponses,
  sendMany,
  settled,
  sitesAt,
  whileTimePasses,
} from '../../support/page-calls.ts';
import { harness, session, standin, useSession } from '../use-session.ts';

useSession({ access: 'write' });

/** Requests upstream: how many there are now, and were at most. */
let upstream: { now: number; most: number };
beforeEach(() => {
  upstream = { now: 0, most: 0 };
  const { fetch } = harness.world;
  Object.assign(harness.world, {
    fetch: async (url: string, init: RequestInit) => {
      upstream.now += 1;
      upstream.most = Math.max(upstream.most, upstream.now);
      return fetch(url, init).finally(() => (upstream.now -= 1));
    },
  });
});

async function connected(origin: string): Promise<Send> {
  await connect(harness, session, {
    origin: origin as Origin,
    sites: sitesAt(session, 'acme'),
    access: 'write',
  });
  return harness.page(origin, { documentId: `document of ${origin}` });
}
const echo = { method: 'POST', input: '/rest/api/3/echo' } as const;

test('of a hundred thousand calls of one origin ten thousand wait, and no other origin is behind them', async () => {
  const other = await connected('https://other.example');
  const release = holdResponses(standin);
  const page = harness.page();
  const calls = sendMany(page, maxLoad.calls);
  await settled();
  expect(upstream.now).toBe(upstreamPlaces.ofOrigin);
  const refused: Record<string, number> = {};
  for (let at = maxLoad.calls; at < 100_000; at += 1) {
    const code = await codeOf(page('api.request', aCall()));
    refused[code] = (refused[code] ?? 0) + 1;
  }
  expect(refused).toEqual({ rate_limited: 100_000 - maxLoad.calls });
  const single = codeOf(other('api.request', aCall({ input: '/rest/api/3/bytes/1' })));
  await settled();
  expect(apiCalls(standin).map(({ path }) => path.endsWith('/bytes/1'))).toEqual([
    ...Array<boolean>(upstreamPlaces.ofOrigin).fill(false),
    true,
  ]);
  release();
  expect(await single).toBe(200);
  const counts = await whileTimePasses(harness.world, countsOf(calls));
  expect(counts).toEqual({ 200: maxLoad.calls });
  expect(upstream).toEqual({ now: 0, most: upstreamPlaces.ofOrigin + 1 });
}, 180_000);

test('where the places of a tenant are taken, the origins that wait are served in turn', async () => {
  const greedy = upstreamPlaces.ofTenant / upstreamPlaces.ofOrigin;
  const origins = Array.from({ length: greedy }, (_, at) => `https://greedy-${String(at)}.example`);
  const pages = await Promise.all(origins.map(connected));
  const modest = await connected('https://modest.example');
  const release = holdResponses(standin);
  const calls = pages.flatMap((page) => sendMany(page, 200));
  await settled();
  expect(upstream.now).toBe(upstreamPlaces.ofTenant);
  const single = codeOf(modest('api.request', aCall({ input: '/rest/api/3/bytes/1' })));
  await settled();
  expect(upstream.now).toBe(upstreamPlaces.ofTenant);
  release();
  expect(await single).toBe(200);
  const counts = await whileTimePasses(harness.world, countsOf(calls));
  expect(counts).toEqual({ 200: greedy * 200 });
  expect(upstream.most).toBe(upstreamPlaces.ofTenant);
  const at = apiCalls(standin).findIndex(({ path }) => path.endsWith('/bytes/1'));
  expect(at).toBeGreaterThanOrEqual(upstreamPlaces.ofTenant);
  expect(at).toBeLessThanOrEqual(upstreamPlaces.ofTenant + greedy);
});

describe('a call that waits for its turn', () => {
  /** Takes all places of the origin. */
  async function filled(): Promise<() => void> {
    const release = holdResponses(standin);
    void Promise.all(sendMany(harness.page(), upstreamPlaces.ofOrigin));
    await settled();
    return release;
  }
  test.each<[string, (callId: string) => Promise<unknown>, string]>([
    ['it is aborted', (callId) => harness.page()('api.abort', { callId }), 'unavailable'],
    ['its document ends', () => harness.leave(), 'unavailable'],
    ['its page is disconnected', () => harness.page()('page.disconnect', {}), 'not_connected'],
    [
      'the connection is narrowed to reading',
      () => connect(harness, session, { sites: sitesAt(session, 'acme') }),
      'not_allowed',
    ],
    [
      'its session is signed out',
      () => harness.ui('session.sign-out', { id: session.id }),
      'not_connected',
    ],
  ])('leaves the queue at once when %s', async (_, act, code) => {
    await filled();
    const call = aCall({ ...echo, body: new ArrayBuffer(1) });
    const work = codeOf(harness.page()('api.request', call));
    await settled();
    await act(call.callId);
    expect(await work).toBe(code);
    await settled();
    expect(apiCalls(standin).filter(({ path }) => path.endsWith('/echo'))).toEqual([]);
  });
  test('is sent with the token of that time', async () => {
    const release = await filled();
    const late = codeOf(harness.page()('api.request', aCall({ input: '/rest/api/3/bytes/1' })));
    await settled();
    standin.clock.advance(3_600_000);
    release();
    expect(await late).toBe(200);
    const [sent, ...again] = apiCalls(standin).filter(({ path }) => path.endsWith('/bytes/1'));
    const earlier = apiCalls(standin)[0]?.headers['authorization'];
    expect([sent?.status, again]).toEqual([200, []]);
    expect(sent?.headers['authorization']).not.toBe(earlier);
  });
});

test('a call that waits for a refresh or for the person has no place upstream', async () => {
  const other = await connected('https://other.example');
  standin.clock.advance(3_600_000);
  const gate = Promise.withResolvers<undefined>();
  const match = { grantType: 'refresh_token' } as const;
  const refresh = standin.faults.add({ kind: 'latency', until: gate.promise, match });
  const waiting = sendMany(harness.page(), upstreamPlaces.inAll);
  await refresh.arrived;
  await connect(harness, session, { origin: 'https://asks.example' as Origin });
  const asks = harness.page('https://asks.example', { documentId: 'asks' });
  const asking = sendMany(asks, upstreamPlaces.inAll);
  gate.resolve(undefined);
  expect(await countsOf(waiting)).toEqual({ 200: upstreamPlaces.inAll });
  expect(await codeOf(other('api.request', aCall()))).toBe(200);
  await asks('page.disconnect', {});
  expect(await countsOf(asking)).toEqual({ not_connected: upstreamPlaces.inAll });
});

test('a call that waits for its retry has no place upstream, and then goes ahead of those that wait', async () => {
  const pauses: PromiseWithResolvers<undefined>[] = [];
  Object.assign(harness.world, {
    pause: () => {
      const pause = Promise.withResolvers<undefined>();
      pauses.push(pause);
      return pause.promise;
    },
  });
  standin.faults.add({ kind: 'status', status: 503, times: upstreamPlaces.ofOrigin });
  const failing = sendMany(harness.page(), upstreamPlaces.ofOrigin);
  await vi.waitUntil(() => pauses.length === upstreamPlaces.ofOrigin);
  expect(await countsOf(sendMany(harness.page(), 1))).toEqual({ 200: 1 });
  const release = holdResponses(standin);
  const others = sendMany(harness.page(), 2 * upstreamPlaces.ofOrigin, {
    input: '/rest/api/3/bytes/1',
  });
  await settled();
  for (const pause of pauses) pause.resolve(undefined);
  await settled();
  release();
  const all = await countsOf([...failing, ...others]);
  expect(all).toEqual({ 200: 3 * upstreamPlaces.ofOrigin });
  const paths = apiCalls(standin).map(({ path }) => path);
  const [lastRetry, lastOther] = ['/myself', '/bytes/1'].map((end) =>
    paths.findLastIndex((path) => path.endsWith(end)),
  );
  expect(lastRetry).toBeLessThan(lastOther ?? 0);
  expect(upstream.most).toBe(upstreamPlaces.ofOrigin);
});

test('calls whose responses are not read keep the places of their origin only, until they are given up', async () => {
  const other = await connected('https://other.example');
  const large = { kind: 'status', status: 200, body: 'x'.repeat(3 * 1_048_576) } as const;
  standin.faults.add({ ...large, times: upstreamPlaces.ofOrigin });
  await Promise.all(sendMany(harness.page(), upstreamPlaces.ofOrigin));
  const next = codeOf(harness.page()('api.request', aCall()));
  expect(await codeOf(other('api.request', aCall()))).toBe(200);
  expect(apiCalls(standin)).toHaveLength(upstreamPlaces.ofOrigin + 1);
  harness.world.elapse(600_000);
  expect(await next).toBe(200);
});

test('of an origin twelve thousand commands wait for the person, over all its ports and messages', async () => {
  const asking = 'https://asking.example';
  const other = await connected('https://other.example');
  const page = await connected(asking);
  const ports = ['one', 'two'].map((documentId, at) =>
    harness.port({ ...pageSender(asking), documentId, tabId: at + 20 }),
  );
  const senders = [page, ...ports.map(({ send }) => send)];
  const codes: string[] = [];
  const ask = async (send: Send | undefined): Promise<void> => {
    const fault = await rejection(send?.('page.request-access', {}) ?? Promise.resolve());
    codes.push(fault.code);
  };
  const works = Array.from({ length: maxWaitingCommands }, (_, at) => ask(senders[at % 3]));
  await settled();
  expect(codes).toEqual([]);
  for (const send of senders) await ask(send);
  expect(codes).toEqual(Array(3).fill('rate_limited'));
  await expect(page('page.sites', {})).rejects.toMatchObject({ fault: { code: 'rate_limited' } });
  await ports[0]?.send('api.abort', { callId: 'a' });
  expect(await codeOf(other('api.request', aCall()))).toBe(200);
  for (const port of ports) port.end();
  await harness.leave(asking, { documentId: `document of ${asking}` });
  await Promise.all(works.filter((_, at) => at % 3 === 0));
  expect(await codeOf(page('api.request', aCall()))).toBe(200);
});
