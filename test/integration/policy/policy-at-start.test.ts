import { expect, test } from 'vitest';
import { dashboard, startHarness, type Harness } from '../../support/harness.ts';
import { harness, replaceHarness, revive, standin } from '../use-session.ts';
import {
  allowPolicyHosts,
  restartBrowser,
  setPolicy,
  signIn,
  usePolicy,
  wholePolicy,
  withdraw,
} from '../use-policy.ts';
import { outcome } from '../../support/kill/killed-backgrounds.ts';

usePolicy();

test('what the browser reports already is in force before anything is served, also when no policy is kept', async () => {
  await setPolicy(wholePolicy);
  await signIn();
  await allowPolicyHosts();
  harness.world.policy = { blockedOrigins: [dashboard], settings: { activityLog: false } };
  harness.world.local.entries.delete('policy');
  await revive();
  expect(await outcome(harness)).toBe('not_connected');
  expect((await harness.ui('settings.get', {})).managed).toEqual(['activityLog']);
});

test('a start does not wait for a browser that reports seconds later', async () => {
  await setPolicy(wholePolicy);
  await signIn();
  await allowPolicyHosts();
  const never = (): Promise<never> => new Promise(() => undefined);
  let world = harness.world;
  let started: Harness | undefined;
  const starting = startHarness(standin, world, false, (its) => {
    world = Object.assign(its, { managed: never });
  });
  void starting.then((next) => (started = next));
  for (let turn = 0; started === undefined && turn < 10_000; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    world.elapse(1);
  }
  expect(started).toBeDefined();
  replaceHarness(await starting);
  expect(await outcome(harness)).toBe(200);
});

test.each([
  ['is damaged', 'damaged'],
  ['cannot be decrypted', { revision: 1, atMs: 0, sealed: 'AAAA' }],
])(
  'a start waits for the policy when the kept one %s: what it forbids is never allowed',
  async (_how, kept) => {
    const policy = { blockedOrigins: [dashboard], settings: { activityLog: false } };
    await setPolicy(policy);
    harness.world.session.entries.clear();
    harness.world.local.entries.set('policy', kept);
    harness.world.policy = {};
    const startedAtMs = standin.clock.nowMs();
    const reportsAfter = (ms: number) =>
      startHarness(standin, harness.world, false, (its) => {
        const { pause } = its;
        Object.assign(its, {
          pause: async (paused: number) => {
            await pause(paused);
            if (standin.clock.nowMs() - startedAtMs >= ms) its.policy = policy;
          },
        });
      });
    replaceHarness(await reportsAfter(3000));
    expect((await harness.ui('settings.get', {})).managed).toEqual(['activityLog']);
    expect(standin.clock.nowMs() - startedAtMs).toBe(3000);
  },
);

test('a kept policy that cannot be read, and is reported by no browser, delays a start by four seconds, until it is removed', async () => {
  await setPolicy({ settings: { activityLog: false } });
  harness.world.local.entries.set('policy', 'damaged');
  const startedAtMs = standin.clock.nowMs();
  await restartBrowser();
  expect(standin.clock.nowMs() - startedAtMs).toBe(4000);
  await withdraw();
  expect(harness.world.local.entries.has('policy')).toBe(false);
  const againAtMs = standin.clock.nowMs();
  await restartBrowser();
  expect(standin.clock.nowMs()).toBe(againAtMs);
});

test('the first run opens where a policy cannot be stored', async () => {
  harness.world.policy = { updateText: 'Ask the help desk.' };
  harness.world.local.failWrites(9);
  await harness.background.firstRun.open();
  expect([...harness.world.openWindows.values()]).toEqual(['options/index.html#/welcome']);
});

test('the first run waits for the policy, and does not open where it gives a client', async () => {
  const { pause } = harness.world;
  let waited = 0;
  Object.assign(harness.world, {
    pause: (ms: number) => {
      waited += ms;
      if (waited >= 3000) harness.world.policy = wholePolicy;
      return pause(ms);
    },
  });
  await harness.background.firstRun.open();
  expect([...harness.world.openWindows.values()]).toEqual([]);
  expect(waited).toBe(3000);
});

test('the time that the browser itself waits before it answers counts', async () => {
  const { pause } = harness.world;
  let waited = 0;
  Object.assign(harness.world, {
    managed: () => {
      if (waited === 0) standin.clock.advance(3000);
      return Promise.resolve({});
    },
    pause: (ms: number) => {
      waited += ms;
      return pause(ms);
    },
  });
  await harness.background.firstRun.open();
  expect([...harness.world.openWindows.values()]).toEqual(['options/index.html#/welcome']);
  expect(waited).toBe(750);
});

test('the first run opens at once where the browser says that there is no policy', async () => {
  const pause = (): Promise<void> => Promise.reject(new Error('waits'));
  Object.assign(harness.world, { pause, managed: () => Promise.resolve(undefined) });
  await harness.background.firstRun.open();
  expect([...harness.world.openWindows.values()]).toEqual(['options/index.html#/welcome']);
});
