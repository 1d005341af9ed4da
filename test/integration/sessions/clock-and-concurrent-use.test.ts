/** What a change of the clock and several users of one session must not break. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aDraft, dashboard, runFlow, startHarness, type Harness } from '../../support/harness.ts';
import { outcome } from '../../support/kill/killed-backgrounds.ts';
import { memoryArea, type MemoryArea } from '../../support/memory-area.ts';
import { fetchAll, sitesAt, tokenRequests, whileTimePasses } from '../../support/page-calls.ts';
import {
  client,
  harness,
  revive,
  session,
  standin,
  startSession,
  useSession,
  type SessionOptions,
} from '../use-session.ts';
import { connections } from '../../support/connections.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const withoutReadMe = aDraft().scopes.filter((scope) => scope !== 'read:me');
const setting: SessionOptions = {
  sites: (all) => sitesAt(all, 'acme').slice(0, 1),
};
useSession(setting);
afterEach(() => {
  expect(standin.auditor).toMatchObject({ cookieHeaders: [], strayBearers: [] });
});

const refreshes = (): number => tokenRequests(standin, 'refresh_token').length;
const replays = (): number => standin.auditor.replaysOutsideLeeway.length;
const call = (from = harness, documentId = 'document-1'): Promise<number | string> =>
  outcome(from, dashboard, documentId);
const calls = (count: number, from = harness): Promise<(number | string)[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => call(from, `document-${at}`)));
const statusOf = async (from = harness): Promise<string | undefined> =>
  (await from.ui('session.list', {})).find(({ id }) => id === session.id)?.status;

test.each([
  ['that says who signed in', aDraft().scopes, false],
  ['that renews the session, with scopes that do not say who signed in', withoutReadMe, true],
])(
  'a sign-in %s, to an account that is signed in already, renews its session',
  async (_, scopes, isRenewal) => {
    await startSession({ ...setting, scopes });
    const flow = await runFlow(harness, client, isRenewal ? session : undefined);
    expect(flow).toMatchObject({ state: 'succeeded', sessionId: session.id });
    const sessions = await harness.ui('session.list', {});
    const grants = await connections(harness.ui);
    expect(sessions.map(({ id }) => id)).toEqual([session.id]);
    expect(grants).toMatchObject([{ origin: dashboard, sites: [{ sessionId: session.id }] }]);
    expect(standin.grants().map(({ isRevoked }) => isRevoked)).toEqual([true, false]);
    expect(await call()).toBe(200);
    harness.world.elapse(hour);
    expect(await call()).toBe(200);
    expect([refreshes(), replays(), standin.auditor.deadRefreshes]).toEqual([1, 0, []]);
  },
);

describe('a change of the clock of this machine', () => {
  let offMs = 0;
  let shortestMs = 0;
  beforeEach(() => {
    offMs = 0;
    shortestMs = 0;
    const { after } = harness.world;
    Object.assign(harness.world, {
      nowMs: () => standin.clock.nowMs() + offMs,
      after: (ms: number, act: () => void) => {
        shortestMs = Math.min(shortestMs, ms);
        return after(ms, act);
      },
    });
  });
  afterEach(() => {
    expect(shortestMs).toBe(0);
  });
  const ways: readonly [string, number][] = [
    ['an hour forward, as in spring', hour],
    ['an hour back, as in autumn', -hour],
    ['a day forward', day],
    ['a day back', -day],
    ['ten years forward', 3650 * day],
    ['ten years back', -3650 * day],
  ];
  test.each(ways)('%s and back again costs at most one refresh each', async (_, byMs) => {
    offMs = byMs;
    expect(await calls(5)).toEqual(Array(5).fill(200));
    expect(refreshes()).toBeLessThanOrEqual(1);
    offMs = 0;
    expect(await calls(5)).toEqual(Array(5).fill(200));
    expect(refreshes()).toBeLessThanOrEqual(2);
    expect([await statusOf(), replays()]).toEqual(['valid', 0]);
  });
  test.each(ways)('%s while a refresh is under way loses nothing', async (_, byMs) => {
    harness.world.elapse(hour);
    const match = { path: '/oauth/token', grantType: 'refresh_token' };
    const lost = standin.faults.add({ kind: 'drop-after', match });
    const work = call();
    await lost.arrived;
    offMs = byMs;
    await work;
    await revive();
    const { world } = harness;
    Object.assign(world, { nowMs: () => standin.clock.nowMs() + offMs });
    expect(await calls(5)).toEqual(Array(5).fill(200));
    expect(refreshes()).toBeLessThanOrEqual(3);
    expect([await statusOf(), replays()]).toEqual(['valid', 0]);
  });
  test('together with that of the server, by three weeks, costs one refresh', async () => {
    harness.world.elapse(21 * day);
    expect(await calls(50)).toEqual(Array(50).fill(200));
    expect(refreshes()).toBe(1);
    await revive();
    harness.world.elapse(21 * day);
    expect(await calls(50)).toEqual(Array(50).fill(200));
    expect([refreshes(), replays()]).toEqual([2, 0]);
  });
});

test('popup, options and the pages of two windows, all at once, share one token request', async () => {
  harness.world.elapse(hour);
  const { ui } = harness;
  const page = (tabId: number) =>
    fetchAll(harness.page(dashboard, { tabId, documentId: `document-${tabId}` }));
  const replies = await Promise.all([
    ui('overview.get', {}),
    ui('session.refresh-sites', { id: session.id }),
    page(1),
    ui('overview.get', {}),
    ui('session.refresh-sites', { id: session.id }),
    page(2),
  ]);
  expect(replies).toMatchObject([{}, { id: session.id }, { status: 200 }, {}, {}, { status: 200 }]);
  expect(refreshes()).toBe(1);
});

/** A profile copied to another machine: the same stores, and from now on each has its own. */
function copied({ world }: Harness): Promise<Harness> {
  const copy = ({ entries }: MemoryArea): MemoryArea => memoryArea(structuredClone(entries));
  const { local, session: momentary, mirror } = world;
  const stores = { local: copy(local), session: copy(momentary), mirror: copy(mirror) };
  return startHarness(standin, { ...world, ...stores });
}

test('the second of two copies of a profile needs consent after one replay, and there is no loop', async () => {
  const other = await copied(harness);
  harness.world.elapse(hour);
  expect(await call()).toBe(200);
  harness.world.elapse(20 * minute);
  standin.log.clear();
  for (let time = 0; time < 5; time += 1) expect(await call(other)).toBe('consent_required');
  expect([await statusOf(other), refreshes(), replays()]).toEqual(['recoverable', 1, 1]);
  // The service has ended the whole grant, which the first copy learns with its next call.
  for (let time = 0; time < 5; time += 1) expect(await call()).toBe('consent_required');
  expect([await statusOf(), refreshes(), replays()]).toEqual(['recoverable', 2, 1]);
  await runFlow(harness, client);
  expect(await call()).toBe(200);
  for (let time = 0; time < 5; time += 1) expect(await call(other)).toBe('consent_required');
  expect([refreshes(), replays()]).toEqual([2, 1]);
});

test('ten thousand callers in four tabs share one token request, and all get a response', async () => {
  harness.world.elapse(hour);
  const { fetch } = harness.world;
  Object.assign(harness.world, {
    fetch: (input: string, init: RequestInit) =>
      input.includes('/ex/') ? Promise.resolve(Response.json({})) : fetch(input, init),
  });
  const tabs = [1, 2, 3, 4].map((tabId) =>
    harness.page(dashboard, { tabId, documentId: `document-${tabId}` }),
  );
  const work = tabs.flatMap((page) => Array.from({ length: 2500 }, () => fetchAll(page)));
  const replies = await whileTimePasses(harness.world, Promise.all(work));
  const statuses = replies.map(({ status }) => status);
  expect([statuses.length, new Set(statuses)]).toEqual([10_000, new Set([200])]);
  expect(refreshes()).toBe(1);
}, 120_000);
