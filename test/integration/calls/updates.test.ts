import { beforeEach, expect, test } from 'vitest';
import { upstreamPlaces } from '../../../background/quota/upstream-queue.ts';
import { rejection } from '../../support/faults.ts';
import { connect } from '../../support/harness.ts';
import {
  apiCalls,
  countsOf,
  fetchAll,
  holdResponses,
  sendMany,
  tokenRequests,
} from '../../support/page-calls.ts';
import { until } from '../../support/until.ts';
import { harness, revive, session, standin, useSession } from '../use-session.ts';

/** Whether an update has waited for calls for two minutes. */
let isDue = false;
useSession();
beforeEach(() => {
  isDue = false;
  Object.assign(harness.world, { isUpdateDue: () => isDue });
});

const hour = 3_600_000;
const refresh = { path: '/oauth/token', grantType: 'refresh_token' } as const;
const refreshes = (): number => tokenRequests(standin, 'refresh_token').length;
const refreshEnded = (): Promise<void> =>
  harness.world.lock(`refresh ${session.id}`, () => Promise.resolve());
const call = (): Promise<unknown> => fetchAll(harness.page());

test('a new call is unavailable when an update is due, and causes no request', async () => {
  isDue = true;
  expect((await rejection(call())).code).toBe('unavailable');
  standin.clock.advance(hour);
  expect((await rejection(call())).code).toBe('unavailable');
  expect(apiCalls(standin)).toEqual([]);
  expect(refreshes()).toBe(0);
  isDue = false;
  expect(await call()).toMatchObject({ status: 200 });
});

test('a new call asks the person nothing when an update is due', async () => {
  await connect(harness, session, { sites: session.sites });
  isDue = true;
  expect((await rejection(call())).code).toBe('unavailable');
  expect(harness.world.openWindows.size).toBe(0);
});

test('a page that repeats its calls while the token endpoint fails starts no refresh when an update is due', async () => {
  standin.clock.advance(hour);
  standin.faults.add({ kind: 'status', status: 503, match: refresh, times: Infinity });
  expect((await rejection(call())).code).toBe('offline');
  const before = refreshes();
  isDue = true;
  for (let time = 0; time < 5; time += 1)
    expect((await rejection(call())).code).toBe('unavailable');
  expect(refreshes()).toBe(before);
});

test('a refresh that runs when an update is due is completed; the call that waits for it is not sent', async () => {
  standin.clock.advance(hour);
  const done = Promise.withResolvers<undefined>();
  const waiting = standin.faults.add({ kind: 'latency', until: done.promise, match: refresh });
  const work = rejection(call());
  await waiting.arrived;
  isDue = true;
  done.resolve(undefined);
  expect((await work).code).toBe('unavailable');
  expect(apiCalls(standin)).toEqual([]);
  await revive();
  expect(await call()).toMatchObject({ status: 200 });
  expect(refreshes()).toBe(1);
});

test('a call that waits for its turn to refresh starts none when an update is due', async () => {
  standin.clock.advance(hour);
  const turn = Promise.withResolvers<undefined>();
  const asked = Promise.withResolvers<undefined>();
  const { lock } = harness.world;
  Object.assign(harness.world, {
    lock: async (name: string, work: () => Promise<unknown>) => {
      asked.resolve(undefined);
      await turn.promise;
      return lock(name, work);
    },
  });
  const work = rejection(call());
  await asked.promise;
  isDue = true;
  turn.resolve(undefined);
  expect((await work).code).toBe('unavailable');
  await refreshEnded();
  expect(refreshes()).toBe(0);
});

test('a call whose token is rejected ends without a refresh when an update is due', async () => {
  const rejected = standin.faults.add({ kind: 'status', status: 401, match: { path: /myself/ } });
  void rejected.arrived.then(() => (isDue = true));
  expect((await rejection(call())).code).toBe('unavailable');
  expect(apiCalls(standin)).toHaveLength(1);
  expect(refreshes()).toBe(0);
});

test('calls that wait for a place are not sent when an update is due', async () => {
  const release = holdResponses(standin);
  const calls = sendMany(harness.page(), 40);
  await until(() => apiCalls(standin).length === upstreamPlaces.ofOrigin);
  isDue = true;
  release();
  expect(await countsOf(calls)).toEqual({
    200: upstreamPlaces.ofOrigin,
    unavailable: 40 - upstreamPlaces.ofOrigin,
  });
  expect(apiCalls(standin)).toHaveLength(upstreamPlaces.ofOrigin);
});

test('what the person requests is refreshed although an update is due', async () => {
  standin.clock.advance(hour);
  isDue = true;
  await harness.ui('session.refresh-sites', { id: session.id });
  expect(refreshes()).toBe(1);
});
