import { afterEach, describe, expect, test } from 'vitest';
import type { Origin } from '../../../extension/core/values/origin.ts';
import { aDraft, addClient, connect, runFlow } from '../../support/harness.ts';
import { fetchAll, sitesAt, tokenRequests } from '../../support/page-calls.ts';
import { until } from '../../support/until.ts';
import { harness, session, standin, useSession } from '../use-session.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
useSession();
afterEach(() => {
  expect(standin.auditor).toMatchObject({
    replaysInsideLeeway: [],
    replaysOutsideLeeway: [],
    cookieHeaders: [],
    strayBearers: [],
  });
});

const refreshes = (): number => tokenRequests(standin, 'refresh_token').length;
const myself = () => fetchAll(harness.page());
const run = () => harness.background.upkeep.run();
const statuses = async (): Promise<string[]> =>
  (await harness.ui('session.list', {})).map(({ status }) => status);

describe('a clock that jumps', () => {
  test.each([
    ['two days ahead', 2 * day],
    ['two days back', -2 * day],
    ['ten years ahead', 3652 * day],
    ['ten years back', -3652 * day],
  ])('%s costs one refresh at most, and one more when it is set right', async (_, jump) => {
    await myself();
    const before = refreshes();
    Object.assign(harness.world, { nowMs: () => standin.clock.nowMs() + jump });
    await run();
    await run();
    expect(refreshes() - before).toBeLessThanOrEqual(1);
    const { nowMs, alarmsSet } = harness.world;
    for (const atMs of alarmsSet.values()) {
      expect(atMs).toBeGreaterThan(nowMs());
      expect(atMs).toBeLessThanOrEqual(nowMs() + 25 * hour);
    }
    Object.assign(harness.world, { nowMs: () => standin.clock.nowMs() });
    const meanwhile = refreshes();
    await run();
    await run();
    expect(refreshes() - meanwhile).toBeLessThanOrEqual(1);
    expect(await statuses()).toEqual(['valid']);
  });
});

test(
  '50 sessions that are due at once are refreshed two at once, each once',
  { timeout: 60_000 },
  async () => {
    for (let at = 1; at < 50; at += 1) {
      const name = `client-${String(at)}`;
      const client = await addClient(harness, standin, aDraft({ name, clientId: name }));
      expect((await runFlow(harness, client)).state).toBe('succeeded');
    }
    const { fetch } = harness.world;
    let [flying, most] = [0, 0];
    Object.assign(harness.world, {
      fetch: async (input: string, init: RequestInit) => {
        flying += 1;
        most = Math.max(most, flying);
        // The first one is under way until a second one is.
        await until(() => most > 1);
        await new Promise((resolve) => setImmediate(resolve));
        return fetch(input, init).finally(() => {
          flying -= 1;
        });
      },
    });
    harness.world.elapse(31 * day);
    const first = run();
    await until(() => refreshes() > 10);
    await Promise.all([first, run(), run()]);
    expect([refreshes(), most]).toEqual([50, 2]);
    await run();
    expect(refreshes()).toBe(50);
  },
);

test('a session that a caller refreshed meanwhile is not refreshed again', async () => {
  for (const name of ['b', 'c', 'd']) {
    const client = await addClient(harness, standin, aDraft({ name, clientId: name }));
    await runFlow(harness, client);
  }
  const last = (await harness.ui('session.list', {})).at(-1) ?? session;
  const origin = 'https://other.example' as Origin;
  await connect(harness, last, { origin, sites: sitesAt(last, 'acme') });
  // The last of four in line, while two are refreshed.
  const { fetch } = harness.world;
  const gate = Promise.withResolvers<undefined>();
  const waiting: string[] = [];
  Object.assign(harness.world, {
    fetch: async (input: string, init: RequestInit) => {
      if (input.endsWith('/oauth/token') && waiting.length < 2) {
        waiting.push(input);
        await gate.promise;
      }
      return fetch(input, init);
    },
  });
  harness.world.elapse(31 * day);
  const running = run();
  await until(() => waiting.length === 2);
  expect((await fetchAll(harness.page(origin))).status).toBe(200);
  expect(refreshes()).toBe(1);
  gate.resolve(undefined);
  await running;
  expect(refreshes()).toBe(4);
});

describe('the alarm is set', () => {
  const upkeepAlarmMs = (): number => harness.world.alarmsSet.get('upkeep') ?? Infinity;
  test('by a sign-in, and anew by the first use of an access token', async () => {
    await until(() => upkeepAlarmMs() <= harness.world.nowMs() + day);
    expect(upkeepAlarmMs()).toBeGreaterThan(harness.world.nowMs() + day - minute);
    await myself();
    await until(() => upkeepAlarmMs() <= harness.world.nowMs() + 49 * minute);
  });
  test('anew when a session changes by itself', async () => {
    await myself();
    await until(() => upkeepAlarmMs() <= harness.world.nowMs() + 49 * minute);
    await harness.ui('session.sign-out', { id: session.id });
    await until(() => upkeepAlarmMs() > harness.world.nowMs() + day - minute);
  });
  test('no later by changes that follow while something is due', async () => {
    await myself();
    harness.world.elapse(50 * minute);
    await harness.background.upkeep.plan();
    const atMs = upkeepAlarmMs();
    harness.world.elapse(20_000);
    await harness.background.upkeep.plan();
    expect(upkeepAlarmMs()).toBe(atMs);
    harness.world.elapse(20_000);
    await harness.background.upkeep.plan();
    expect(upkeepAlarmMs()).toBeGreaterThan(atMs);
  });
});

test('the daily prune is set for 23:00 local time', async () => {
  await run();
  const at = new Date(harness.world.alarmsSet.get('prune') ?? 0);
  expect([at.getHours(), at.getMinutes(), at.getSeconds()]).toEqual([23, 0, 0]);
});
