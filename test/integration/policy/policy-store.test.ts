import { expect, test } from 'vitest';
import { aDraft } from '../../support/harness.ts';
import { rejection } from '../../support/faults.ts';
import { harness, revive, standin } from '../use-session.ts';
import {
  allowPolicyHosts,
  policyClient,
  restartBrowser,
  setPolicy,
  signIn,
  usePolicy,
  wholePolicy,
  withdraw,
} from '../use-policy.ts';
import { until } from '../../support/until.ts';
import { outcome } from '../../support/kill/killed-backgrounds.ts';

usePolicy();

const names = async (): Promise<string[]> =>
  (await harness.ui('overview.get', {})).clients.map(({ name }) => name);
const about = async () => (await harness.ui('about.get', {})).policy;

test('a session of a client of the policy survives three starts of a browser that reports the policy late', async () => {
  await setPolicy(wholePolicy);
  const { id } = await signIn();
  await allowPolicyHosts();
  for (let start = 0; start < 3; start += 1) {
    await restartBrowser();
    expect(await outcome(harness)).toBe(200);
    standin.clock.advance(3000);
    harness.world.policy = wholePolicy;
    await harness.background.policy.refresh();
    standin.clock.advance(120_000);
    await harness.background.policy.refresh();
    expect((await harness.ui('session.list', {})).map((one) => [one.id, one.status])).toEqual([
      [id, 'valid'],
    ]);
    expect(await outcome(harness)).toBe(200);
  }
});

test('an empty policy counts as withdrawn after a minute, also when the worker ends meanwhile', async () => {
  await setPolicy(wholePolicy);
  await setPolicy({});
  expect(harness.world.alarmsSet.get('policy')).toBe(standin.clock.nowMs() + 60_000);
  standin.clock.advance(59_000);
  await revive();
  await harness.background.policy.refresh();
  expect(await names()).toEqual([policyClient.name]);
  standin.clock.advance(1000);
  await revive();
  await harness.background.policy.refresh();
  expect(await names()).toEqual([]);
  expect(await about()).toBeUndefined();
});

test('the minute begins anew with each start of the browser, and when the policy was there meanwhile', async () => {
  await setPolicy(wholePolicy);
  await setPolicy({});
  standin.clock.advance(59_000);
  await restartBrowser();
  standin.clock.advance(2000);
  await harness.background.policy.refresh();
  expect(await names()).toEqual([policyClient.name]);
  await setPolicy(wholePolicy);
  standin.clock.advance(60_000);
  await setPolicy({});
  expect(await names()).toEqual([policyClient.name]);
});

test('a withdrawn policy takes its clients, sessions and pages along, and nothing of the person', async () => {
  await harness.ui('client.create', { client: aDraft({ name: 'My own', clientId: 'own' }) });
  await setPolicy(wholePolicy);
  const client = (await harness.ui('overview.get', {})).clients.find(
    ({ name }) => name === policyClient.name,
  );
  await harness.ui('flow.start', { clientId: client?.id ?? ('' as never) });
  await expect.poll(async () => (await harness.ui('session.list', {})).length).toBe(1);
  await allowPolicyHosts();
  expect(harness.world.policyInjected.size).toBe(1);
  await withdraw();
  expect(await names()).toEqual(['My own']);
  expect(await harness.ui('session.list', {})).toEqual([]);
  expect(await outcome(harness)).toBe('not_connected');
  expect(harness.world.policyInjected.size).toBe(0);
});

test('a kept policy that was put back, changed or forged is not applied', async () => {
  await setPolicy(wholePolicy);
  const kept = harness.world.local.entries.get('policy');
  await withdraw();
  harness.world.local.entries.set('policy', kept);
  await restartBrowser();
  expect(await about()).toBeUndefined();
  harness.world.local.entries.set('policy', { ...(kept as object), revision: 9 });
  await restartBrowser();
  expect(await about()).toBeUndefined();
});

test('a policy that was not kept, or whose entry is damaged, takes nothing along until it counts as withdrawn', async () => {
  await setPolicy(wholePolicy);
  const { id } = await signIn();
  for (const entry of [undefined, { revision: 1, atMs: 0, sealed: 'damaged' }]) {
    harness.world.local.entries.delete('policy');
    if (entry !== undefined) harness.world.local.entries.set('policy', entry);
    await restartBrowser();
    standin.clock.advance(3000);
    await setPolicy(wholePolicy);
    expect((await harness.ui('session.list', {})).map((one) => one.id)).toEqual([id]);
    expect((await about())?.clientCount).toBe(1);
  }
  harness.world.local.entries.delete('policy');
  await restartBrowser();
  await withdraw();
  expect(await names()).toEqual([]);
});

test('a browser that slept, or whose clock was set, while it had not reported the policy yet gets its seconds', async () => {
  await setPolicy(wholePolicy);
  const { id } = await signIn();
  await restartBrowser();
  standin.clock.advance(3_600_000);
  const { pause } = harness.world;
  Object.assign(harness.world, {
    pause: async (ms: number) => {
      await pause(ms);
      harness.world.policy = wholePolicy;
    },
  });
  await harness.background.policy.refresh();
  expect((await harness.ui('session.list', {})).map((one) => one.id)).toEqual([id]);
});

test('what is kept of the policy shows neither secrets nor origins', async () => {
  await setPolicy(wholePolicy);
  const text = JSON.stringify([...harness.world.local.entries.values()]);
  expect(text).not.toContain(policyClient.clientSecret);
  expect(text).not.toContain('dashboard.example');
});

test('a policy that cannot be stored is applied nevertheless, and stored by the next refresh', async () => {
  harness.world.local.failWrites(1);
  harness.world.policy = { ...wholePolicy, blockedOrigins: ['https://bad.example'] };
  expect((await rejection(harness.background.policy.refresh())).code).toBe('storage_failed');
  expect((await about())?.blockedCount).toBe(1);
  await harness.background.policy.refresh();
  await restartBrowser();
  expect((await about())?.blockedCount).toBe(1);
  expect(await names()).toEqual([policyClient.name]);
});

test('a policy that follows one that could not be stored is applied, also when it is the one before', async () => {
  await setPolicy({ updateText: 'first' });
  harness.world.local.failWrites(1);
  await setPolicy({ updateText: 'second' }).catch(() => undefined);
  expect((await about())?.updateText).toBe('second');
  await setPolicy({ updateText: 'first' });
  expect((await about())?.updateText).toBe('first');
});

test('a policy that is applied while the clients of another one are stored gets its own', async () => {
  const { local } = harness.world;
  const write = local.write.bind(local);
  const held: (() => void)[] = [];
  const holdNext = (prefix: string): void => {
    let isHeld = false;
    Object.assign(local, {
      write: async (entries: Readonly<Record<string, unknown>>) => {
        if (!isHeld && Object.keys(entries).some((key) => key.startsWith(prefix))) {
          isHeld = true;
          await new Promise<void>((resolve) => held.push(resolve));
        }
        await write(entries);
      },
    });
  };
  holdNext('client:');
  const first = setPolicy(wholePolicy);
  await until(() => held.length === 1);
  holdNext('policy');
  const second = setPolicy({ clients: [{ ...policyClient, name: 'Second' }] });
  await until(() => held.length === 2);
  held[0]?.();
  await first;
  held[1]?.();
  await second;
  expect(await names()).toEqual(['Second']);
});

test('About has the numbers of the policy, its text, and what is not valid with its path', async () => {
  await setPolicy({
    ...wholePolicy,
    settings: { activityLog: false, unknown: 1 },
    pointsPerHour: 100,
    updateText: 'Ask the help desk.',
    other: true,
  });
  expect(await about()).toMatchObject({
    clientCount: 1,
    pageCount: 1,
    blockedCount: 0,
    settings: ['activityLog'],
    pointsPerHour: 100,
    updateText: 'Ask the help desk.',
    problems: [
      { field: '/other', problem: 'unknown_member' },
      { field: '/settings/unknown', problem: 'unknown_member' },
    ],
    problemCount: 2,
  });
});
