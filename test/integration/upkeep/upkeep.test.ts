import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SessionEntry } from '../../../extension/storage/schema.ts';
import { passUntil } from '../../support/days.ts';
import { rejection } from '../../support/faults.ts';
import { fetchAll, tokenRequests } from '../../support/page-calls.ts';
import { harness, revive, session, standin, useSession } from '../use-session.ts';
import { connections } from '../../support/connections.ts';

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
const pass = (ms: number) => passUntil(harness, harness.world.nowMs() + ms);
const statuses = async (): Promise<string[]> =>
  (await harness.ui('session.list', {})).map(({ status }) => status);
/** The browser is closed and opened again. */
const restartBrowser = async (): Promise<void> => {
  harness.world.session.entries.clear();
  harness.world.alarmsSet.clear();
  await revive();
  await run();
};

describe('a session in use', () => {
  test('is refreshed at 80 % of its access token, so that no call waits', async () => {
    await myself();
    await pass(47 * minute);
    expect(refreshes()).toBe(0);
    await pass(2 * minute);
    expect(refreshes()).toBe(1);
    expect(harness.world.session.entries.has('upkeep')).toBe(false);
    await pass(hour - 10 * minute);
    await myself();
    expect(refreshes()).toBe(1);
  });
  test('is left alone when its new access token is not used', async () => {
    await myself();
    await pass(day);
    expect(refreshes()).toBe(1);
  });
  test('is one for the next worker too', async () => {
    await myself();
    const writes = JSON.stringify(harness.world.session.entries.get(`access:${session.id}`));
    expect(writes).toContain('usedAtMs');
    harness.world.elapse(minute);
    await myself();
    expect(JSON.stringify(harness.world.session.entries.get(`access:${session.id}`))).toBe(writes);
    await revive();
    harness.world.alarmsSet.clear();
    await run();
    await pass(50 * minute);
    expect(refreshes()).toBe(1);
  });
  test('that only its own pages looked at is not one', async () => {
    await harness.ui('session.refresh-sites', { id: session.id });
    await pass(day);
    expect(refreshes()).toBe(0);
  });
});

describe('an idle session', () => {
  test('is kept alive for 200 days with a handful of refreshes', async () => {
    for (let at = 0; at < 200; at += 1) {
      await pass(day);
      await restartBrowser();
    }
    expect(refreshes()).toBe(6);
    expect(await statuses()).toEqual(['valid']);
    expect((await myself()).status).toBe(200);
  });
  test('is kept alive by a browser that is opened every 80 days', async () => {
    for (let at = 0; at < 5; at += 1) {
      harness.world.elapse(80 * day);
      await restartBrowser();
    }
    expect(refreshes()).toBe(5);
    expect((await myself()).status).toBe(200);
  });
});

test(
  '30 days of hourly use: every day costs the same few token requests, and nothing grows',
  { timeout: 120_000 },
  async () => {
    const { world } = harness;
    const weigh = () =>
      [world.local, world.session, world.mirror].map(({ entries }) => {
        // The activity log grows until its own limits are reached.
        const weighed = [...entries].filter(([key]) => !key.startsWith('activity'));
        return [weighed.length, JSON.stringify(weighed).length];
      });
    const useForADay = async (): Promise<number> => {
      const before = refreshes();
      for (let at = 0; at < 24; at += 1) {
        expect((await myself()).status).toBe(200);
        await pass(hour);
      }
      return refreshes() - before;
    };
    await useForADay();
    const before = weigh();
    for (let at = 1; at < 30; at += 1) {
      const cost = await useForADay();
      // Each hour needs a token, and none is renewed before 48 minutes have passed.
      expect(cost).toBeGreaterThanOrEqual(24);
      expect(cost).toBeLessThanOrEqual(30);
    }
    expect([...world.alarmsSet.keys()].sort()).toEqual(['prune', 'upkeep']);
    weigh().forEach(([entries, bytes], at) => {
      expect(entries).toBe(before[at]?.[0]);
      // The generation has more digits by now.
      expect(bytes).toBeLessThan((before[at]?.[1] ?? 0) + 16);
    });
  },
);

describe('a session that the provider ended', () => {
  beforeEach(async () => {
    standin.revokeGrant('ada', 'team-client');
    expect((await rejection(myself())).code).toBe('consent_required');
  });
  test('is unrecoverable after 7 days and gone with its connections 30 days later', async () => {
    await pass(7 * day - minute);
    expect(await statuses()).toEqual(['recoverable']);
    await pass(2 * minute);
    expect(await statuses()).toEqual(['unrecoverable']);
    await pass(30 * day - 2 * minute);
    expect(await statuses()).toEqual(['unrecoverable']);
    expect(await connections(harness.ui)).toHaveLength(1);
    const asked = standin.log.requests({}).length;
    await pass(2 * minute);
    expect(await statuses()).toEqual([]);
    expect(await connections(harness.ui)).toEqual([]);
    expect(harness.world.session.entries.has(`access:${session.id}`)).toBe(false);
    expect(standin.log.requests({})).toHaveLength(asked);
  });
  test('is cleared up at the start of a browser that missed its alarms', async () => {
    harness.world.elapse(8 * day);
    await restartBrowser();
    expect(await statuses()).toEqual(['unrecoverable']);
    harness.world.elapse(31 * day);
    await restartBrowser();
    expect(await statuses()).toEqual([]);
  });
  test('is not asked for again', async () => {
    const asked = refreshes();
    await pass(6 * day);
    expect(refreshes()).toBe(asked);
  });
});

test('an access token that is all there is ends as what it is: a session that needs consent', async () => {
  const key = `session:${session.id}`;
  const { sealedRefreshToken: _sealed, ...rest } = harness.world.local.entries.get(
    key,
  ) as SessionEntry;
  harness.world.local.entries.set(key, { ...rest, endsAtMs: harness.world.nowMs() + hour });
  // Or the second copy would repair it.
  harness.world.mirror.entries.clear();
  await revive();
  await pass(hour - minute);
  expect(await statuses()).toEqual(['valid']);
  await pass(2 * minute);
  expect(await statuses()).toEqual(['unrecoverable']);
  expect(refreshes()).toBe(0);
});

describe('a refresh ahead that fails', () => {
  test('is resumed in growing steps while the network is away, and once when it is back', async () => {
    await myself();
    const storm = standin.faults.add({ kind: 'drop-before', match: {}, times: Infinity });
    await pass(49 * minute);
    await pass(12 * minute);
    // Dropped before anything was answered: three times each at 0 s, 30 s, 150 s and 450 s, each a little later.
    expect(refreshes()).toBe(12);
    // Past the provider's window the one late attempt waits for a sign of life.
    await pass(6 * hour);
    expect(refreshes()).toBe(12);
    storm();
    await pass(2 * hour);
    const settled = refreshes();
    await pass(day);
    expect(refreshes()).toBe(settled);
    expect((await myself()).status).toBe(200);
  });
  test('without a trace is tried once an hour, by new workers too', async () => {
    await myself();
    harness.world.elapse(50 * minute);
    let asked = 0;
    const encryptionKey = (): Promise<CryptoKey> => {
      asked += 1;
      return Promise.reject(new Error('locked'));
    };
    const attempts = async (): Promise<number> => {
      const keyStore = { ...harness.world.keyStore, encryptionKey };
      Object.assign(harness.world, { keyStore });
      await revive();
      const before = asked;
      await run();
      return asked - before;
    };
    expect(await attempts()).toBe(1);
    expect([await attempts(), await attempts()]).toEqual([0, 0]);
    harness.world.elapse(hour);
    expect([await attempts(), await attempts()]).toEqual([1, 0]);
    expect(refreshes()).toBe(0);
  });
});
