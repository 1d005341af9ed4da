import { expect, test } from 'vitest';
import { chanceOf } from '../../support/chance.ts';
import { dashboard } from '../../support/harness.ts';
import { atEveryPoint, type KillCase } from '../../support/kill/kill-cases.ts';
import {
  setUpBrowser,
  untilIdleOrKilled,
  type BrowserSetup,
} from '../../support/kill/killed-backgrounds.ts';
import { startKillable } from '../../support/kill/killable-background.ts';
import type { Life } from '../../support/kill/killable-world.ts';
import { policyClient, wholePolicy } from '../use-policy.ts';

const second = { ...policyClient, id: 'second', name: 'Second' };
const policy = {
  ...wholePolicy,
  clients: [policyClient, second],
  settings: { activityLog: false },
};

/** Refreshes the policy in a background that is killed on the way, then in another one. */
async function refreshTwice(setup: BrowserSetup, { chance, kill }: KillCase): Promise<Life> {
  const first = startKillable(setup.browser, chance);
  await first.started;
  first.life.arm(kill);
  await untilIdleOrKilled(first, first.refreshPolicy(), setup);
  const next = startKillable(setup.browser, chanceOf('next'));
  await next.refreshPolicy();
  await next.life.quiet();
  const { clients } = await next.ui('overview.get', {});
  const { rows } = await next.ui('grant.find', { filter: '', offset: 0, limit: 60 });
  const hasPolicy = Object.keys(setup.browser.policy).length > 0;
  expect({
    clients: clients.map(({ name }) => name),
    pages: rows.map(({ origin }) => origin),
    managed: (await next.ui('settings.get', {})).managed,
  }).toEqual({
    clients: hasPolicy ? ['Acme for everybody', 'Second', 'Team'] : ['Team'],
    pages: hasPolicy ? [dashboard] : [],
    managed: hasPolicy ? ['activityLog'] : [],
  });
  next.life.end();
  return first.life;
}

test('killed at every call of a port, a policy is applied as a whole by the next worker', async () => {
  const scene = async (): Promise<BrowserSetup> => {
    const setup = await setUpBrowser();
    setup.browser.policy = policy;
    return setup;
  };
  const ended = await atEveryPoint('apply policy', 1, scene, async (_, one) =>
    refreshTwice(await scene(), one),
  );
  expect(ended).toBeGreaterThan(5);
});

test('killed at every call of a port, a policy is withdrawn as a whole by the next worker', async () => {
  const scene = async (): Promise<BrowserSetup> => {
    const setup = await setUpBrowser();
    setup.browser.policy = policy;
    const one = startKillable(setup.browser, chanceOf('apply'));
    await one.refreshPolicy();
    setup.browser.policy = {};
    await one.refreshPolicy();
    await one.life.quiet();
    one.life.end();
    setup.browser.elapse(60_000);
    return setup;
  };
  const ended = await atEveryPoint('withdraw policy', 1, scene, async (_, one) =>
    refreshTwice(await scene(), one),
  );
  expect(ended).toBeGreaterThan(5);
});
