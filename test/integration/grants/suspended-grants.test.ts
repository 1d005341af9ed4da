import { expect, test } from 'vitest';
import { connect, dashboard, startHarness } from '../../support/harness.ts';
import { outcome } from '../../support/kill/killed-backgrounds.ts';
import { harness, replaceHarness, revive, session, standin, useSession } from '../use-session.ts';
import { connections } from '../../support/connections.ts';

useSession();

const pattern = `${dashboard}/*`;
const events = (): string[] => harness.world.told.map(({ event }) => event);
const grants = async () => await connections(harness.ui);

/** The person lets the extension run on click only, or switches the host off: the browser reports that it was removed. */
async function withhold(): Promise<void> {
  harness.world.hosts.delete(pattern);
  await harness.background.grants.followPermissions();
}
async function allowAgain(): Promise<void> {
  harness.world.hosts.add(pattern);
  await harness.background.grants.settlePending();
}

/** A new background, to which the browser says so of every permission. */
async function startWith(has: () => Promise<boolean>): Promise<void> {
  replaceHarness(
    await startHarness(standin, harness.world, false, (world) => {
      Object.assign(world.permissions, { has });
    }),
  );
}

test('a grant whose permission is withheld is kept, serves nothing, and serves again when it is back', async () => {
  await withhold();
  expect(await outcome(harness)).toBe('not_connected');
  expect(await grants()).toMatchObject([{ origin: dashboard, hasHostPermission: false }]);
  await allowAgain();
  expect(await outcome(harness)).toBe(200);
  expect(await grants()).toMatchObject([{ hasHostPermission: true }]);
});

test('its scripts are registered only while it is allowed, and its pages are told of both', async () => {
  await withhold();
  expect([harness.world.injected.size, events()]).toEqual([0, ['grant.ended']]);
  // The browser reports that the permission of some other origin was removed.
  await harness.background.grants.followPermissions();
  await allowAgain();
  expect([[...harness.world.injected], events()]).toEqual([
    [dashboard],
    ['grant.ended', 'grant.changed'],
  ]);
});

test('what the browser took and gave back while no worker ran is followed at the next start', async () => {
  harness.world.hosts.delete(pattern);
  await revive();
  await harness.background.grants.followPermissions();
  expect([harness.world.injected.size, events()]).toEqual([0, ['grant.ended']]);
  harness.world.hosts.add(pattern);
  await revive();
  await harness.background.grants.followPermissions();
  expect([harness.world.injected.size, events()]).toEqual([1, ['grant.changed']]);
  expect(await outcome(harness)).toBe(200);
});

test('the first call of a page at a start is not served while the permission is withheld', async () => {
  // Later than everything else of a start.
  const { promise: answer, resolve } = Promise.withResolvers<boolean>();
  setTimeout(resolve, 50, false);
  await startWith(() => answer);
  const before = standin.log.length;
  expect(await outcome(harness)).toBe('not_connected');
  expect(standin.log.length).toBe(before);
});

test('nothing is served at a start while the browser does not say what it allows', async () => {
  await startWith(() => Promise.reject(new Error('no answer')));
  expect(await outcome(harness)).toBe('not_connected');
});

test('its question ends when the permission is withheld', async () => {
  const asked = harness
    .page()('page.request-access', { access: 'write' })
    .catch((thrown: { fault?: { code: string } }) => thrown.fault?.code);
  while ((await harness.ui('ask.list', {})).length === 0) await Promise.resolve();
  await withhold();
  expect(await asked).toBe('not_connected');
});

test('a change of a suspended grant neither lets it have effect nor tells its pages', async () => {
  await connect(harness, session);
  await withhold();
  const told = events().length;
  const [grant] = await grants();
  const { key, candidates } = grant!.choices[0]!;
  await harness.ui('grant.choose', { origin: dashboard, key, site: candidates[0]! });
  expect(await outcome(harness)).toBe('not_connected');
  expect(events().length).toBe(told);
  await allowAgain();
  expect(await outcome(harness)).toBe(200);
});

test('a suspended page is disconnected for good', async () => {
  await withhold();
  await harness.ui('grant.remove', { origin: dashboard });
  await allowAgain();
  expect(await outcome(harness)).toBe('not_connected');
  expect(harness.world.injected.size).toBe(0);
});
