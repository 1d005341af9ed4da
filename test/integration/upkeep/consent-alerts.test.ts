import { expect, test } from 'vitest';
import { passUntil } from '../../support/days.ts';
import { rejection } from '../../support/faults.ts';
import { runFlow } from '../../support/harness.ts';
import { fetchAll } from '../../support/page-calls.ts';
import { until } from '../../support/until.ts';
import { client, harness, revive, session, standin, useSession } from '../use-session.ts';

useSession();

const id = (): string => `consent:${session.id}`;
const seen = async (): Promise<[number, string[]]> => {
  await harness.background.consentAlerts.update();
  const { badge, notifications } = harness.world.seen;
  return [badge, [...notifications.keys()]];
};
/** The provider ends the session, and a call finds out. */
const lose = async (): Promise<void> => {
  standin.revokeGrant('ada', 'team-client');
  expect((await rejection(fetchAll(harness.page()))).code).toBe('consent_required');
};

test('nothing is shown while every session is usable', async () => {
  expect(await seen()).toEqual([0, []]);
});

test('a session that needs consent is on the badge, and notified once', async () => {
  await lose();
  expect(await seen()).toEqual([1, [id()]]);
  expect(harness.world.seen.notifications.get(id())).toMatch(
    /^Sign in again: .* of Ada Example with the client Team\./u,
  );
  harness.world.seen.notifications.clear();
  await rejection(fetchAll(harness.page()));
  expect(await seen()).toEqual([1, []]);
});

test('with the setting off only the badge is shown, and switching it off withdraws what is shown', async () => {
  const { seen: shown, alerts } = harness.world;
  await lose();
  await until(() => shown.notifications.size === 1);
  await harness.ui('settings.update', { changes: { notifications: false } });
  await until(() => shown.notifications.size === 0);
  const notified: string[] = [];
  Object.assign(alerts, { notify: (one: string) => Promise.resolve(void notified.push(one)) });
  await runFlow(harness, client, session);
  await until(() => shown.badge === 0);
  await lose();
  await until(() => shown.badge === 1);
  expect([await seen(), notified]).toEqual([[1, []], []]);
});

test('both are updated without a request', async () => {
  const { seen: shown } = harness.world;
  await lose();
  await until(() => shown.badge === 1 && shown.notifications.size === 1);
  await harness.ui('session.sign-out', { id: session.id });
  await until(() => shown.badge === 0 && shown.notifications.size === 0);
});

test('a new worker shows the badge and repeats no notification', async () => {
  await lose();
  await seen();
  harness.world.seen.notifications.clear();
  harness.world.seen.badge = 0;
  await revive();
  expect(await seen()).toEqual([1, []]);
  const weekMs = 7 * 86_400_000;
  await passUntil(harness, harness.world.nowMs() + weekMs + 60_000);
  const sessions = await harness.ui('session.list', {});
  expect(sessions.map(({ status }) => status)).toEqual(['unrecoverable']);
  expect(await seen()).toEqual([1, []]);
});

test('signing in again removes both, and the next loss is notified again', async () => {
  await lose();
  await seen();
  await runFlow(harness, client);
  expect(await seen()).toEqual([0, []]);
  await lose();
  expect(await seen()).toEqual([1, [id()]]);
});

test.each([
  ['signing out', () => harness.ui('session.sign-out', { id: session.id })],
  ['deleting its client', () => harness.ui('client.delete', { id: client.id })],
])('%s takes both away, of an earlier worker too', async (_, end) => {
  await lose();
  expect(await seen()).toEqual([1, [id()]]);
  await revive();
  await end();
  expect(await seen()).toEqual([0, []]);
});

test('a click on the notification opens the options', async () => {
  await lose();
  await seen();
  await harness.background.consentAlerts.clicked('of somebody else');
  expect([...harness.world.openWindows.values()]).toEqual([]);
  await harness.background.consentAlerts.clicked(id());
  expect([...harness.world.openWindows.values()]).toEqual(['options/index.html']);
  expect((await seen())[1]).toEqual([]);
});
