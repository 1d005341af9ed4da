import { beforeEach, expect, test } from 'vitest';
import { maxLoad } from '../../../background/calls/origin-loads.ts';
import type { Origin } from '../../../extension/core/values/origin.ts';
import { connect } from '../../support/harness.ts';
import {
  aCall,
  apiCalls,
  codeOf,
  countsOf,
  fetchAll,
  sendMany,
  settled,
  sitesAt,
} from '../../support/page-calls.ts';
import { harness, revive, session, standin, useSession } from '../use-session.ts';

useSession({ access: 'write' });
const bytes = { input: '/rest/api/3/bytes/1' } as const;

/** In the middle of an hour, so that no test is at its end. */
beforeEach(() => {
  const hourMs = 3_600_000;
  standin.clock.advance(hourMs * 1.5 - (standin.clock.nowMs() % hourMs));
});

/** The next response is a 429. */
function limitNext(headers: Record<string, string>, status = 429): void {
  standin.faults.add({
    kind: 'status',
    status,
    headers,
    body: 'limited',
    match: { path: /^\/ex/ },
  });
}

test('a call to what a 429 closed gets a 429 at once, with the headers of the provider', async () => {
  limitNext({
    'ratelimit-reason': 'jira-burst-based',
    'retry-after': '30',
    'beta-retry-after': '30',
    'x-beta-ratelimit-remaining': '64000',
    'x-threelo-held': '1',
  });
  const limited = await fetchAll(harness.page());
  expect([limited.status, limited.bytes.toString()]).toEqual([429, 'limited']);
  expect(Object.keys(Object.fromEntries(limited.headers))).not.toContain('x-threelo-held');
  standin.clock.advance(10_000);
  const held = await fetchAll(harness.page());
  expect(held).toMatchObject({ status: 429, statusText: 'Too Many Requests', url: limited.url });
  expect(Object.fromEntries(held.headers)).toMatchObject({
    'retry-after': '20',
    'ratelimit-reason': 'jira-burst-based',
    'beta-retry-after': '30',
    'x-beta-ratelimit-remaining': '64000',
    'x-threelo-held': '1',
    'content-type': 'application/json',
  });
  expect(JSON.parse(held.bytes.toString())).toMatchObject({ code: 429 });
  expect((await fetchAll(harness.page(), bytes)).status).toBe(200);
  expect(apiCalls(standin)).toHaveLength(2);
});

test('calls that are held hold nothing: any number of them is answered', async () => {
  limitNext({ 'ratelimit-reason': 'jira-quota-global-based', 'retry-after': '3000' });
  expect(await countsOf(sendMany(harness.page(), 1))).toEqual({ 429: 1 });
  // More than an origin may have in flight.
  const many = maxLoad.calls / 2 + 1;
  for (let at = 0; at < 2; at += 1)
    expect(await countsOf(sendMany(harness.page(), many))).toEqual({ 429: many });
  expect(apiCalls(standin)).toHaveLength(1);
});

test('a read is answered as held when the 503 before its retry named a limit', async () => {
  limitNext({ 'ratelimit-reason': 'jira-burst-based', 'retry-after': '4' }, 503);
  const work = fetchAll(harness.page());
  for (let at = 0; at < 10; at += 1) {
    await settled();
    harness.world.elapse(1000);
  }
  expect((await work).status).toBe(200);
  limitNext({ 'ratelimit-reason': 'jira-burst-based', 'retry-after': '40' }, 503);
  expect((await fetchAll(harness.page())).status).toBe(503);
  expect((await fetchAll(harness.page())).status).toBe(429);
});

test.each<[string, () => Promise<unknown>, string]>([
  ['its document ends', () => harness.leave(), 'unavailable'],
  ['its page is disconnected', () => harness.page()('page.disconnect', {}), 'not_connected'],
])('a call that waits for a scope leaves at once when %s', async (_, act, code) => {
  limitNext({ 'retry-after': '5' });
  await fetchAll(harness.page());
  const work = codeOf(harness.page()('api.request', aCall()));
  await settled();
  await act();
  expect(await work).toBe(code);
});

test('a 429 without a reason closes one endpoint, for all pages', async () => {
  limitNext({ 'retry-after': '50' });
  await fetchAll(harness.page());
  const origin = 'https://other.example';
  await connect(harness, session, {
    origin: origin as Origin,
    sites: sitesAt(session, 'acme'),
  });
  const page = harness.page(origin, { documentId: 'other' });
  expect((await fetchAll(page)).status).toBe(429);
  expect((await fetchAll(page, bytes)).status).toBe(200);
});

test('the options page sees what each app did in this hour', async () => {
  expect(await harness.ui('quota.list', {})).toEqual([]);
  await fetchAll(harness.page());
  limitNext({ 'ratelimit-reason': 'jira-quota-global-based', 'retry-after': '600' });
  await fetchAll(harness.page(), bytes);
  await fetchAll(harness.page());
  const [quota] = await harness.ui('quota.list', {});
  expect(quota).toEqual({
    clientId: session.clientId,
    calls: 2,
    points: 3,
    quota: 65_000,
    limited: 1,
    held: 1,
    closedUntilMs: standin.clock.nowMs() + 600_000,
  });
});

test('points that are used up are used up for a new worker, too', async () => {
  limitNext({ 'ratelimit-reason': 'jira-quota-global-based', 'retry-after': '600' });
  await fetchAll(harness.page());
  harness.world.elapse(2000);
  await revive();
  expect((await fetchAll(harness.page(), bytes)).status).toBe(429);
  expect(apiCalls(standin)).toHaveLength(1);
});
