import { expect, test } from 'vitest';
import { connect, dashboard } from '../../support/harness.ts';
import { outcome } from '../../support/kill/killed-backgrounds.ts';
import { harness, revive, session, useSession } from '../use-session.ts';

useSession();

/** The browser withholds the permission at a start. */
async function suspend(): Promise<void> {
  harness.world.hosts.delete(`${dashboard}/*`);
  await revive();
  await harness.background.grants.restore();
  expect(await outcome(harness)).toBe('not_connected');
}
async function allowAgain(): Promise<void> {
  harness.world.hosts.add(`${dashboard}/*`);
  await harness.background.grants.settlePending();
}

test('a grant that is suspended while the browser withholds the permission outlives the removal of another one', async () => {
  await suspend();
  // The browser reports that the permission of some other origin was removed.
  await harness.background.grants.removeWithdrawn();
  await allowAgain();
  expect(await outcome(harness)).toBe(200);
});

test('a change of a suspended grant does not let it have effect', async () => {
  await connect(harness, session);
  await suspend();
  const [grant] = (await harness.ui('overview.get', {})).grants;
  const { key, candidates } = grant!.choices[0]!;
  await harness.ui('grant.choose', { origin: dashboard, key, site: candidates[0]! });
  expect(await outcome(harness)).toBe('not_connected');
  await allowAgain();
  expect(await outcome(harness)).toBe(200);
});
