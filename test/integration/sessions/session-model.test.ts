import fc from 'fast-check';
import { expect, test } from 'vitest';
import { onlyCase, seedCount } from '../../support/chance.ts';
import { runToEnd } from '../../support/kill/bounded-case.ts';
import { outcome } from '../../support/kill/killed-backgrounds.ts';
import {
  aReal,
  connectAgain,
  badSteps,
  settle,
  steps,
  type Model,
  type Real,
} from '../../support/kill/session-model.ts';
import { tokenRequests } from '../../support/page-calls.ts';
import { until } from '../../support/until.ts';

const seeds = seedCount(10);
const runsOfSeed = 8;
const minute = 60_000;

/** After the storm: the session works, or says what it needs; and what was ended is gone. */
async function expectRest(real: Real, model: Model): Promise<void> {
  const { standin, browser, watch } = real.setup;
  standin.faults.clear();
  real.isOffline = false;
  await settle(real, model);
  real.alive.life.arm();
  browser.elapse(15 * minute);
  await outcome(real.alive);
  await connectAgain(real);
  browser.elapse(15 * minute);
  const reply = await outcome(real.alive);
  const sessions = await real.alive.ui('session.list', {});
  const before = tokenRequests(standin, 'refresh_token').length;
  expect(sessions.length).toBeLessThanOrEqual(1);
  expect(real.ended).not.toContain(sessions[0]?.id);
  // The last uses are written while the worker answers already.
  await until(() => real.ended.every((id) => !browser.local.dump().includes(id)));
  if (sessions[0]) {
    const isGood = reply === 200;
    expect([isGood, sessions[0].status]).toEqual([isGood, isGood ? 'valid' : 'recoverable']);
  }
  const replies = [await outcome(real.alive), await outcome(real.alive)];
  expect(replies).toEqual([reply, reply]);
  expect(tokenRequests(standin, 'refresh_token')).toHaveLength(before);
  if (!model.isExcused) expect(reply).toBe(200);
  expect(watch.sins).toEqual([]);
}

const newModel = (): Model => ({ steps: 0, losses: 0, isExcused: false });

test('time passes in a case that waits for nothing else, and a case without end is rejected', async () => {
  const real = await aReal(1);
  const replies: unknown[] = [];
  // More calls than a page may make in one second.
  const call = async (): Promise<unknown> => replies.push(await outcome(real.alive));
  await runToEnd(real, newModel(), async () => {
    await Promise.all(Array.from({ length: 130 }, call));
  });
  expect(new Set(replies)).toEqual(new Set([200]));
  const endless = runToEnd(await aReal(1), newModel(), () => new Promise(() => undefined));
  await expect(endless).rejects.toThrow('has no end');
});

test.each([
  ['concurrent callers', steps],
  ['concurrent callers and faults', badSteps],
])(
  'in %s, whatever happens in whatever order: a session works afterwards, or says what it needs',
  async (kind, commands) => {
    for (let seed = 1; seed <= seeds; seed += 1) {
      const name = `${kind} ${seed}`;
      if (onlyCase !== undefined && onlyCase !== name) continue;
      const property = fc.asyncProperty(
        fc.commands(commands, { maxCommands: 40, size: '+1' }),
        fc.nat(),
        async (some, chance) => {
          const model = newModel();
          const real = await aReal(chance);
          await runToEnd(real, model, async () => {
            await fc.asyncModelRun(() => ({ model, real }), some);
            await expectRest(real, model);
          });
        },
      );
      await fc.assert(property, { seed, numRuns: runsOfSeed }).catch((thrown: Error) => {
        throw new Error(`THREELO_SEED="${name}": ${thrown.message}`, { cause: thrown });
      });
    }
  },
  60_000 + seeds * 4000,
);
