import { expect, test } from 'vitest';
import { chanceOf, onlyCase, seedCount } from '../../support/chance.ts';
import { dashboard } from '../../support/harness.ts';
import { atEveryPoint, type KillCase } from '../../support/kill/kill-cases.ts';
import {
  browserOn,
  found,
  outcome,
  setUpBrowser,
  signIn,
  wake,
  type BrowserSetup,
} from '../../support/kill/killed-backgrounds.ts';
import { startKillable, type KillableBackground } from '../../support/kill/killable-background.ts';
import type { Life } from '../../support/kill/killable-world.ts';
import { until } from '../../support/until.ts';

const seeds = seedCount(3);
const minute = 60_000;
const hour = 60 * minute;
const timeLimit = { timeout: 120_000 + seeds * 10_000 };

/** A sign-in and its kill; the time that passes until the next start. */
async function signInUntilKilled(setup: BrowserSetup, { chance, kill }: KillCase): Promise<Life> {
  const first = startKillable(setup.browser, chance);
  await first.started;
  first.life.arm(kill);
  await signIn(first, setup);
  setup.browser.elapse(chance.below(9 * minute));
  return first.life;
}

/** A sign-in in the background that came after; at most the person has to close a window first. */
async function signInAgain(next: KillableBackground, setup: BrowserSetup): Promise<void> {
  await signIn(next, setup);
  if (setup.browser.openWindows.size > 0) {
    setup.browser.openWindows.clear();
    await signIn(next, setup);
  }
  const { flow } = await next.ui('overview.get', {});
  expect(flow).toMatchObject({ state: 'succeeded' });
}

function expectCareful({ standin: { auditor } }: BrowserSetup): void {
  expect(auditor).toMatchObject({
    replaysOutsideLeeway: [],
    codeReuses: [],
    pkceFailures: [],
    stateFaults: [],
  });
}

test(
  'killed at every call of a port, a first sign-in leaves no session or a good one',
  timeLimit,
  async () => {
    const ended = await atEveryPoint(
      'first sign-in',
      seeds,
      setUpBrowser,
      async ({ standin }, one) => {
        const setup = await browserOn(standin, crypto.randomUUID());
        standin.auditor.clear();
        const life = await signInUntilKilled(setup, one);
        const next = await wake(setup, one.chance);
        const left = await next.ui('session.list', {});
        expect(left.length).toBeLessThanOrEqual(1);
        for (const { id, status } of left) {
          expect(status).toBe('valid');
          expect((await next.ui('session.refresh-sites', { id })).sites).toHaveLength(4);
        }
        if (!life.isOver()) expect(left).toHaveLength(1);
        await signInAgain(next, setup);
        const sessions = await next.ui('session.list', {});
        expect(sessions).toHaveLength(1);
        if (left[0]) expect(sessions[0]?.id).toBe(left[0].id);
        expectCareful(setup);
        next.life.end();
        expect(setup.watch.sins).toEqual([]);
        return life;
      },
    );
    expect(ended).toBeGreaterThan(onlyCase ? -1 : seeds * 10);
  },
);

test(
  'killed at every call of a port, a renewing sign-in keeps the session and its pages',
  timeLimit,
  async () => {
    const start = async () => {
      const setup = await setUpBrowser();
      return { setup, session: await setup.account('ada') };
    };
    const ended = await atEveryPoint('renewing sign-in', seeds, start, async (scene, one) => {
      const { setup, session } = scene;
      const whole = {
        replies: [200],
        sessions: [[session.id, 'valid']],
        grants: [[dashboard, 1]],
      };
      setup.standin.auditor.clear();
      const life = await signInUntilKilled(setup, one);
      const next = await wake(setup, one.chance);
      const { replies, sessions, grants } = await found(next);
      // The exchange revokes the grant before it: then only a new sign-in can restore what was not stored.
      expect([replies[0], ...(sessions[0] ?? [])]).toEqual(
        replies[0] === 200
          ? [200, session.id, 'valid']
          : ['consent_required', session.id, 'recoverable'],
      );
      expect([sessions.length, grants]).toEqual([1, whole.grants]);
      await signInAgain(next, setup);
      expect(await found(next)).toEqual(whole);
      setup.browser.elapse(hour);
      expect(await outcome(next)).toBe(200);
      expectCareful(setup);
      next.life.end();
      expect(setup.watch.sins).toEqual([]);
      return life;
    });
    expect(ended).toBeGreaterThan(onlyCase ? -1 : seeds * 10);
  },
);

test('a window that opened but was never recorded does not block the next sign-in', async () => {
  const setup = await setUpBrowser();
  const { browser } = setup;
  const { onPopupWindow } = browser.windows;
  Object.assign(browser.windows, { onPopupWindow: () => () => false });
  const { person } = browser;
  browser.person = () => new Promise(() => undefined);
  const first = startKillable(browser, chanceOf('1'));
  void signIn(first, setup);
  await until(() => browser.openWindows.size > 0);
  first.life.end();
  Object.assign(browser, { person });
  Object.assign(browser.windows, { onPopupWindow });
  const next = await wake(setup, chanceOf('2'));
  await signIn(next, setup);
  expect((await next.ui('overview.get', {})).flow).toMatchObject({ state: 'succeeded' });
});
