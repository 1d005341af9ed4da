import { beforeEach, describe, expect, test } from 'vitest';
import { compose } from '../../../background/compose.ts';
import { createVault } from '../../../background/secrets/vault.ts';
import { storageTimeoutMs } from '../../../background/storage/timed-area.ts';
import type { StorageArea } from '../../../extension/browser/storage/storage-area.ts';
import { secret } from '../../../extension/core/values/secret.ts';
import { rejection } from '../../support/faults.ts';
import { aDraft } from '../../support/harness.ts';
import { fetchAll, tokenRequests } from '../../support/page-calls.ts';
import { testWorld } from '../../support/test-world.ts';
import { harness, revive, session, standin, useSession } from '../use-session.ts';

const hour = 3_600_000;
useSession({ sites: (all) => all.sites });
let key: string;
beforeEach(() => {
  key = `session:${session.id}`;
});

type Entry = Record<string, unknown>;
const local = (): Map<string, unknown> => harness.world.local.entries;
const mirror = (): Map<string, unknown> => harness.world.mirror.entries;
const stored = (name = key): Entry => structuredClone(local().get(name)) as Entry;
const faults = async () => (await harness.ui('overview.get', {})).storageFaults;
const codes = async () => (await faults()).map(({ code }) => code);
const myself = (of = harness) =>
  fetchAll(of.page(), { input: 'https://acme.atlassian.net/rest/api/3/myself' });
const refreshes = (): number => tokenRequests(standin, 'refresh_token').length;
/** The page's next call has to refresh. */
const refreshedCall = async (): Promise<number> => {
  standin.clock.advance(hour);
  return (await myself()).status;
};

test('both copies hold the same', () => {
  expect(Object.fromEntries(mirror())).toEqual(Object.fromEntries(local()));
});

test.each([1, 2, 3, 5, 8, 13])(
  'killed after %i writes to the stores, the last generation that was acknowledged is there',
  async (writes) => {
    const { world } = harness;
    let left = writes;
    let acknowledged = 1;
    for (const area of [world.local, world.mirror]) {
      const write = area.write.bind(area);
      Object.assign(area, {
        write: (items: Entry) => {
          left -= 1;
          return left < 0 ? new Promise(() => undefined) : write(items);
        },
      });
    }
    const calls = (async () => {
      for (;;) {
        await refreshedCall();
        acknowledged = stored()['generation'] as number;
      }
    })();
    calls.catch(() => undefined);
    while (left >= 0) await new Promise((resolve) => setImmediate(resolve));
    await revive();
    await expect.poll(() => stored()['generation']).toBeGreaterThanOrEqual(acknowledged);
    expect((await myself()).status).toBe(200);
  },
);

describe('a first copy that takes no writes', () => {
  const failing = (work: StorageArea['write']) =>
    Object.assign(harness.world.local, { write: work });
  const refuse = () => failing(() => Promise.reject(new Error('QuotaExceededError')));

  test('does not prevent the response to a refreshed call, and is reported until a write succeeds', async () => {
    const write = harness.world.local.write.bind(harness.world.local);
    refuse();
    expect(await refreshedCall()).toBe(200);
    expect(await faults()).toMatchObject([{ code: 'storage_failed', subject: key }]);
    expect([stored()['generation'], (mirror().get(key) as Entry)['generation']]).toEqual([1, 2]);
    expect(refreshes()).toBe(1);
    failing(write);
    expect(await refreshedCall()).toBe(200);
    expect([stored()['generation'], await faults()]).toEqual([3, []]);
  });
  test('is brought up to date by the next worker', async () => {
    refuse();
    expect(await refreshedCall()).toBe(200);
    await revive();
    expect([stored()['generation'], await faults()]).toEqual([2, []]);
    expect([(await myself()).status, refreshes()]).toEqual([200, 1]);
  });
  test('refuses a client, and no copy keeps it', async () => {
    refuse();
    const draft = aDraft({ name: 'Second' });
    expect((await rejection(harness.ui('client.create', { client: draft }))).code).toBe(
      'storage_failed',
    );
    expect(harness.world.mirror.dump()).not.toContain('Second');
  });
  test('and never answers is given up on after a while; its late write lands over nothing newer', async () => {
    const write = harness.world.local.write.bind(harness.world.local);
    const late = Promise.withResolvers<undefined>();
    failing(() => late.promise);
    standin.clock.advance(hour);
    const call = myself();
    while ((mirror().get(key) as Entry)['journal'] === undefined)
      await new Promise((resolve) => setImmediate(resolve));
    harness.world.elapse(storageTimeoutMs);
    expect((await call).status).toBe(200);
    expect(await codes()).toEqual(['storage_failed']);
    failing(write);
    late.resolve(undefined);
    await expect.poll(() => stored()['generation']).toBe(2);
    expect(await faults()).toEqual([]);
  });
  test('and says that it did is found out by the next worker', async () => {
    failing(() => Promise.resolve());
    expect(await refreshedCall()).toBe(200);
    await revive();
    expect([stored()['generation'], (await myself()).status, refreshes()]).toEqual([2, 200, 1]);
  });
});

describe('a first copy that was damaged', () => {
  test.each<[string, () => unknown]>([
    ['cut off', () => ({ id: session.id })],
    ['of another type', () => 'x'],
    ['with the seal of another', () => ({ ...stored(), sealedRefreshToken: aSeal })],
  ])('%s is restored from the second, and that is told until it is dismissed', async (_, rot) => {
    const before = stored();
    local().set(key, rot());
    await revive();
    expect([stored(), await codes()]).toEqual([before, ['storage_restored']]);
    await revive();
    expect([await codes(), await refreshedCall()]).toEqual([['storage_restored'], 200]);
    await harness.ui('storage.forget-damaged', { keys: ['restored'] });
    await revive();
    expect(await faults()).toEqual([]);
  });
  test('an entry that is missing, and a store that was emptied, are restored', async () => {
    const before = Object.fromEntries(local());
    local().delete(key);
    await revive();
    expect(stored()).toEqual(before[key]);
    local().clear();
    await revive();
    const { restored: _notice, ...now } = Object.fromEntries(local());
    expect([now, await refreshedCall()]).toEqual([before, 200]);
  });
  test('a generation that was rolled back is never sent', async () => {
    const old = stored();
    await refreshedCall();
    local().set(key, old);
    harness.world.session.entries.clear();
    await revive();
    expect(stored()['generation']).toBe(2);
    expect([await refreshedCall(), stored()['generation']]).toEqual([200, 3]);
  });
  test('an older second copy never replaces a newer first', async () => {
    const old = structuredClone(mirror().get(key));
    await refreshedCall();
    mirror().set(key, old);
    await revive();
    expect([stored()['generation'], mirror().get(key)]).toEqual([2, stored()]);
  });
  test('cannot be read as a whole: what can be is read one by one', async () => {
    await harness.ui('settings.update', { changes: { clockSkewSeconds: 30 } });
    const world = testWorld(standin, harness.world);
    const read = world.local.read.bind(world.local);
    const fails = () => Promise.reject(new Error('An unexpected error occurred'));
    Object.assign(world.local, {
      all: fails,
      read: (name: string) => (name === key ? fails() : read(name)),
    });
    const background = await compose(world);
    expect(background.grants.list()).toHaveLength(1);
    const { values } = await background.handlers['settings.get']({}, { kind: 'ui' });
    expect(values.clockSkewSeconds).toBe(30);
    expect(world.local.entries.get('restored')).toEqual([key]);
  });
  test('a newer schema in the second copy alone is refused, and nothing is written', async () => {
    mirror().set('schema', { version: 99 });
    const before = [harness.world.local.dump(), harness.world.mirror.dump()];
    expect((await rejection(harness.revive() as Promise<unknown>)).code).toBe('storage_newer');
    expect([harness.world.local.dump(), harness.world.mirror.dump()]).toEqual(before);
  });
});

test('an entry that is damaged in every copy is quarantined and reported until the person removes it', async () => {
  local().set(key, 'x');
  mirror().set(key, 'y');
  for (const _ of [1, 2]) {
    await revive();
    expect(await faults()).toMatchObject([{ code: 'storage_damaged', subject: key }]);
    expect([local().get(`damaged:${key}`), local().has(key), mirror().has(key)]).toEqual([
      'x',
      false,
      false,
    ]);
  }
  await harness.ui('storage.forget-damaged', { keys: [key] });
  expect([await faults(), harness.world.local.dump().includes('damaged')]).toEqual([[], false]);
});

test('without a second store everything works, and that is reported once', async () => {
  const refuse = () => Promise.reject(new Error('InvalidStateError'));
  Object.assign(harness.world.mirror, { all: refuse, write: refuse, remove: refuse });
  expect(await refreshedCall()).toBe(200);
  expect(await faults()).toMatchObject([{ code: 'storage_failed', subject: 'IndexedDB' }]);
  await harness.ui('session.sign-out', { id: session.id });
  // With the second store back, what was removed meanwhile stays removed.
  await revive();
  expect(await harness.ui('session.list', {})).toEqual([]);
  expect([mirror().has(key), local().has('removed')]).toEqual([false, false]);
});

test('with another sealing key the settings stay, and the client asks for its secret again', async () => {
  const fresh = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    ...(['encrypt', 'decrypt'] as const),
  ]);
  Object.assign(harness.world.keyStore, { encryptionKey: () => Promise.resolve(fresh) });
  await revive();
  const { clients } = await harness.ui('overview.get', {});
  const sessions = await harness.ui('session.list', {});
  expect([clients.map(({ hasSecret }) => hasSecret), sessions.length]).toEqual([[false], 1]);
  const [client] = clients;
  await harness.ui('client.update', { id: client?.id as never, client: aDraft() });
  expect((await harness.ui('overview.get', {})).clients[0]?.hasSecret).toBe(true);
});

test('200 sessions and 5,000 connected pages are read; a full store then loses nothing', async () => {
  const vault = createVault(harness.world.keyStore, crypto);
  for (let at = 0; at < 200; at += 1) {
    const id = crypto.randomUUID();
    local().set(`session:${id}`, { ...stored(), id });
  }
  for (let at = 0; at < 5000; at += 1) {
    const origin = `https://page-${at}.example`;
    const sites = session.sites.map(({ cloudId, product }) => ({
      cloudId,
      product,
      sessionId: session.id,
      account: { accountId: session.account.accountId },
    }));
    const grant = { origin, sites, access: 'read', grantedAtMs: 1, chosen: {} };
    const place = { entity: `grant:${origin}`, field: 'grant', generation: 1 };
    const sealed = await vault.encrypt(secret(JSON.stringify(grant)), place);
    local().set(`grant:${origin}`, { origin, revision: 1, sealed });
  }
  await revive();
  expect(await harness.ui('session.list', {})).toHaveLength(201);
  expect(harness.background.grants.list()).toHaveLength(5001);
  expect(mirror().size).toBe(local().size);
  harness.world.local.failWrites(1);
  const full = harness.ui('client.create', { client: aDraft({ name: 'Second' }) });
  expect((await rejection(full)).code).toBe('storage_failed');
  await revive();
  expect(await harness.ui('session.list', {})).toHaveLength(201);
  expect(harness.background.grants.list()).toHaveLength(5001);
}, 180_000);

const aSeal = { k: 1, iv: 'AAAAAAAAAAAAAAAA', ct: 'AAAA' };
