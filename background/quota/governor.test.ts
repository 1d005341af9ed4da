import { beforeEach, describe, expect, test } from 'vitest';
import type { Origin } from '../../extension/core/values/origin.ts';
import {
  aLimitedCall,
  answer,
  governedCalls,
  states,
  type GovernedCalls,
  type Outcome,
} from '../../test/support/governed-calls.ts';

let governed: GovernedCalls;
beforeEach(() => {
  governed = governedCalls();
});
const other = { origin: 'https://b.example' as Origin };
const burst = 'jira-burst-based';

describe('a closed scope', () => {
  test('answers at once when it is closed for more than five seconds, as the provider did', async () => {
    await governed.limited(burst, 30);
    await governed.clock.pass(4500);
    const outcome = await governed.call(other);
    expect(outcome).toMatchObject({
      state: 'held',
      headers: {
        'retry-after': '26',
        'ratelimit-reason': burst,
        'x-threelo-held': '1',
        'content-type': 'application/json',
      },
    });
    expect((await governed.call({ endpoint: '/rest/api/3/field' })).state).toBe('turn');
  });
  test('lets a call wait up to five seconds, without a place upstream', async () => {
    await governed.limited(burst, 5);
    const waiting = await governed.calls(40);
    expect(new Set(states(waiting))).toEqual(new Set(['waits']));
    expect((await governed.call({ endpoint: '/rest/api/3/field' })).state).toBe('turn');
    await governed.clock.pass(5000);
    expect(states(waiting).filter((state) => state === 'turn')).toHaveLength(1);
  });
  test('is closed for longer with each 429 of it in a row, and for a second again after a success', async () => {
    const isClosedFor = async (ms: number): Promise<void> => {
      await governed.clock.pass(ms - 1);
      const controller = new AbortController();
      expect((await governed.call({}, controller)).state).not.toBe('turn');
      controller.abort();
      await governed.clock.pass(1);
    };
    await governed.limited(burst);
    for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
      await isClosedFor(seconds * 1000);
      await governed.limited(burst);
    }
    await isClosedFor(60_000);
    answer(await governed.call(), 200);
    await governed.limited(burst);
    await isClosedFor(1000);
  });
  test('is closed once by the responses to calls that were sent before', async () => {
    const sent = await governed.calls(10);
    for (const outcome of sent) answer(outcome, 429, { 'ratelimit-reason': burst });
    await governed.clock.pass(1000);
    const probe = await governed.call();
    expect(probe.state).toBe('turn');
    answer(probe, 429, { 'ratelimit-reason': burst });
    await governed.clock.pass(2000);
    expect((await governed.call()).state).toBe('turn');
  });
  test('answers a call that waits for something else when it closes', async () => {
    const issue = { issue: 'ACME-1', method: 'PUT', isReading: false };
    const sent = await governed.calls(16, issue);
    const waiting = await governed.calls(10, { ...issue });
    expect(new Set(states(waiting))).toEqual(new Set(['waits']));
    const [first] = sent;
    const headers = { 'ratelimit-reason': 'jira-quota-tenant-based', 'retry-after': '600' };
    // Its place is not free yet: the body is still to be read.
    first?.turn?.received(new Response(null, { status: 429, headers }), String);
    await governed.clock.pass(0);
    expect(new Set(states(waiting))).toEqual(new Set(['held']));
    expect(waiting[0]?.retryAfter).toBe(600);
  });
});

test.each([burst, 'jira-quota-global-based'])(
  'when the clock is set back, what %s closed is tried again, and closed again',
  async (reason) => {
    await governed.limited(reason, 4);
    const waiting = await governed.call();
    expect(waiting.state).toBe('waits');
    governed.clock.setBack(900_000);
    for (const timer of governed.clock.timers) timer.act();
    const probe = await governed.call();
    expect(probe.state).toBe('turn');
    answer(probe, 429, { 'ratelimit-reason': reason, 'retry-after': '30' });
    await governed.clock.pass(0);
    expect([waiting.state, (await governed.call()).state]).toEqual(['held', 'held']);
  },
);

test('a server that answers with very many headers makes no long responses of ours', async () => {
  const headers = Object.fromEntries(
    Array.from({ length: 200 }, (_, at) => [`x-ratelimit-${'a'.repeat(at + 1)}`, 'x'.repeat(1000)]),
  );
  answer(await governed.call(), 429, { 'x-ratelimit-limit': '1', 'retry-after': '30', ...headers });
  const held = await governed.call();
  expect(held).toMatchObject({ state: 'held', headers: { 'x-ratelimit-limit': '1' } });
  expect(JSON.stringify(held.headers).length).toBeLessThan(8192);
});

test('scopes that a call closed are forgotten when there are very many', async () => {
  const closeOne = async (at: number): Promise<void> => {
    const call = { system: 'other', tenant: `t${at}` } as const;
    answer(await governed.call(call), 429, { 'retry-after': '3600' });
  };
  for (let at = 0; at < 1100; at += 1) await closeOne(at);
  expect((await governed.call({ system: 'other', tenant: 't0' })).state).toBe('turn');
  expect((await governed.call({ system: 'other', tenant: 't1099' })).state).toBe('held');
});

test('a call waits for all scopes together no longer than for one', async () => {
  await governed.limited(burst, 4);
  const tenant = await governed.call({ endpoint: '/rest/api/3/field' });
  const waiting = await governed.call();
  await governed.clock.pass(3900);
  answer(tenant, 429, { 'ratelimit-reason': 'jira-quota-tenant-based', 'retry-after': '3' });
  await governed.clock.pass(100);
  expect(waiting).toMatchObject({ state: 'held', retryAfter: 3 });
});

describe('when a scope opens again', () => {
  test('one call is sent, also of those that come at the same time', async () => {
    await governed.limited(burst, 2);
    await governed.clock.pass(3000);
    const outcomes = await Promise.all([governed.call(), governed.call(), governed.call()]);
    expect(states(outcomes)).toEqual(['turn', 'waits', 'waits']);
  });
  const waitingAfter = async (count: number): Promise<Outcome[]> => {
    await governed.limited(burst, 2);
    const waiting = await governed.calls(count);
    await governed.clock.pass(2000);
    return waiting;
  };
  const withTurn = (outcomes: readonly Outcome[]): Outcome[] =>
    outcomes.filter(({ state }) => state === 'turn');
  test('one call is sent, and with its success the others follow, not all at once', async () => {
    const waiting = await waitingAfter(12);
    const late = await governed.call(other);
    expect([withTurn(waiting).length, late.state]).toEqual([1, 'waits']);
    await governed.clock.pass(1000);
    expect(withTurn(waiting)).toHaveLength(1);
    answer(withTurn(waiting)[0]!, 200);
    await governed.clock.pass(0);
    expect(withTurn([...waiting, late])).toHaveLength(2);
    await governed.clock.pass(1000);
    expect(withTurn([...waiting, late])).toHaveLength(13);
  });
  test('a 429 for that call closes it again, and those that would wait too long are answered', async () => {
    const waiting = await waitingAfter(5);
    answer(withTurn(waiting)[0]!, 429, { 'ratelimit-reason': burst, 'retry-after': '4' });
    await governed.clock.pass(0);
    expect(states(waiting).sort()).toEqual(['held', 'held', 'held', 'held', 'turn']);
    expect((await governed.call()).state).toBe('waits');
  });
  test.each(['fails', 'is aborted'])('another call is sent when that one %s', async () => {
    const waiting = await waitingAfter(3);
    withTurn(waiting)[0]?.turn?.leave();
    await governed.clock.pass(0);
    expect(withTurn(waiting)).toHaveLength(2);
    answer(withTurn(waiting)[1]!, 200);
    await governed.clock.pass(1000);
    expect(withTurn(waiting)).toHaveLength(3);
  });
  test('no call waits for longer than five seconds for one that never gets a response', async () => {
    const waiting = await waitingAfter(3);
    await governed.clock.pass(2900);
    const later = await governed.call();
    expect([...states(waiting), later.state]).toEqual(['turn', 'waits', 'waits', 'waits']);
    await governed.clock.pass(350);
    expect(states(waiting)).toEqual(['turn', 'held', 'held']);
    expect(waiting[1]?.retryAfter).toBe(3);
    // That call is given up: the next one is sent.
    await governed.clock.pass(2000);
    expect(later.state).toBe('turn');
  });
  test('a page whose call never gets a response has no second one sent before a call that waits', async () => {
    await governed.limited(burst, 2);
    const silent = await governed.call();
    await governed.clock.pass(2000);
    await governed.clock.pass(4900);
    const waiting = await governed.call(other);
    await governed.clock.pass(110);
    const again = await governed.call();
    expect([silent.state, waiting.state, again.state]).toEqual(['turn', 'waits', 'waits']);
    await governed.clock.pass(140);
    expect([waiting.state, again.state]).toEqual(['turn', 'waits']);
    answer(waiting, 200);
    await governed.clock.pass(1000);
    expect(again.state).toBe('turn');
  });
  test('two scopes that open together are not waited for in turn without an end', async () => {
    const one = await governed.call({ endpoint: '/rest/api/3/field' });
    await governed.limited(burst, 3);
    const waiting = await governed.calls(8);
    await governed.clock.pass(1000);
    answer(one, 429, { 'ratelimit-reason': 'jira-quota-tenant-based', 'retry-after': '2' });
    waiting.push(...(await governed.calls(8)));
    await governed.clock.pass(2000);
    for (let at = 0; at < 30; at += 1) {
      for (const outcome of withTurn(waiting)) answer(outcome, 200);
      await governed.clock.pass(100);
    }
    expect(withTurn(waiting)).toHaveLength(16);
  });
  test('a call that is aborted leaves at once, and another one is sent in its place', async () => {
    await governed.limited(burst, 2);
    const controller = new AbortController();
    const first = await governed.call({}, controller);
    const second = await governed.call();
    controller.abort();
    await governed.clock.pass(0);
    expect(first.state).toBe('aborted');
    await governed.clock.pass(2000);
    expect(second.state).toBe('turn');
  });
  test('a call that was told to go on and could not is replaced', async () => {
    // All places of the origin are taken, so that the first call that waits cannot be sent.
    const field = { endpoint: '/rest/api/3/field' };
    const upstream = await governed.calls(16, { ...other, ...field });
    expect(new Set(states(upstream))).toEqual(new Set(['turn']));
    await governed.limited(burst, 2);
    const blocked = await governed.call(other);
    const free = await governed.call();
    await governed.clock.pass(2000);
    expect([blocked.state, free.state]).toEqual(['waits', 'waits']);
    await governed.clock.pass(250);
    expect([blocked.state, free.state]).toEqual(['waits', 'turn']);
  });
});

test('a call that is aborted when its turn had come has no place', async () => {
  const controller = new AbortController();
  const { signal } = controller;
  for (let at = 0; at < 100; at += 1) {
    const work = governed.governor.takeTurn(aLimitedCall({ system: 'other' }), {
      signal,
      isFirst: false,
    });
    if (at === 99) controller.abort();
    if (at < 99) {
      const turn = await work;
      if ('leave' in turn) turn.leave();
    } else await expect(work).rejects.toThrow();
  }
  expect(states(await governed.calls(17, { system: 'other' }))).toEqual([
    ...Array<string>(16).fill('turn'),
    'waits',
  ]);
});
