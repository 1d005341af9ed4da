import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FaultSpec } from '../../standin/http/faults.ts';
import { rejection } from '../../support/faults.ts';
import { connect, dashboard } from '../../support/harness.ts';
import {
  aCall,
  apiCalls,
  bodyOf,
  fetchAll,
  sitesAt,
  tokenRequests,
} from '../../support/page-calls.ts';
import { harness, session, standin, useSession } from '../use-session.ts';

const hour = 3_600_000;
const api = { path: /^\/ex\// };
useSession({ standin: { transport: 'tls' }, access: 'write' });
let rulesInstalled: number;
/** How long the background paused, in milliseconds, one by one. */
let pauses: number[];
beforeEach(() => {
  rulesInstalled = 0;
  const installRequestRules = (): Promise<void> => {
    rulesInstalled += 1;
    return Promise.resolve();
  };
  const { pause: pass } = harness.world;
  pauses = [];
  const pause = (ms: number): Promise<void> => {
    pauses.push(ms);
    return pass(ms);
  };
  Object.assign(harness.world, { installRequestRules, pause });
});
afterEach(() => {
  expect(standin.auditor).toMatchObject({ cookieHeaders: [], strayBearers: [] });
});

const refreshes = (): number => tokenRequests(standin, 'refresh_token').length;
const sent = (): number => apiCalls(standin).length;
const get = (input = '/rest/api/3/myself') => fetchAll(harness.page(), { input });
const echo = () =>
  fetchAll(harness.page(), {
    method: 'POST',
    input: '/rest/api/3/echo',
    body: bodyOf('the body'),
  });
const status = async (): Promise<string | undefined> =>
  (await harness.ui('session.list', {})).find(({ id }) => id === session.id)?.status;
const gateway = (code: number, message: string, times = 1): FaultSpec => ({
  kind: 'status',
  status: code,
  body: JSON.stringify({ code, message }),
  contentType: 'application/json',
  match: api,
  times,
});
const scopeMismatch = (times = 1): FaultSpec =>
  gateway(401, 'Unauthorized; scope does not match', times);
const between = (least: number, most: number): unknown =>
  expect.toSatisfy(
    (ms: number) => ms >= least && ms <= most,
    `${String(least)} to ${String(most)}`,
  );
const xsrf = (times = 1): FaultSpec => ({
  kind: 'status',
  status: 403,
  body: 'XSRF check failed',
  match: api,
  times,
});
describe('a token that expires on its way, answered with 403 or 404', () => {
  const delayed = async (call: () => ReturnType<typeof get>) => {
    standin.expiredAnswer = 'quirk';
    const late = Promise.withResolvers<undefined>();
    const fault = standin.faults.add({ kind: 'latency', until: late.promise, match: api });
    const reply = call();
    await fault.arrived;
    standin.clock.advance(hour);
    late.resolve(undefined);
    return reply;
  };
  test.each([
    ['/rest/api/3/myself', 403],
    ['/wiki/api/v2/spaces', 404],
  ])('%s is sent again after one refresh', async (input, first) => {
    expect((await delayed(() => get(input))).status).toBe(200);
    expect(apiCalls(standin).map((entry) => entry.status)).toEqual([first, 200]);
    expect(refreshes()).toBe(1);
  });
  test('a write as well: the gateway itself refused it', async () => {
    expect((await delayed(echo)).bytes.toString()).toBe('the body');
    expect([sent(), refreshes()]).toEqual([2, 1]);
  });
  test('a write that the product refused is passed on', async () => {
    const reply = delayed(echo);
    standin.faults.add({ kind: 'status', status: 403, body: 'No', match: api });
    expect((await reply).status).toBe(403);
    expect([sent(), refreshes()]).toEqual([1, 0]);
  });
});

test.each([403, 404])('a %i before the stored expiry is passed on', async (code) => {
  standin.faults.add(gateway(code, 'No'));
  expect((await get()).status).toBe(code);
  expect([sent(), refreshes()]).toEqual([1, 0]);
});

test('a page of a captive portal is passed on, and the session is as it was', async () => {
  standin.faults.add({ kind: 'html', match: api });
  expect((await get()).bytes.toString()).toContain('Hotel Wi-Fi');
  expect([sent(), refreshes(), await status()]).toEqual([1, 0, 'valid']);
});

describe('a scope mismatch', () => {
  test('of a read just after the consent is asked again once, after 750 ms', async () => {
    standin.faults.add(scopeMismatch());
    expect((await get()).status).toBe(200);
    expect([sent(), refreshes(), pauses]).toEqual([2, 0, [750]]);
  });
  test('that stays is passed on', async () => {
    standin.faults.add(scopeMismatch(Infinity));
    expect((await get()).status).toBe(401);
    expect([sent(), refreshes()]).toEqual([2, 0]);
  });
  test('of a write is passed on', async () => {
    standin.faults.add(scopeMismatch());
    expect((await echo()).status).toBe(401);
    expect([sent(), refreshes()]).toEqual([1, 0]);
  });
  test('a minute after the consent is passed on', async () => {
    harness.world.elapse(60_000);
    standin.faults.add(scopeMismatch());
    expect((await get()).status).toBe(401);
    expect([sent(), refreshes()]).toEqual([1, 0]);
  });
});

describe('a failed XSRF check', () => {
  test('has the request rules installed again, and the write is sent again with its body', async () => {
    standin.faults.add(xsrf());
    expect((await echo()).bytes.toString()).toBe('the body');
    expect([sent(), rulesInstalled, refreshes()]).toEqual([2, 1, 0]);
  });
  test('that stays is passed on, and the session is as it was', async () => {
    standin.faults.add(xsrf(Infinity));
    expect((await echo()).status).toBe(403);
    expect([sent(), rulesInstalled, refreshes(), await status()]).toEqual([2, 1, 0, 'valid']);
  });
  test('is passed on when the rules cannot be installed', async () => {
    Object.assign(harness.world, { installRequestRules: () => Promise.reject(new Error('no')) });
    standin.faults.add(xsrf(Infinity));
    expect((await echo()).status).toBe(403);
    expect(sent()).toBe(2);
  });
});

describe('a server that is out of order', () => {
  const outage = (code: number, times: number, headers = {}): FaultSpec => ({
    kind: 'status',
    status: code,
    match: api,
    times,
    headers,
  });
  test.each([500, 502, 503, 504])('a read is sent again after a %i', async (code) => {
    standin.faults.add(outage(code, 1));
    expect((await get()).status).toBe(200);
    expect(sent()).toBe(2);
    expect(pauses).toEqual([between(250, 500)]);
  });
  test('twice, with a longer pause', async () => {
    standin.faults.add(outage(503, 2));
    expect((await get()).status).toBe(200);
    expect(sent()).toBe(3);
    expect(pauses).toEqual([between(250, 500), between(500, 1500)]);
  });
  test('and no more: then the answer is passed on', async () => {
    standin.faults.add(outage(503, Infinity));
    expect((await get()).status).toBe(503);
    expect(sent()).toBe(3);
  });
  test('a HEAD is like a GET, a write is sent once', async () => {
    standin.faults.add(outage(503, 1));
    expect((await fetchAll(harness.page(), { method: 'HEAD' })).status).not.toBe(503);
    expect(sent()).toBe(2);
    standin.faults.add(outage(503, 1));
    expect((await echo()).status).toBe(503);
    expect(sent()).toBe(3);
  });
  test.each([
    ['5', 200, 2, [between(5000, 5250)]],
    ['6', 503, 1, []],
  ])('Retry-After: %s gives a %i after %i sendings', async (seconds, code, times, paused) => {
    standin.faults.add(outage(503, 1, { 'retry-after': seconds }));
    expect((await get()).status).toBe(code);
    expect(sent()).toBe(times);
    expect(pauses).toEqual(paused);
  });
  test('a 429 is passed on', async () => {
    standin.faults.add({ kind: 'rate-limit', retryAfterSeconds: 1, match: api });
    expect([(await get()).status, sent()]).toEqual([429, 1]);
  });
});

describe('a connection that breaks', () => {
  test.each(['drop-before', 'drop-after', 'truncate'] as const)(
    'a read is sent again, twice at most: %s',
    async (kind) => {
      const twice = standin.faults.add({ kind, match: api, times: 2 });
      expect((await get()).status).toBe(200);
      expect([twice.hits(), sent()]).toEqual([2, 3]);
      standin.faults.add({ kind, match: api, times: Infinity });
      expect((await rejection(get())).code).toBe('offline');
      expect(sent()).toBe(6);
    },
  );
  test.each(['drop-before', 'drop-after', 'truncate'] as const)(
    'a write is sent once: %s',
    async (kind) => {
      standin.faults.add({ kind, match: api });
      expect((await rejection(echo())).code).toBe('outcome_unknown');
      expect(sent()).toBe(1);
    },
  );
  test('a search by POST is sent once: it is `offline`', async () => {
    standin.faults.add({ kind: 'drop-after', match: api });
    const search = { method: 'POST', input: '/rest/api/3/search/jql', body: bodyOf('{}') };
    expect((await rejection(fetchAll(harness.page(), search))).code).toBe('offline');
    expect(sent()).toBe(1);
  });
});

describe('one after the other', () => {
  test('a 503, then a token that is refused', async () => {
    standin.faults.add({ kind: 'status', status: 503, match: api });
    standin.faults.add(gateway(401, 'Unauthorized'));
    expect((await get()).status).toBe(200);
    expect([sent(), refreshes()]).toEqual([3, 1]);
  });
  test('a write: the XSRF filter, then a token that is refused', async () => {
    standin.faults.add(xsrf());
    standin.faults.add(gateway(401, 'Unauthorized'));
    expect((await echo()).bytes.toString()).toBe('the body');
    expect([sent(), rulesInstalled, refreshes()]).toEqual([3, 1, 1]);
  });
  test('a write: a token that is refused, then a connection that breaks', async () => {
    standin.faults.add(gateway(401, 'Unauthorized'));
    standin.faults.add({ kind: 'drop-after', match: api });
    expect((await rejection(echo())).code).toBe('outcome_unknown');
    expect([sent(), refreshes()]).toEqual([2, 1]);
  });
  test('whatever happens, four sendings are the end', async () => {
    standin.faults.add(scopeMismatch());
    standin.faults.add(gateway(401, 'Unauthorized'));
    standin.faults.add(xsrf());
    standin.faults.add({ kind: 'status', status: 503, match: api, times: Infinity });
    expect((await get()).status).toBe(503);
    expect([sent(), rulesInstalled, refreshes()]).toEqual([4, 1, 1]);
  });
});

describe('a pause', () => {
  /** Starts a read that meets a 503, and resolves when its pause, which never ends by itself, has begun. */
  const paused = async () => {
    standin.faults.add({ kind: 'status', status: 503, match: api });
    const begun = Promise.withResolvers<undefined>();
    const over = Promise.withResolvers<undefined>();
    Object.assign(harness.world, {
      pause: () => {
        begun.resolve(undefined);
        return over.promise;
      },
    });
    const call = aCall();
    const work = rejection(harness.page()('api.request', call));
    await begun.promise;
    return { call, work, resume: () => over.resolve(undefined) };
  };
  test('ends at once when the page aborts the call', async () => {
    const { call, work } = await paused();
    await harness.page()('api.abort', { callId: call.callId });
    await work;
    expect(sent()).toBe(1);
  });
  test('ends at once when the page is left', async () => {
    const { work } = await paused();
    await harness.leave();
    await work;
    expect(sent()).toBe(1);
  });
  test('ends at once when the person disconnects the page', async () => {
    const { work } = await paused();
    await harness.ui('grant.remove', { origin: dashboard });
    expect([(await work).code, sent()]).toEqual(['not_connected', 1]);
  });
  test('is followed by a new judgement: a site that was taken away is not called', async () => {
    const { work, resume } = await paused();
    await connect(harness, session, { sites: sitesAt(session, 'globex').slice(1) });
    resume();
    expect([(await work).code, sent()]).toEqual(['not_allowed', 1]);
  });
  test('is followed by a new judgement: nor is one of a session that ended', async () => {
    const { work, resume } = await paused();
    await harness.ui('session.sign-out', { id: session.id });
    resume();
    expect([(await work).code, sent()]).toEqual(['not_connected', 1]);
  });
});
