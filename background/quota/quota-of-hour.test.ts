import { beforeEach, expect, test } from 'vitest';
import type { Origin } from '../../extension/core/values/origin.ts';
import {
  answer,
  governedCalls,
  states,
  type GovernedCalls,
} from '../../test/support/governed-calls.ts';

let governed: GovernedCalls;
beforeEach(() => {
  governed = governedCalls();
});
const other = { origin: 'https://b.example' as Origin };
const app = 'id api.atlassian.com';

test('the points of an hour that are used up are used up for a new worker too, until after the hour', async () => {
  await governed.limited('jira-quota-global-based', 2400);
  await governed.clock.pass(2000);
  await governed.restart();
  const outcome = await governed.call({ ...other, tenant: 'd', endpoint: '/rest/api/3/field' });
  expect(outcome).toMatchObject({ state: 'held', retryAfter: 2400 - 2 + 30 });
  expect(governed.governor.hourOf(app)).toMatchObject({ calls: 1, limited: 1, held: 1 });
  expect(governed.governor.hourOf(app).closedUntilMs).toBe(Date.UTC(2026, 10, 26, 11, 0, 30));
  await governed.clock.pass(2_430_000);
  expect((await governed.call()).state).toBe('turn');
  expect(governed.governor.hourOf(app)).toMatchObject({
    calls: 1,
    limited: 0,
    closedUntilMs: undefined,
  });
});
test('the points of an hour are counted: calls, and the objects that reads return, after they were delivered', async () => {
  const json = { headers: { 'content-type': 'application/json;charset=UTF-8' } };
  const body = new TextEncoder().encode('{"issues":[{},{},{}]}').buffer;
  const read = await governed.call();
  const onPiece = read.turn?.received(new Response(null, json), String);
  onPiece?.({ chunk: body.slice(0, 15), isComplete: false });
  onPiece?.({ chunk: body.slice(15), isComplete: true });
  const write = await governed.call({ isReading: false, method: 'POST' });
  expect(write.turn?.received(new Response(null, json), String)).toBeUndefined();
  const file = await governed.call();
  const image = { headers: { 'content-type': 'image/png' } };
  expect(file.turn?.received(new Response(null, image), String)).toBeUndefined();
  const attached = await governed.call({ isFile: true });
  expect(attached.turn?.received(new Response(null, json), String)).toBeUndefined();
  expect(governed.governor.hourOf(app)).toEqual({
    calls: 4,
    points: 7,
    quota: 65_000,
    limited: 0,
    held: 0,
    closedUntilMs: undefined,
  });
});
test('the points of an hour that are scarce are shared out between the origins', async () => {
  const announced = {
    'beta-ratelimit-policy': '"global-app-quota";q=100;w=3600',
    'beta-ratelimit': '"global-app-quota";r=8;t=2400',
  };
  answer(await governed.call(), 200, announced);
  answer(await governed.call(other), 200);
  const mine = await governed.calls(6);
  expect(states(mine)).toEqual(['turn', 'turn', 'turn', 'turn', 'held', 'held']);
  expect(mine[5]?.retryAfter).toBe(2430);
  expect(states(await governed.calls(4, other))).toEqual(['turn', 'turn', 'turn', 'held']);
  expect((await governed.call({ app: 'other api.atlassian.com' })).state).toBe('turn');
  await governed.clock.pass(2_430_000);
  expect((await governed.call()).state).toBe('turn');
});
test('for a new worker too, more is left when a response of the same product announces no number', async () => {
  const name = '"global-app-quota"';
  answer(await governed.call(), 200, { ratelimit: `${name};r=1` });
  await governed.call();
  expect((await governed.call()).state).toBe('held');
  await governed.clock.pass(2000);
  const late = await governed.call({ ...other });
  await governed.restart();
  expect((await governed.call()).state).toBe('held');
  const { turn } = await governed.call({ origin: 'https://c.example' as Origin });
  turn?.received(new Response(null, { headers: { ratelimit: `${name};t=9` } }), String);
  expect([late.state, (await governed.call()).state]).toEqual(['turn', 'turn']);
});
test('the points of one tenant are those of that tenant', async () => {
  const announced = { 'beta-ratelimit': '"tenant-app-quota";r=0' };
  answer(await governed.call(), 200, announced);
  expect(states(await governed.calls(2))).toEqual(['turn', 'held']);
  expect((await governed.call({ tenant: 'd' })).state).toBe('turn');
});
test('what a response of another hour announces is not said of this hour', async () => {
  const announced = { 'beta-ratelimit': '"global-app-quota";r=0' };
  for (const date of ['Thu, 26 Nov 2026 09:59:59 GMT', 'Thu, 26 Nov 2026 11:00:01 GMT'])
    answer(await governed.call(), 200, { ...announced, date });
  expect(states(await governed.calls(5))).toEqual(Array<string>(5).fill('turn'));
  answer(await governed.call(), 200, { ...announced, date: 'Thu, 26 Nov 2026 10:00:01 GMT' });
  expect(states(await governed.calls(2))).toEqual(['turn', 'held']);
});
test('the points of an hour are forgotten after the hour, and damaged ones when the worker starts', async () => {
  await governed.call();
  await governed.clock.pass(3_600_000);
  await governed.call();
  await governed.clock.pass(2000);
  expect(governed.session.dump()).not.toContain(`"hour":${Date.UTC(2026, 10, 26, 10) / 3_600_000}`);
  await governed.session.write({ quota: { hours: 1, closed: 1 } });
  await governed.restart();
  expect(governed.governor.hourOf(app).calls).toBe(0);
});
test('the points of an hour are written at most every two seconds', async () => {
  let writes = 0;
  const { write } = governed.session;
  Object.assign(governed.session, {
    write: (entries: Record<string, unknown>) => {
      writes += 1;
      return write(entries);
    },
  });
  for (let at = 0; at < 50; at += 1) {
    answer(await governed.call(), 200);
    await governed.clock.pass(100);
  }
  expect(writes).toBeLessThanOrEqual(3);
  expect(writes).toBeGreaterThan(1);
});

test('an app that has points at each tenant has none in all', async () => {
  answer(await governed.call(), 200, {
    'beta-ratelimit-policy': '"tenant-app-quota";q=100100;w=3600',
  });
  expect(governed.governor.hourOf(app).quota).toBeUndefined();
});

test('the objects of very many bodies are estimated', async () => {
  const json = { headers: { 'content-type': 'application/json' } };
  const read = async (body: string): Promise<void> => {
    const { turn } = await governed.call({ endpoint: '/rest/api/3/field' });
    const { buffer } = new TextEncoder().encode(body.padEnd(1_048_576));
    turn?.received(new Response(null, json), String)?.({ chunk: buffer, isComplete: true });
    turn?.leave();
  };
  for (let at = 0; at < 4; at += 1) await read('[1,2,3,4,5,6,7,8,9,10]');
  // Counted, it would be none.
  await read('[]');
  expect(governed.governor.hourOf(app)).toMatchObject({ calls: 5, points: 5 + 50 });
});
