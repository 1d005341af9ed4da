import { beforeEach, describe, expect, test } from 'vitest';
import type { PacedCalls } from '../../extension/core/quota/pace.ts';
import type { Origin } from '../../extension/core/values/origin.ts';
import { testClock, type TestClock } from '../../test/support/test-clock.ts';
import { createUpstreamQueue, type Place, type UpstreamQueue } from './upstream-queue.ts';

let clock: TestClock;
beforeEach(() => (clock = testClock()));

interface Call {
  readonly origin?: string;
  readonly tenant?: string;
  readonly pace?: readonly PacedCalls[];
  readonly isFirst?: boolean;
}

/** Calls of a queue, by name: who has a place, in the order in which they got it, and how each leaves. */
function observed(queue: UpstreamQueue) {
  const places = new Map<string, Place>();
  const order: string[] = [];
  const enter = (name: string, call: Call = {}): (() => void) => {
    const { origin = name.slice(0, 1), tenant = 'tenant', pace = [], isFirst = false } = call;
    return queue.enter({ origin: origin as Origin, tenant, pace }, isFirst, (place) => {
      places.set(name, place);
      order.push(name);
    });
  };
  return {
    enter,
    order,
    leave: (name: string) => places.get(name)?.leave(),
    sent: (name: string) => places.get(name)?.sent(),
  };
}
const queueOf = (inAll: number, ofOrigin = inAll, ofTenant = inAll): UpstreamQueue =>
  createUpstreamQueue(clock, { inAll, ofOrigin, ofTenant });

describe('places', () => {
  test('no more calls have a place than there are, in all, of one origin and of one tenant', () => {
    const { enter, order } = observed(queueOf(5, 3, 4));
    for (const name of ['a1', 'a2', 'a3', 'a4', 'b1', 'b2']) enter(name);
    for (const name of ['a5', 'c1', 'd1']) enter(name, { tenant: 'other' });
    expect(order).toEqual(['a1', 'a2', 'a3', 'b1', 'c1']);
  });
  test('the origins that wait are served in turn, whichever has more calls', () => {
    const { enter, leave, order } = observed(queueOf(1));
    for (const name of ['a1', 'a2', 'a3', 'a4', 'b1', 'c1', 'b2']) enter(name);
    for (const name of ['a1', 'a2', 'b1', 'c1', 'a3', 'b2']) leave(name);
    expect(order).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4']);
  });
  test('an origin whose places are all taken passes its turn, and keeps it for the next place', () => {
    const { enter, leave, order } = observed(queueOf(2, 1));
    for (const name of ['a1', 'b1', 'a2', 'b2', 'c1']) enter(name);
    leave('b1');
    expect(order).toEqual(['a1', 'b1', 'b2']);
    leave('a1');
    expect(order).toEqual(['a1', 'b1', 'b2', 'a2']);
  });
  test('a call whose tenant has no place is not in the way of its origin', () => {
    const { enter, leave, order } = observed(queueOf(2, 2, 1));
    for (const name of ['a1', 'a2']) enter(name);
    enter('b1', { tenant: 'other' });
    enter('a3', { tenant: 'other' });
    leave('b1');
    expect(order).toEqual(['a1', 'b1', 'a3']);
  });
  test('a call that had a place before goes ahead of its origin, not of other origins', () => {
    const { enter, leave, order } = observed(queueOf(1));
    for (const name of ['a1', 'a2', 'b1', 'a3']) enter(name);
    enter('again', { origin: 'a', isFirst: true });
    for (const name of ['a1', 'again', 'b1', 'a2']) leave(name);
    expect(order).toEqual(['a1', 'again', 'b1', 'a2', 'a3']);
  });
  test('a call whose wait has ended is not served, and a place that is freed twice is one', () => {
    const { enter, leave, order } = observed(queueOf(1));
    enter('a1');
    const end = enter('a2');
    for (const name of ['a3', 'a4']) enter(name);
    end();
    leave('a1');
    leave('a1');
    expect(order).toEqual(['a1', 'a3']);
  });
  test('ten thousand calls of one origin end their wait in little time', () => {
    const { enter } = observed(queueOf(1));
    const ends = Array.from({ length: 10_000 }, (_, at) => enter(`a${at}`));
    const startMs = performance.now();
    for (const end of ends) end();
    expect(performance.now() - startMs).toBeLessThan(1000);
  });
});

describe('a rate', () => {
  const rate = (changes: Partial<PacedCalls> = {}): readonly PacedCalls[] => [
    { key: 'rate', limit: { most: 5, periodMs: 1000 }, isShared: false, ...changes },
  ];
  /** Enters calls and sends each as soon as it has a place; gives the times at which they were sent. */
  function sending(queue: UpstreamQueue) {
    const sentAt = new Map<string, number>();
    const enter = (name: string, pace: readonly PacedCalls[], origin = 'a'): void => {
      queue.enter({ origin: origin as Origin, tenant: 'tenant', pace }, false, (place) => {
        place.sent();
        sentAt.set(name, clock.nowMs());
        place.leave();
      });
    };
    return { enter, sentAt };
  }
  test('is kept in every period, whenever the calls come', () => {
    const { enter, sentAt } = sending(queueOf(64));
    const startMs = clock.nowMs();
    for (let at = 0; at < 40; at += 1) {
      enter(`a${at}`, rate());
      clock.elapse(at < 20 ? 50 : 310);
    }
    clock.elapse(20_000);
    const times = [...sentAt.values()];
    expect(times).toHaveLength(40);
    for (const time of times)
      expect(times.filter((other) => other > time - 1000 && other <= time).length).toBeLessThan(6);
    expect((times.at(-1) ?? 0) - startMs).toBeLessThan(9000);
  });
  test('is kept for calls that waited for a place', () => {
    const { enter, leave, sent, order } = observed(queueOf(64, 1));
    for (let at = 1; at <= 8; at += 1) enter(`a${at}`, { pace: rate() });
    clock.elapse(5000);
    for (let at = 1; at <= 8; at += 1) {
      sent(`a${at}`);
      leave(`a${at}`);
    }
    expect(order).toHaveLength(5);
    clock.elapse(1000);
    expect(order).toHaveLength(6);
  });
  test('makes no call wait that has another one, and holds no place', () => {
    const { enter, sentAt } = sending(queueOf(1));
    for (let at = 0; at < 9; at += 1) enter(`a${at}`, rate());
    enter('other', rate({ key: 'other' }));
    enter('none', []);
    expect([...sentAt.keys()].slice(-2)).toEqual(['other', 'none']);
    expect(sentAt.size).toBe(7);
  });
  test('serves the origins in turn', () => {
    const { enter, sentAt } = sending(queueOf(64));
    for (let at = 0; at < 20; at += 1) enter(`a${at}`, rate());
    enter('b0', rate(), 'b');
    enter('c0', rate(), 'c');
    clock.elapse(1000);
    expect([...sentAt.keys()].slice(5, 8)).toEqual(['a5', 'b0', 'c0']);
  });
  test('that is shared leaves room for an origin that comes later', () => {
    const { enter, sentAt } = sending(queueOf(64));
    const shared = rate({ limit: { most: 90, periodMs: 1000 }, isShared: true });
    for (let at = 0; at < 1000; at += 1) enter(`a${at}`, shared);
    expect(sentAt.size).toBe(72);
    for (let at = 0; at < 10; at += 1) enter(`b${at}`, shared, 'b');
    expect(sentAt.size).toBe(82);
  });
  test('counts a call that was not sent only until it leaves', () => {
    const { enter, leave, sent, order } = observed(queueOf(64));
    for (const name of ['a1', 'b1', 'c1', 'd1', 'e1', 'f1', 'g1']) enter(name, { pace: rate() });
    leave('a1');
    sent('b1');
    leave('b1');
    expect(order).toHaveLength(6);
  });
  test('is not used up by calls of one origin that wait for their places', () => {
    const { enter, sent, order } = observed(queueOf(64, 16));
    for (let at = 0; at < 16; at += 1) enter(`a${at}`);
    const limited = { pace: rate({ limit: { most: 20, periodMs: 1000 } }) };
    for (let at = 16; at < 48; at += 1) enter(`a${at}`, limited);
    for (let at = 0; at < 16; at += 1) {
      enter(`b${at}`, limited);
      sent(`b${at}`);
    }
    expect(order.filter((name) => name.startsWith('b'))).toHaveLength(15);
  });
  test('makes no work while calls wait for their places', () => {
    let timers = 0;
    const after: TestClock['after'] = (ms, act) => {
      timers += 1;
      return clock.after(ms, act);
    };
    const { enter, sent } = observed(
      createUpstreamQueue({ ...clock, after }, { inAll: 9, ofOrigin: 2, ofTenant: 9 }),
    );
    for (let at = 0; at < 9; at += 1) {
      enter(`a${at}`, { pace: rate() });
      sent(`a${at}`);
    }
    clock.elapse(60_000);
    expect(timers).toBeLessThan(5);
  });
  test('counts no call whose wait for a place has ended', () => {
    const { enter, sent, leave, order } = observed(queueOf(1, 5));
    enter('a1', { pace: rate() });
    const end = enter('b2', { pace: rate() });
    const names = ['c3', 'd4', 'e5', 'f6'];
    for (const name of names) enter(name, { pace: rate() });
    end();
    for (const name of ['a1', ...names]) {
      sent(name);
      leave(name);
    }
    expect(order).toEqual(['a1', ...names]);
  });
  test('is not forgotten when there are many others', () => {
    const { enter, sentAt } = sending(queueOf(64));
    for (let at = 0; at < 5; at += 1) enter(`a${at}`, rate());
    for (let at = 0; at < 600; at += 1) enter(`other ${at}`, rate({ key: `other ${at}` }));
    enter('a5', rate());
    expect(sentAt.has('a5')).toBe(false);
    clock.elapse(1000);
    expect(sentAt.has('a5')).toBe(true);
  });
  test('is that of each of several', () => {
    const { enter, sentAt } = sending(queueOf(64));
    const narrow = { key: 'narrow', limit: { most: 2, periodMs: 5000 }, isShared: false };
    for (let at = 0; at < 4; at += 1) enter(`n${at}`, [narrow, ...rate()]);
    for (let at = 0; at < 4; at += 1) enter(`a${at}`, rate());
    expect([...sentAt.keys()]).toEqual(['n0', 'n1', 'a0', 'a1', 'a2']);
    clock.elapse(5000);
    expect(sentAt.size).toBe(8);
  });
  test('stops no call for longer when the clock is set back', () => {
    const { enter, sentAt } = sending(queueOf(64));
    for (let at = 0; at < 6; at += 1) enter(`a${at}`, rate());
    clock.setBack(3_600_000);
    for (const timer of clock.timers) timer.act();
    expect(sentAt.size).toBe(6);
  });
  test('costs little for ten thousand calls, and leaves no timer', () => {
    const { enter, sentAt } = sending(queueOf(64));
    const limit = { most: 90, periodMs: 1000 };
    const startMs = performance.now();
    for (let at = 0; at < 10_000; at += 1)
      enter(`a${at}`, rate({ limit, isShared: true }), `origin ${at % 20}`);
    clock.elapse(200_000);
    expect(sentAt.size).toBe(10_000);
    expect(performance.now() - startMs).toBeLessThan(3000);
    expect(clock.timers.size).toBe(0);
  });
});
