import { expect, test } from 'vitest';
import { dashboard } from '../../support/harness.ts';
import { outcome } from '../../support/kill/killed-backgrounds.ts';
import { harness, revive, useSession } from '../use-session.ts';

useSession();

test('a grant that is suspended while the browser withholds the permission outlives the removal of another one', async () => {
  const { hosts } = harness.world;
  hosts.delete(`${dashboard}/*`);
  await revive();
  const { grants } = harness.background;
  await grants.restore();
  expect(await outcome(harness)).toBe('not_connected');
  // The browser reports that the permission of some other origin was removed.
  await grants.removeWithdrawn();
  hosts.add(`${dashboard}/*`);
  await grants.settlePending();
  expect(await outcome(harness)).toBe(200);
});
