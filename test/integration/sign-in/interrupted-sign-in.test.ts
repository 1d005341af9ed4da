import { expect, test } from 'vitest';
import { signedIn } from '../../support/harness.ts';
import { harness, standin, useBackground } from '../use-session.ts';

useBackground();

test('a worker that ended while it renewed a session leaves one session and not two', async () => {
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
