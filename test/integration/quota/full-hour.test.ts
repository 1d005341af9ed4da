import { beforeEach, describe, expect, test } from 'vitest';
import type { LogEntry } from '../../standin/http/traffic-log.ts';
import { chanceOf } from '../../support/chance.ts';
import { connect, dashboard, signedIn, startHarness } from '../../support/harness.ts';
import { apiCalls, sitesAt } from '../../support/page-calls.ts';
import { simulateTime, type SimulatedTime } from '../../support/time/simulated-time.ts';
import {
  connectedPages,
  outcomesOf,
  timedPage,
  type TimedPage,
  type TimedReply,
} from '../../support/time/timed-pages.ts';
import { client, harness, revive, session, standin, useSession } from '../use-session.ts';

const minute = 60_000;
const hour = 60 * minute;
let time: SimulatedTime;
let timed: typeof standin | undefined;
let endWorker: () => void;
useSession({
  standin: { secondConsent: 'keeps-both' },
  prepare: (world) => {
    // A revived background continues in the same time.
    if (timed !== standin) time = simulateTime(standin.clock);
    timed = standin;
    endWorker = time.join(world);
  },
});

const input = '/rest/api/3/issue/ROC-1';
/** When the hour of the test ends. */
let hourEndMs: number;
beforeEach(() => {
  standin.clock.advance(hour - (time.nowMs() % hour) + 20 * minute);
  hourEndMs = time.nowMs() + 40 * minute;
  time.latencyMs = () => 100;
  standin.log.clear();
});

const retryMs = ({ headers }: TimedReply): number => 1000 * Number(headers.get('retry-after'));
/** Uses up the points of the hour, as other people of the app do. */
const useUp = (): void => standin.limits.spend(client.clientId, 65_000);
const sentAfter = (ms: number): LogEntry[] => apiCalls(standin).filter(({ atMs }) => atMs >= ms);
/** The most requests in any second. */
function mostInOneSecond(entries: readonly LogEntry[]): number {
  const times = entries.map(({ atMs }) => atMs);
  return Math.max(
    ...times.map((from) => times.filter((at) => at >= from && at < from + 1000).length),
  );
}
/** After the hour one call was sent; the others followed its response, at a rate that the server takes. */
function expectOneFirst(count: number): void {
  const [first, second, ...others] = sentAfter(hourEndMs);
  expect(others.length).toBe(count - 2);
  expect(second?.atMs).toBeGreaterThanOrEqual(first?.answeredAtMs ?? Infinity);
  expect(new Set(sentAfter(hourEndMs).map(({ status }) => status))).toEqual(new Set([200]));
  expect(mostInOneSecond(sentAfter(hourEndMs))).toBeLessThanOrEqual(100);
}

describe('when the points of the hour are used up', () => {
  let pages: TimedPage[];
  beforeEach(async () => {
    const sites = sitesAt(session, 'acme');
    pages = await connectedPages(harness, time, session, { count: 10, sites });
    useUp();
  });
  test('five hundred calls that are held and come back begin with one, and none is refused', async () => {
    const comesBack = async (page: TimedPage): Promise<TimedReply> => {
      for (;;) {
        const reply = await page({ input });
        if (reply.status !== 429) return reply;
        await time.sleep(retryMs(reply));
      }
    };
    const calls = pages.flatMap((page) => Array.from({ length: 50 }, () => comesBack(page)));
    const replies = await time.until(Promise.all(calls), hour);
    expect(outcomesOf(replies)).toEqual({ 200: 500 });
    // Those that were on their way with the first one.
    const before = apiCalls(standin).filter(({ atMs }) => atMs < hourEndMs);
    expect(before.length).toBeLessThanOrEqual(64);
    expect(before.every(({ atMs }) => atMs <= hourEndMs - 40 * minute + 100)).toBe(true);
    expectOneFirst(500);
    expect(time.nowMs()).toBeLessThan(hourEndMs + minute + 20_000);
  });
  test('five hundred calls that wait for the end of it begin with one, and are held rather than refused', async () => {
    const [page] = pages;
    await time.until((page as TimedPage)({ input }));
    const [held, ...others] = await time.until(Promise.all(pages.map((one) => one({ input }))));
    expect(others.map(retryMs)).toEqual(others.map(() => held && retryMs(held)));
    await time.pass(retryMs(held as TimedReply) - 2000);
    const calls = pages.flatMap((one) => Array.from({ length: 50 }, () => one({ input })));
    const {
      200: found = 0,
      held: again = 0,
      ...rest
    } = outcomesOf(await time.until(Promise.all(calls)));
    expect([found + again, rest]).toEqual([500, {}]);
    expect(found).toBeGreaterThan(100);
    expectOneFirst(found);
  });
  test('a worker that starts meanwhile sends nothing, even when the earlier one ended at once', async () => {
    const reply = await time.until((pages[0] as TimedPage)({ input }));
    expect([reply.status, reply.headers.get('x-threelo-held')]).toEqual([429, null]);
    endWorker();
    await revive();
    const later = timedPage(harness, time, 'https://page-1.example');
    for (const passed of [0, 10 * minute, 20 * minute]) {
      await time.pass(passed);
      expect(outcomesOf([await time.until(later({ input }))])).toEqual({ held: 1 });
    }
    expect(apiCalls(standin)).toHaveLength(1);
    await time.pass(hourEndMs + minute - time.nowMs());
    expect((await time.until(later({ input }))).status).toBe(200);
  });
  test('nor does it when the 429 announced no points', async () => {
    standin.limits.isEnforced = false;
    const headers = { 'ratelimit-reason': 'jira-quota-global-based', 'retry-after': '2400' };
    standin.faults.add({ kind: 'status', status: 429, headers, match: { path: /\/issue\// } });
    await time.until((pages[0] as TimedPage)({ input }));
    endWorker();
    await revive();
    const later = timedPage(harness, time, 'https://page-1.example');
    const reply = await time.until(later({ input }));
    expect([reply.headers.get('x-threelo-held'), apiCalls(standin).length]).toEqual(['1', 1]);
  });
  test('a clock that was ahead and is set right keeps nothing closed', async () => {
    await time.until((pages[0] as TimedPage)({ input }));
    standin.clock.advance(-24 * hour);
    await time.pass(hour + minute);
    expect((await time.until((pages[0] as TimedPage)({ input }))).status).toBe(200);
  });
});

test('installations of one app come back at different times within a minute after the hour', async () => {
  const cameBackMs: number[] = [];
  for (let at = 0; at < 32; at += 1) {
    const installation = await startHarness(standin, undefined, false, (world) => {
      time.join(world, { chance: chanceOf(`installation ${String(at)}`) });
    });
    const { session: own } = await signedIn(installation, standin);
    await connect(installation, own, { sites: sitesAt(own, 'acme') });
    useUp();
    const page = timedPage(installation, time, dashboard);
    await time.until(page({ input }));
    const held = await time.until(page({ input }));
    cameBackMs.push(time.nowMs() + retryMs(held) - hourEndMs);
  }
  expect(Math.min(...cameBackMs)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...cameBackMs)).toBeLessThanOrEqual(61_000);
  const inQuarters = [0, 15_000, 30_000, 45_000].map(
    (from) => cameBackMs.filter((ms) => ms >= from && ms < from + 15_000).length,
  );
  expect(Math.min(...inQuarters)).toBeGreaterThanOrEqual(2);
  expect(new Set(cameBackMs.map((ms) => Math.floor(ms / 1000))).size).toBeGreaterThan(16);
});

describe('the one call that tries whether a scope is open again', () => {
  let first: TimedPage;
  let second: TimedPage;
  beforeEach(async () => {
    const sites = sitesAt(session, 'acme');
    [first, second] = (await connectedPages(harness, time, session, { count: 2, sites })) as [
      TimedPage,
      TimedPage,
    ];
    standin.faults.add({ kind: 'rate-limit', retryAfterSeconds: 60, match: { path: /\/issue\// } });
    await time.until(first({ input }));
    await time.pass(minute);
    standin.faults.add({ kind: 'hang', match: { path: /\/issue\// } });
  });
  test('is one: a second call waits for its response', async () => {
    standin.faults.clear();
    const gate = Promise.withResolvers<undefined>();
    standin.faults.add({ kind: 'latency', until: gate.promise, match: { path: /\/issue\// } });
    const probe = first({ input });
    await time.pass(1000);
    const next = second({ input });
    await time.pass(1000);
    expect(apiCalls(standin)).toHaveLength(2);
    gate.resolve(undefined);
    const replies = await time.until(Promise.all([probe, next]));
    expect(outcomesOf(replies)).toEqual({ 200: 2 });
  });
  test('may be aborted: the next one tries', async () => {
    const send = harness.page('https://page-0.example', { documentId: 'leaving' });
    const call = {
      callId: 'probe',
      method: 'GET',
      input,
      headers: [],
      body: null,
      writtenBytes: 0,
    };
    const probe = send('api.request', call);
    probe.catch(() => undefined);
    await time.pass(1000);
    const next = second({ input });
    await time.pass(1000);
    expect(apiCalls(standin)).toHaveLength(2);
    await send('api.abort', { callId: 'probe' });
    const { status, tookMs } = await time.until(next);
    expect([status, tookMs < 2000]).toEqual([200, true]);
  });
  test('may never be answered: others try after a few seconds', async () => {
    void first({ input });
    await time.pass(1000);
    expect(outcomesOf([await time.until(second({ input }))])).toEqual({ 200: 1 });
    expect(time.nowMs() - (apiCalls(standin)[1]?.atMs ?? 0)).toBeLessThan(7000);
  });
  test('may break off with the worker: the next worker tries', async () => {
    void first({ input });
    await time.pass(1000);
    endWorker();
    await revive();
    const later = timedPage(harness, time, 'https://page-1.example');
    expect((await time.until(later({ input }))).status).toBe(200);
  });
  test('may get another 429: the scope stays closed for its time', async () => {
    standin.faults.clear();
    standin.faults.add({ kind: 'rate-limit', retryAfterSeconds: 30, match: { path: /\/issue\// } });
    expect((await time.until(first({ input }))).headers.get('retry-after')).toBe('30');
    expect(outcomesOf([await time.until(second({ input }))])).toEqual({ held: 1 });
    await time.pass(30_000);
    expect((await time.until(second({ input }))).status).toBe(200);
  });
});
