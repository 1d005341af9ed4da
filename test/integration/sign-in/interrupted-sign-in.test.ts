import { afterEach, beforeEach, expect, test } from 'vitest';
import { startStandin, type Standin } from '../../standin/standin.ts';
import { signedIn, startHarness, type Harness } from '../../support/harness.ts';

let standin: Standin;
let harness: Harness;
beforeEach(async () => {
  standin = await startStandin();
  harness = await startHarness(standin);
});
afterEach(() => standin.close());

test('a worker that died while it renewed a session leaves one session and not two', async () => {
  const { session } = await signedIn(harness, standin);
  const key = `session:${session.id}`;
  const stored = harness.world.local.entries.get(key) as Record<string, unknown>;
  const id = crypto.randomUUID();
  const { currentSite: _site, ...rest } = stored;
  const left = {
    ...rest,
    id,
    account: {},
    isIdentified: false,
    sites: [],
    sitesReadAtMs: 0,
    generation: 1,
  };
  harness.world.local.entries.set(`session:${id}`, left);
  const token = harness.world.session.entries.get(`access:${session.id}`);
  harness.world.session.entries.set(`access:${id}`, token);
  const revived = await harness.revive();
  const { sessions } = await revived.ui('overview.get', {});
  expect(sessions.map((one) => one.id)).toEqual([session.id]);
  expect(revived.world.local.entries.has(`session:${id}`)).toBe(false);
  const { entries } = revived.world.session;
  expect([session.id, id].map((one) => entries.has(`access:${one}`))).toEqual([true, false]);
});
