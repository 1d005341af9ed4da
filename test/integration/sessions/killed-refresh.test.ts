import { describe, expect, test } from 'vitest';
import type { Origin } from '../../../extension/core/values/origin.ts';
import type { SessionView } from '../../../extension/wire/views.ts';
import { onlyCase, seedCount, type Chance } from '../../support/chance.ts';
import { dashboard } from '../../support/harness.ts';
import { atEveryPoint, type KillCase } from '../../support/kill/kill-cases.ts';
import {
  found,
  untilIdleOrKilled,
  outcome,
  setUpBrowser,
  signIn,
  wake,
  type BrowserSetup,
} from '../../support/kill/killed-backgrounds.ts';
import { startKillable } from '../../support/kill/killable-background.ts';
import type { Life } from '../../support/kill/killable-world.ts';

const seeds = seedCount(6);
const minute = 60_000;
const hour = 60 * minute;
const second = 'https://second.example' as Origin;
const timeLimit = { timeout: 120_000 + seeds * 10_000 };

interface Scene {
  readonly origins: readonly Origin[];
  /** How many calls each origin has waiting. */
  readonly callers: (chance: Chance) => number;
}
const scenes: readonly [string, Scene][] = [
  ['one caller of one session', { origins: [dashboard], callers: () => 1 }],
  [
    'many callers of two sessions',
    { origins: [dashboard, second], callers: (chance) => 2 + chance.below(4) },
  ],
];

/** A session at expiry, its callers, and a kill; resolves to the last background and to the number of kills. */
async function liveAndDie(
  setup: BrowserSetup,
  { origins, callers }: Scene,
  { chance, kill }: KillCase,
): Promise<{ life: Life; kills: number }> {
  const { browser, standin } = setup;
  standin.clock.advance(hour);
  standin.log.clear();
  standin.auditor.clear();
  const first = startKillable(browser, chance);
  await first.started;
  first.life.arm(kill);
  const count = callers(chance);
  const calls = origins.flatMap((origin) =>
    Array.from({ length: count }, (_, at) => outcome(first, origin, `document-${at}`)),
  );
  await untilIdleOrKilled(first, Promise.all(calls), setup);
  if (!first.life.isOver()) return { life: first.life, kills: 0 };
  const gapMs = chance.below(9 * minute);
  if (!chance.comes(0.25)) {
    browser.elapse(gapMs);
    return { life: first.life, kills: 1 };
  }
  // The recovery from the first kill is killed too, still inside the provider's leeway.
  browser.elapse(gapMs / 2);
  const again = startKillable(browser, chance);
  again.life.arm({ call: 1 + chance.below(40), moment: 'acted' });
  await untilIdleOrKilled(again, outcome(again, origins[0]), setup);
  const kills = again.life.isOver() ? 2 : 1;
  again.life.end();
  browser.elapse(gapMs / 2);
  return { life: first.life, kills };
}

describe.each(scenes)(
  'a background killed at every call of a port while it refreshes, %s',
  (name, scene) => {
    const { origins } = scene;
    const start = async (leewayMs: number) => {
      const setup = await setUpBrowser({ leewayMs });
      const sessions = [await setup.account('ada', dashboard)];
      if (origins.includes(second)) sessions.push(await setup.account('bo', second));
      return { setup, sessions };
    };
    const whole = (sessions: readonly SessionView[]) => ({
      replies: origins.map(() => 200),
      sessions: sessions.map(({ id }) => [id, 'valid']),
      grants: origins.map((origin) => [origin, 1]),
    });

    test(
      'inside the leeway: no session is lost, nothing is replayed, at most one more request per kill',
      timeLimit,
      async () => {
        const ended = await atEveryPoint(
          `refresh, ${name}`,
          seeds,
          () => start(10 * minute),
          async ({ setup, sessions }, one) => {
            const { auditor } = setup.standin;
            const { life, kills } = await liveAndDie(setup, scene, one);
            const next = await wake(setup, one.chance);
            // What the start has not recovered is past the leeway then.
            setup.browser.elapse(11 * minute);
            expect(await found(next, origins)).toEqual(whole(sessions));
            expect(auditor).toMatchObject({ replaysOutsideLeeway: [], deadRefreshes: [] });
            expect(Math.max(...auditor.refreshesByFamily.values())).toBeLessThanOrEqual(1 + kills);
            next.life.end();
            expect(setup.watch.sins).toEqual([]);
            return life;
          },
        );
        expect(ended).toBeGreaterThan(onlyCase ? -1 : seeds * 10);
      },
    );

    test(
      'without a leeway: a session works or reports what it needs, and one sign-in repairs it',
      timeLimit,
      async () => {
        const ended = await atEveryPoint(
          `refresh without leeway, ${name}`,
          Math.ceil(seeds / 2),
          () => start(0),
          async ({ setup, sessions }, one) => {
            const { auditor } = setup.standin;
            const { life, kills } = await liveAndDie(setup, scene, one);
            const next = await wake(setup, one.chance);
            const { replies, sessions: states, grants } = await found(next, origins);
            expect(states.map(([id]) => id)).toEqual(sessions.map(({ id }) => id));
            expect(grants).toEqual(whole(sessions).grants);
            for (const [at, reply] of replies.entries()) {
              const status = states[at]?.[1];
              expect([reply, status]).toEqual(
                reply === 200 ? [200, 'valid'] : ['consent_required', 'recoverable'],
              );
            }
            const { replaysOutsideLeeway, deadRefreshes } = auditor;
            const lost = replies.filter((reply) => reply !== 200).length;
            expect(replaysOutsideLeeway.length).toBeLessThanOrEqual(lost);
            expect(deadRefreshes.length).toBeLessThanOrEqual(kills);
            for (const account of ['ada', 'bo'].slice(0, lost === 0 ? 0 : origins.length)) {
              setup.browser.person = async (url) => ({
                redirectedTo: await setup.standin.consent(url.href, { account }),
              });
              await signIn(next, setup);
            }
            expect(await found(next, origins)).toEqual(whole(sessions));
            next.life.end();
            expect(setup.watch.sins).toEqual([]);
            return life;
          },
        );
        expect(ended).toBeGreaterThan(onlyCase ? -1 : seeds * 5);
      },
    );
  },
);
