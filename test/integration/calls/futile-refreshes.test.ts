/* A page that repeats a call which is always rejected does not cause a refresh each time. */
import { beforeEach, expect, test } from 'vitest';
import { rejection } from '../../support/faults.ts';
import { connect, runFlow } from '../../support/harness.ts';
import { fetchAll } from '../../support/page-calls.ts';
import { systemCase } from '../../support/samples/systems.ts';
import { addSystemClient, harness, standin, useBackground } from '../use-session.ts';

const cooldownMs = 60_000;
// Its clock stands unless it is moved.
useBackground();
beforeEach(async () => {
  const client = await addSystemClient(systemCase('Data Center, jira'));
  await runFlow(harness, client);
  const sessions = await harness.ui('session.list', {});
  await connect(harness, sessions[0]!);
  const { fetch } = harness.world;
  Object.assign(harness.world, {
    fetch: async (url: string, init: RequestInit) => {
      if (/sudo/u.test(url)) return new Response('elevate first', { status: 401 });
      const nobody = { headers: { 'x-ausername': 'anonymous' } };
      return /anonymous/u.test(url) ? new Response('[]', nobody) : fetch(url, init);
    },
  });
  standin.log.clear();
});

const call = (input: string) => fetchAll(harness.page(), { input });
const statusOf = async (input: string): Promise<number> => (await call(input)).status;
const codeOf = async (input: string): Promise<string> => (await rejection(call(input))).code;
const refreshes = (): number =>
  standin.log.filter(({ bodyText }) => bodyText.includes('grant_type=refresh_token')).length;
const [sudo, anonymous, good] = ['/rest/sudo', '/rest/anonymous', '/rest/api/2/myself'] as const;

test('a call that is always rejected refreshes once, and its response is delivered', async () => {
  for (let times = 0; times < 10; times += 1) expect(await statusOf(sudo)).toBe(401);
  expect(refreshes()).toBe(1);
});

test('a call that is always answered as anonymous refreshes once, and is refused', async () => {
  for (let times = 0; times < 10; times += 1)
    expect(await codeOf(anonymous)).toBe('consent_required');
  expect(refreshes()).toBe(1);
});

test('another rejected call of the session does not refresh during the cooldown', async () => {
  await statusOf(sudo);
  await codeOf(anonymous);
  await statusOf('/rest/sudo/2');
  expect(refreshes()).toBe(1);
});

test('a rejected call refreshes again after a minute', async () => {
  await statusOf(sudo);
  harness.world.elapse(cooldownMs - 1);
  await statusOf(sudo);
  expect(refreshes()).toBe(1);
  harness.world.elapse(1);
  for (let times = 0; times < 3; times += 1) await statusOf(sudo);
  expect(refreshes()).toBe(2);
});

test('an accepted call ends the cooldown for all calls but the rejected one', async () => {
  await statusOf(sudo);
  expect(await statusOf(good)).toBe(200);
  await statusOf(sudo);
  await statusOf(`${sudo}?again`);
  expect(refreshes()).toBe(1);
  standin.dataCenter.jira.expireAccessTokens();
  expect(await statusOf(good)).toBe(200);
  expect(refreshes()).toBe(2);
});

test('a token that expires during the cooldown is refreshed', async () => {
  standin.dataCenter.jira.quirks.accessLifeMs = 150_000;
  await statusOf(sudo);
  expect(refreshes()).toBe(1);
  harness.world.elapse(cooldownMs / 2);
  expect(await statusOf(sudo)).toBe(401);
  expect(refreshes()).toBe(2);
});

test('a call that was sent with the earlier token is sent again with the new one', async () => {
  const gate = Promise.withResolvers<undefined>();
  const arrived = Promise.withResolvers<undefined>();
  const { fetch } = harness.world;
  let isFirst = true;
  Object.assign(harness.world, {
    fetch: async (url: string, init: RequestInit) => {
      if (isFirst && url.includes(good)) {
        isFirst = false;
        arrived.resolve(undefined);
        await gate.promise;
      }
      return fetch(url, init);
    },
  });
  const late = statusOf(good);
  await arrived.promise;
  expect(await statusOf(sudo)).toBe(401);
  gate.resolve(undefined);
  expect(await late).toBe(200);
  expect(refreshes()).toBe(1);
});
