import { beforeEach, describe, expect, test } from 'vitest';
import type { Origin } from '../../../extension/core/values/origin.ts';
import type { ApiRequest } from '../../../extension/wire/api-call.ts';
import type { ClientView, SessionView } from '../../../extension/wire/views.ts';
import { ACME_CLOUD_ID } from '../../standin/facts/sites.ts';
import { SCOPES } from '../../standin/standin-session.ts';
import { addClient, aDraft, connect, runFlow } from '../../support/harness.ts';
import { apiCalls, bodyOf, sitesAt } from '../../support/page-calls.ts';
import { timedPage, type TimedPage, type TimedReply } from '../../support/time/timed-pages.ts';
import { client, harness, session, standin, time, useTimedSession } from '../use-session.ts';

const hour = 3_600_000;
const scopes = SCOPES.split(' ');
useTimedSession({
  scopes,
  standin: { secondConsent: 'keeps-both' },
});

const issue = '/rest/api/3/issue/ROC-1';
const edit = (input: string): Partial<ApiRequest> => ({
  method: 'PUT',
  headers: [['content-type', 'application/json']],
  input,
  body: bodyOf('{"fields":{}}'),
});

let lastOrigin = 0;
/** A page of an origin of its own, connected to the site of a session with that name. */
async function pageAt(view: SessionView, site: 'acme' | 'globex'): Promise<TimedPage> {
  lastOrigin += 1;
  const origin = `https://page-${String(lastOrigin)}.example` as Origin;
  await connect(harness, view, { origin, access: 'write', sites: sitesAt(view, site) });
  return timedPage(harness, time, origin);
}

/** Bo, signed in with a client; he may use Acme's site too. */
async function bo(of: ClientView): Promise<SessionView> {
  harness.world.person = async (url) => ({
    redirectedTo: await standin.consent(url.href, { account: 'bo' }),
  });
  const { sessionId } = await runFlow(harness, of);
  const sessions = await harness.ui('session.list', {});
  return sessions.find(({ id }) => id === sessionId) as SessionView;
}

/** A second configuration of the app whose first one is signed in. */
async function secondConfiguration(): Promise<ClientView> {
  const added = await harness.ui('client.create', {
    client: aDraft({ name: 'The same app', scopes }),
  });
  standin.apps.get(client.clientId)?.callbackUrls.push(added.redirectUri);
  return added;
}

type Caller =
  'page' | 'another page' | 'another account' | 'a second configuration' | 'another app';
let callers: Record<Caller | 'another site', TimedPage>;
beforeEach(async () => {
  standin.accounts.get('bo').sites.push(ACME_CLOUD_ID);
  const other = await addClient(
    harness,
    standin,
    aDraft({ name: 'Other', clientId: 'other', scopes }),
  );
  callers = {
    page: await pageAt(session, 'acme'),
    'another page': await pageAt(session, 'acme'),
    'another site': await pageAt(session, 'globex'),
    'another account': await pageAt(await bo(client), 'acme'),
    'a second configuration': await pageAt(await bo(await secondConfiguration()), 'acme'),
    'another app': await pageAt(await bo(other), 'acme'),
  };
  standin.clock.advance(hour - (time.nowMs() % hour));
  standin.log.clear();
});

const calls: Readonly<Record<string, () => Promise<TimedReply>>> = {
  'the call': () => read(),
  'the call for another issue': () => callers.page({ input: '/rest/api/3/issue/ROC-2' }),
  'the call by another page': () => callers['another page']({ input: issue }),
  'the call by another account': () => callers['another account']({ input: issue }),
  'the call over a second configuration': () => callers['a second configuration']({ input: issue }),
  'the call by another app': () => callers['another app']({ input: issue }),
  'another endpoint': () => callers.page({ input: '/rest/api/3/myself' }),
  'another product': () => callers.page({ input: '/wiki/api/v2/pages' }),
  'another site': () => callers['another site']({ input: '/rest/api/3/issue/DOM-1' }),
  'a write': () => callers.page(edit(issue)),
  'a write by its id': () => callers.page(edit('/rest/api/3/issue/20000')),
  'a write by another app': () => callers['another app'](edit(issue)),
  'a write of another issue': () => callers.page(edit('/rest/api/3/issue/ROC-2')),
};
/** The names of the calls that are held; every other one was answered by the server. */
async function heldCalls(): Promise<string[]> {
  const held: string[] = [];
  for (const [name, call] of Object.entries(calls)) {
    const sent = apiCalls(standin).length;
    const { status, headers } = await time.until(call());
    const isHeld = status === 429 && headers.get('x-threelo-held') === '1';
    expect([name, isHeld ? 'held' : status]).toEqual([
      name,
      isHeld ? 'held' : expect.toBeOneOf([200, 204]),
    ]);
    expect([name, apiCalls(standin).length - sent]).toEqual([name, isHeld ? 0 : 1]);
    if (isHeld) held.push(name);
  }
  return held;
}
/** A 429 for the next call. */
const limitNext = (reason: string, retryAfterSeconds: number | string | null = 60): void => {
  standin.faults.add({ kind: 'rate-limit', reason, retryAfterSeconds, match: { path: /^\/ex\// } });
};
const read = (): Promise<TimedReply> => callers.page({ input: issue });

describe('a 429 closes what its reason names, and nothing else:', () => {
  const byWhomever = [
    'the call',
    'the call for another issue',
    'the call by another page',
    'the call by another account',
    'the call over a second configuration',
  ];
  const ofOwnApp = [...byWhomever, 'another endpoint', 'another product'];
  const writes = ['a write', 'a write by its id', 'a write of another issue'];
  test.each([
    ['jira-quota-global-based', [...ofOwnApp, 'another site', ...writes]],
    ['jira-quota-tenant-based', [...ofOwnApp, ...writes]],
    ['jira-burst-based', [...byWhomever, 'the call by another app']],
    ['jira-cost-based', byWhomever],
  ])('%s', async (reason, held) => {
    limitNext(reason);
    const first = await time.until(read());
    expect([first.status, first.headers.get('x-threelo-held')]).toEqual([429, null]);
    expect((await heldCalls()).sort()).toEqual([...held].sort());
  });
  test('jira-per-issue-on-write', async () => {
    limitNext('jira-per-issue-on-write');
    expect((await time.until(callers.page(edit(issue)))).status).toBe(429);
    expect(await heldCalls()).toEqual(['a write', 'a write by another app']);
  });
});

describe('Retry-After', () => {
  const inMs = (ms: number) => new Date(time.nowMs() + ms).toUTCString();
  /** What the next call gets after a 429 with this Retry-After. */
  async function afterLimit(reason: string, retryAfter: string | null): Promise<TimedReply> {
    limitNext(reason, retryAfter);
    expect((await time.until(read())).status).toBe(429);
    return time.until(callers['another page']({ input: issue }));
  }
  test.each([
    ['3', () => '3', 3000],
    ['5', () => '5', 5000],
    ['a date in three seconds', () => inMs(3000), 3000],
  ])('of %s: the next call waits, and is sent', async (_, retryAfter, waitMs) => {
    const { status, tookMs } = await afterLimit('jira-burst-based', retryAfter());
    expect([status, apiCalls(standin).length]).toEqual([200, 2]);
    expect(tookMs).toBeGreaterThanOrEqual(waitMs);
    expect(tookMs).toBeLessThan(waitMs + 1000);
  });
  test.each([
    ['6', () => '6', 6],
    ['60', () => '60', 60],
    ['a date in a minute', () => inMs(60_000), 60],
    ['an hour, which no burst lasts', () => '3600', 60],
  ])('of %s: the next call is held, until then', async (_, retryAfter, seconds) => {
    const held = await afterLimit('jira-burst-based', retryAfter());
    expect([held.status, held.tookMs]).toEqual([429, 0]);
    expect(held.headers.get('retry-after')).toBe(String(seconds));
    await time.pass(900);
    const later = await time.until(read());
    expect(later.headers.get('retry-after')).toBe(String(seconds));
    expect(apiCalls(standin)).toHaveLength(1);
    await time.pass(seconds * 1000 - 900);
    expect((await time.until(read())).status).toBe(200);
  });
  test.each([
    ['none', () => null],
    ['0', () => '0'],
    ['-1', () => '-1'],
    ['1e9', () => '1e9'],
    ['1000000000', () => '1000000000'],
    ['99999999999999999999', () => '9'.repeat(20)],
    ['a word', () => 'soon'],
    ['an empty text', () => ''],
    ['a past date', () => inMs(-3_600_000)],
    ['a date in the next century', () => 'Fri, 01 Jan 2100 00:00:00 GMT'],
  ])('of %s: the next call waits for a moment, and is sent', async (_, retryAfter) => {
    const { status, tookMs } = await afterLimit('jira-cost-based', retryAfter());
    expect([status, apiCalls(standin).length]).toEqual([200, 2]);
    expect(tookMs).toBeGreaterThanOrEqual(1000);
    expect(tookMs).toBeLessThan(2000);
  });
  test('missing, and X-RateLimit-Reset in the past: the next call waits for a moment too', async () => {
    const headers = {
      'ratelimit-reason': 'jira-burst-based',
      'x-ratelimit-reset': '2026-01-01T00:00Z',
    };
    standin.faults.add({ kind: 'status', status: 429, headers, match: { path: /^\/ex\// } });
    await time.until(read());
    const { status, tookMs } = await time.until(read());
    expect([status, tookMs]).toEqual([
      200,
      expect.toSatisfy((ms: number) => ms >= 1000 && ms < 2000),
    ]);
  });
  test('missing again and again: the endpoint is tried less and less', async () => {
    const fault = { kind: 'rate-limit', reason: 'jira-cost-based' } as const;
    const match = { path: /\/issue\// };
    standin.faults.add({ ...fault, retryAfterSeconds: null, times: Infinity, match });
    const endMs = time.nowMs() + 120_000;
    const insists = async (page: TimedPage): Promise<void> => {
      while (time.nowMs() < endMs) {
        expect((await page({ input: issue })).status).toBe(429);
        await time.sleep(100);
      }
    };
    await time.until(Promise.all([insists(callers.page), insists(callers['another page'])]));
    expect(apiCalls(standin).length).toBeGreaterThan(5);
    expect(apiCalls(standin).length).toBeLessThan(12);
  });
});
