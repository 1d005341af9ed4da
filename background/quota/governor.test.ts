import { beforeEach, describe, expect, test } from 'vitest';
import type { LimitedCall } from '../../extension/core/quota/limited-call.ts';
import type { Origin } from '../../extension/core/values/origin.ts';
import { memoryArea, type MemoryArea } from '../../test/support/memory-area.ts';
import { testClock, type TestClock } from '../../test/support/test-clock.ts';
import { createGovernor, type Governor, type Turn } from './governor.ts';

let clock: TestClock;
let session: MemoryArea;
let governor: Governor;
/** What the random numbers are: half of all that can be drawn. */
const crypto = {
  getRandomValues: (into: Uint32Array) => into.fill(2 ** 31),
} as unknown as Crypto;
const newGovernor = (): Governor => createGovernor({ ...clock, crypto, session });
beforeEach(() => {
  clock = testClock();
  session = memoryArea();
  governor = newGovernor();
});

const aCall = (changes: Partial<LimitedCall> = {}): LimitedCall =>
  ({
    origin: 'https://a.example' as Origin,
    sessionId: 's',
    app: 'id api.atlassian.com',
    assumedQuota: 65_000,
    tenant: 'c',
    method: 'GET',
    endpoint: '/rest/api/3/myself',
    issue: undefined,
    isReading: true,
    system: 'jira-cloud',
    ...changes,
  }) as LimitedCall;

/** What became of a call: it waits, has its turn, or was answered without being sent. */
interface Outcome {
  state: 'waits' | 'turn' | 'held' | 'aborted';
  turn?: Turn;
  retryAfter?: number;
  headers?: Record<string, string>;
}

/** Calls, as the broker does: takes a turn, and sends. */
async function call(
  changes: Partial<LimitedCall> = {},
  { signal = new AbortController().signal, isFirst = false } = {},
): Promise<Outcome> {
  const outcome: Outcome = { state: 'waits' };
  governor.takeTurn(aCall(changes), { signal, isFirst }).then(
    (result) => {
      if ('held' in result) {
        const headers = Object.fromEntries(result.held.headers);
        Object.assign(outcome, {
          state: 'held',
          headers,
          retryAfter: Number(headers['retry-after']),
        });
      } else {
        result.sent();
        Object.assign(outcome, { state: 'turn', turn: result });
      }
    },
    () => (outcome.state = 'aborted'),
  );
  await clock.pass(0);
  return outcome;
}
/** The response of a call that has its turn arrives, and its body. */
function answer(outcome: Outcome, status: number, headers: Record<string, string> = {}): void {
  outcome.turn?.received(new Response(null, { status, headers }));
  outcome.turn?.leave();
}
const states = (outcomes: readonly Outcome[]): string[] => outcomes.map(({ state }) => state);
const calls = async (count: number, changes: Partial<LimitedCall> = {}): Promise<Outcome[]> => {
  const outcomes: Outcome[] = [];
  for (let at = 0; at < count; at += 1) outcomes.push(await call(changes));
  return outcomes;
};
/** Closes the scope of a reason. */
async function limited(reason: string | undefined, retryAfter?: number, changes = {}) {
  const first = await call(changes);
  answer(first, 429, {
    ...(reason === undefined ? {} : { 'ratelimit-reason': reason }),
    ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
  });
}
const burst = 'jira-burst-based';
const other = { origin: 'https://b.example' as Origin };

describe('a closed scope', () => {
  test('answers at once when it is closed for more than five seconds, as the provider did', async () => {
    await limited(burst, 30);
    await clock.pass(4500);
    const outcome = await call(other);
    expect(outcome).toMatchObject({
      state: 'held',
      headers: {
        'retry-after': '26',
        'ratelimit-reason': burst,
        'x-threelo-held': '1',
        'content-type': 'application/json',
      },
    });
    expect((await call({ endpoint: '/rest/api/3/field' })).state).toBe('turn');
  });
  test('lets a call wait up to five seconds, without a place upstream', async () => {
    await limited(burst, 5);
    const waiting = await calls(40);
    expect(new Set(states(waiting))).toEqual(new Set(['waits']));
    expect((await call({ endpoint: '/rest/api/3/field' })).state).toBe('turn');
    await clock.pass(5000);
    expect(states(waiting).filter((state) => state === 'turn')).toHaveLength(1);
  });
  test('is closed for longer with each 429 of it in a row, and for a second again after a success', async () => {
    const isClosedFor = async (ms: number): Promise<void> => {
      await clock.pass(ms - 1);
      const controller = new AbortController();
      expect((await call({}, controller)).state).not.toBe('turn');
      controller.abort();
      await clock.pass(1);
    };
    await limited(burst);
    for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
      await isClosedFor(seconds * 1000);
      await limited(burst);
    }
    await isClosedFor(60_000);
    answer(await call(), 200);
    await limited(burst);
    await isClosedFor(1000);
  });
  test('is closed once by the responses to calls that were sent before', async () => {
    const sent = await calls(10);
    for (const outcome of sent) answer(outcome, 429, { 'ratelimit-reason': burst });
    await clock.pass(1000);
    const probe = await call();
    expect(probe.state).toBe('turn');
    answer(probe, 429, { 'ratelimit-reason': burst });
    await clock.pass(2000);
    expect((await call()).state).toBe('turn');
  });
  test('answers a call that waits for something else when it closes', async () => {
    const issue = { issue: 'ACME-1', method: 'PUT', isReading: false };
    const sent = await calls(16, issue);
    const waiting = await calls(10, { ...issue });
    expect(new Set(states(waiting))).toEqual(new Set(['waits']));
    const [first] = sent;
    answer(first!, 429, { 'ratelimit-reason': 'jira-quota-tenant-based', 'retry-after': '600' });
    await clock.pass(0);
    expect(new Set(states(waiting))).toEqual(new Set(['held']));
    expect(waiting[0]?.retryAfter).toBe(600);
  });
});

describe('when a scope opens again', () => {
  const waitingAfter = async (count: number): Promise<Outcome[]> => {
    await limited(burst, 2);
    const waiting = await calls(count);
    await clock.pass(2000);
    return waiting;
  };
  const withTurn = (outcomes: readonly Outcome[]): Outcome[] =>
    outcomes.filter(({ state }) => state === 'turn');
  test('one call is sent, and with its success the others follow, not all at once', async () => {
    const waiting = await waitingAfter(12);
    const late = await call(other);
    expect([withTurn(waiting).length, late.state]).toEqual([1, 'waits']);
    await clock.pass(1000);
    expect(withTurn(waiting)).toHaveLength(1);
    answer(withTurn(waiting)[0]!, 200);
    await clock.pass(0);
    expect(withTurn([...waiting, late])).toHaveLength(2);
    await clock.pass(1000);
    expect(withTurn([...waiting, late])).toHaveLength(13);
  });
  test('a 429 for that call closes it again, and those that would wait too long are answered', async () => {
    const waiting = await waitingAfter(5);
    answer(withTurn(waiting)[0]!, 429, { 'ratelimit-reason': burst, 'retry-after': '4' });
    await clock.pass(0);
    expect(states(waiting).sort()).toEqual(['held', 'held', 'held', 'held', 'turn']);
    expect((await call()).state).toBe('waits');
  });
  test.each(['fails', 'is aborted'])('another call is sent when that one %s', async () => {
    const waiting = await waitingAfter(3);
    withTurn(waiting)[0]?.turn?.leave();
    await clock.pass(0);
    expect(withTurn(waiting)).toHaveLength(2);
    answer(withTurn(waiting)[1]!, 200);
    await clock.pass(1000);
    expect(withTurn(waiting)).toHaveLength(3);
  });
  test('no call waits for longer than five seconds for one that never gets a response', async () => {
    const waiting = await waitingAfter(3);
    await clock.pass(2900);
    const later = await call();
    expect([...states(waiting), later.state]).toEqual(['turn', 'waits', 'waits', 'waits']);
    await clock.pass(350);
    expect(states(waiting)).toEqual(['turn', 'held', 'held']);
    expect(waiting[1]?.retryAfter).toBe(3);
    // That call is given up: the next one is sent.
    await clock.pass(2000);
    expect(later.state).toBe('turn');
  });
  test('a call that is aborted leaves at once, and another one is sent in its place', async () => {
    await limited(burst, 2);
    const controller = new AbortController();
    const first = await call({}, controller);
    const second = await call();
    controller.abort();
    await clock.pass(0);
    expect(first.state).toBe('aborted');
    await clock.pass(2000);
    expect(second.state).toBe('turn');
  });
  test('a call that was told to go on and could not is replaced', async () => {
    // All places of the origin are taken, so that the first call that waits cannot be sent.
    const field = { endpoint: '/rest/api/3/field' };
    const upstream = await calls(16, { ...other, ...field });
    expect(new Set(states(upstream))).toEqual(new Set(['turn']));
    await limited(burst, 2);
    const blocked = await call(other);
    const free = await call();
    await clock.pass(2000);
    expect([blocked.state, free.state]).toEqual(['waits', 'waits']);
    await clock.pass(250);
    expect([blocked.state, free.state]).toEqual(['waits', 'turn']);
  });
});

describe('the points of an hour', () => {
  const app = 'id api.atlassian.com';
  test('that are used up are used up for a new worker too, until after the hour', async () => {
    await limited('jira-quota-global-based', 2400);
    await clock.pass(2000);
    governor = newGovernor();
    await governor.load();
    const outcome = await call({ ...other, tenant: 'd', endpoint: '/rest/api/3/field' });
    expect(outcome).toMatchObject({ state: 'held', retryAfter: 2400 - 2 + 30 });
    expect(governor.hourOf(app)).toMatchObject({ calls: 1, limited: 1, held: 1 });
    expect(governor.hourOf(app).closedUntilMs).toBe(Date.UTC(2026, 10, 26, 11, 0, 30));
    await clock.pass(2_430_000);
    expect((await call()).state).toBe('turn');
    expect(governor.hourOf(app)).toMatchObject({ calls: 1, limited: 0, closedUntilMs: undefined });
  });
  test('are counted: calls, and the objects that reads return, after they were delivered', async () => {
    const json = { headers: { 'content-type': 'application/json;charset=UTF-8' } };
    const body = new TextEncoder().encode('{"issues":[{},{},{}]}').buffer;
    const read = await call();
    const onPiece = read.turn?.received(new Response(null, json));
    onPiece?.({ chunk: body.slice(0, 15), isComplete: false });
    onPiece?.({ chunk: body.slice(15), isComplete: true });
    const write = await call({ isReading: false, method: 'POST' });
    expect(write.turn?.received(new Response(null, json))).toBeUndefined();
    const file = await call();
    const image = { headers: { 'content-type': 'image/png' } };
    expect(file.turn?.received(new Response(null, image))).toBeUndefined();
    expect(governor.hourOf(app)).toEqual({
      calls: 3,
      points: 6,
      quota: 65_000,
      limited: 0,
      held: 0,
      closedUntilMs: undefined,
    });
  });
  test('that are scarce are shared out between the origins', async () => {
    const announced = {
      'beta-ratelimit-policy': '"global-app-quota";q=100;w=3600',
      'beta-ratelimit': '"global-app-quota";r=8;t=2400',
    };
    answer(await call(), 200, announced);
    answer(await call(other), 200);
    const mine = await calls(6);
    expect(states(mine)).toEqual(['turn', 'turn', 'turn', 'turn', 'held', 'held']);
    expect(mine[5]?.retryAfter).toBe(2430);
    expect(states(await calls(4, other))).toEqual(['turn', 'turn', 'turn', 'held']);
    expect((await call({ app: 'other api.atlassian.com' })).state).toBe('turn');
    await clock.pass(2_430_000);
    expect((await call()).state).toBe('turn');
  });
  test('of one tenant are those of that tenant', async () => {
    const announced = { 'beta-ratelimit': '"tenant-app-quota";r=0' };
    answer(await call(), 200, announced);
    expect((await call()).state).toBe('held');
    expect((await call({ tenant: 'd' })).state).toBe('turn');
  });
  test('are forgotten after the hour, and damaged ones when the worker starts', async () => {
    await call();
    await clock.pass(3_600_000);
    await call();
    await clock.pass(2000);
    expect(session.dump()).not.toContain(`"hour":${Date.UTC(2026, 10, 26, 10) / 3_600_000}`);
    await session.write({ quota: { hours: [{ key: 1 }], closed: 'none' } });
    governor = newGovernor();
    await governor.load();
    expect(governor.hourOf(app).calls).toBe(0);
  });
  test('are written at most every two seconds', async () => {
    let writes = 0;
    const { write } = session;
    Object.assign(session, {
      write: (entries: Record<string, unknown>) => {
        writes += 1;
        return write(entries);
      },
    });
    for (let at = 0; at < 50; at += 1) {
      answer(await call(), 200);
      await clock.pass(100);
    }
    expect(writes).toBeLessThanOrEqual(3);
    expect(writes).toBeGreaterThan(1);
  });
});

test('a call that is aborted when its turn had come has no place', async () => {
  const controller = new AbortController();
  const { signal } = controller;
  for (let at = 0; at < 100; at += 1) {
    const work = governor.takeTurn(aCall({ system: 'other' }), { signal, isFirst: false });
    if (at === 99) controller.abort();
    if (at < 99) {
      const turn = await work;
      if ('leave' in turn) turn.leave();
    } else await expect(work).rejects.toThrow();
  }
  expect(states(await calls(17, { system: 'other' }))).toEqual([
    ...Array<string>(16).fill('turn'),
    'waits',
  ]);
});
