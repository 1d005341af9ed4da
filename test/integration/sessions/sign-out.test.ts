import { expect, test } from 'vitest';
import { rejection } from '../../support/faults.ts';
import { harness, session, standin, useSession } from '../use-session.ts';
import { connections } from '../../support/connections.ts';

useSession();

const failing = (): Promise<never> => Promise.reject(new Error('QuotaExceededError'));

test.each([
  ['access token', () => Object.assign(harness.world.session, { remove: failing })],
  ['grant', () => Object.assign(harness.world.keyStore, { raiseRevision: failing })],
])('signing out revokes the grant, also when the %s cannot be removed', async (_, fail) => {
  const { remove } = harness.world.session;
  fail();
  expect(await rejection(harness.ui('session.sign-out', { id: session.id }))).toMatchObject({
    code: 'internal',
  });
  await standin.log.waitFor(({ path }) => path === '/oauth/revoke');
  Object.assign(harness.world.session, { remove });
  const sessions = await harness.ui('session.list', {});
  const grants = await connections(harness.ui);
  expect(sessions).toEqual([]);
  expect(grants).toEqual([]);
  expect(harness.world.local.dump()).not.toContain('sealedRefreshToken');
});
