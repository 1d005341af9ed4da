import { expect, test } from 'vitest';
import { toFault } from '../../../extension/core/values/fault.ts';
import type { ClientView, SessionView } from '../../../extension/wire/views.ts';
import { startStandin, type Standin } from '../../standin/standin.ts';
import { chanceOf, onlyCase, seedCount } from '../../support/chance.ts';
import { connect, runFlow } from '../../support/harness.ts';
import { atEveryPoint } from '../../support/kill/kill-cases.ts';
import { startKillable, type KillableBackground } from '../../support/kill/killable-background.ts';
import { applicationLink } from '../../support/samples/signed-clients.ts';
import { testWorld, type TestWorld } from '../../support/test-world.ts';

const seeds = seedCount(6);
const fiveYearsMs = 157_680_000_000;

/** A browser with an application link, signed in, and a page that is connected to it. */
async function setScene(): Promise<{
  readonly standin: Standin;
  readonly browser: TestWorld;
  readonly client: ClientView;
  readonly session: SessionView;
}> {
  const standin = await startStandin({ transport: 'memory' });
  const browser = testWorld(standin);
  const first = startKillable(browser, chanceOf('scene'));
  const harness = { ui: first.ui, world: browser };
  const client = await applicationLink({ harness, standin });
  const flow = await runFlow(first, client);
  const sessions = await first.ui('session.list', {});
  const session = sessions.find(({ id }) => id === flow.sessionId);
  if (session === undefined) throw new Error('no session');
  await connect(harness, session);
  await first.life.quiet();
  first.life.end();
  return { standin, browser, client, session };
}

/** What the page gets: the status of the answer, or the code of the fault. */
async function called({ page }: KillableBackground): Promise<number | string> {
  const call = { callId: crypto.randomUUID(), method: 'GET', input: '/rest/api/2/myself' };
  try {
    return (await page()('api.request', { ...call, headers: [], body: null, writtenBytes: 0 }))
      .status;
  } catch (thrown) {
    return toFault(thrown).code;
  }
}

test(
  'killed at every call of a port while it renews, an application link works or reports what it needs',
  { timeout: 120_000 + seeds * 10_000 },
  async () => {
    let lost = 0;
    const ended = await atEveryPoint(
      'renewal',
      seeds,
      setScene,
      async (scene, { chance, kill }) => {
        const { standin, browser, client, session } = scene;
        // Its time is over, or the server has ended it before.
        if (chance.comes(0.5)) browser.elapse(fiveYearsMs);
        else standin.oauth1.jira.expireAccessTokens();
        standin.log.clear();
        const first = startKillable(browser, chance);
        await first.started;
        first.life.arm(kill);
        await Promise.race([called(first).then(() => first.life.quiet()), first.life.over]);
        await new Promise((resolve) => setImmediate(resolve));

        const next = startKillable(browser, chance);
        const reply = await called(next);
        const { status } = await next.ui('session.get', { id: session.id });
        expect([reply, status]).toEqual(
          reply === 200 ? [200, 'valid'] : ['consent_required', 'recoverable'],
        );
        const renewals = standin.log.filter(({ headers }) =>
          headers['authorization']?.includes('oauth_session_handle'),
        );
        expect(renewals.length).toBeLessThanOrEqual(first.life.isOver() ? 2 : 1);
        if (reply !== 200) {
          lost += 1;
          expect((await runFlow(next, client)).sessionId).toBe(session.id);
          expect(await called(next)).toBe(200);
        }
        await next.life.quiet();
        next.life.end();
        return first.life;
      },
    );
    expect(ended).toBeGreaterThan(onlyCase ? -1 : seeds * 5);
    // The server takes a handle once and has no leeway: only a response that was not stored before the kill is lost.
    expect(lost).toBeLessThan(ended / 2);
  },
);
