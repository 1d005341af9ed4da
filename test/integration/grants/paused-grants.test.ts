import { expect, test } from 'vitest';
import type { Origin } from '../../../extension/core/values/origin.ts';
import { rejection } from '../../support/faults.ts';
import { connect, dashboard, helperKey } from '../../support/harness.ts';
import { outcome } from '../../support/kill/killed-backgrounds.ts';
import { apiCalls, fetchAll, sitesAt } from '../../support/page-calls.ts';
import { until } from '../../support/until.ts';
import { harness, revive, session, standin, useSession } from '../use-session.ts';

useSession();

const events = (): string[] => harness.world.told.map(({ event }) => event);
const pause = (isPaused: boolean): Promise<unknown> =>
  harness.ui('grant.pause', { origin: dashboard, isPaused });
const grant = () => harness.ui('grant.get', { origin: dashboard });

test('a paused page is served nothing, is told that it is not connected, and is served again when it is resumed', async () => {
  await pause(true);
  expect(await outcome(harness)).toBe('not_connected');
  expect(await harness.page()('page.hello', {})).toEqual({ isConnected: false });
  expect([harness.world.injected.size, events()]).toEqual([0, ['grant.ended']]);
  expect(await grant()).toMatchObject({ isPaused: true, hasHostPermission: true });
  await pause(false);
  expect(await outcome(harness)).toBe(200);
  expect([harness.world.injected.size, events()]).toEqual([1, ['grant.ended', 'grant.changed']]);
  expect(await grant()).not.toHaveProperty('isPaused');
});

test('its calls in flight are aborted, and its question ends', async () => {
  const hanging = standin.faults.add({ kind: 'hang', match: { path: /myself$/u } });
  const called = rejection(fetchAll(harness.page()));
  const asked = rejection(harness.page()('page.request-access', { access: 'write' }));
  await until(() => apiCalls(standin).length > 0 && harness.world.openWindows.size > 0);
  await pause(true);
  expect([(await called).code, (await asked).code]).toEqual(['not_connected', 'not_connected']);
  await hanging.clientGone;
  expect(harness.world.openWindows.size).toBe(0);
});

test('nothing is served as soon as the pause is stored, although the browser does not say what it allows', async () => {
  Object.assign(harness.world.permissions, { has: () => new Promise(() => undefined) });
  void pause(true);
  await until(() => harness.background.grants.list()[0]?.isPaused === true);
  expect(await outcome(harness)).toBe('not_connected');
});

test('it stays paused with a new worker, when permissions change, and when it is changed', async () => {
  await pause(true);
  await revive();
  expect(await outcome(harness)).toBe('not_connected');
  await harness.background.grants.followPermissions();
  expect([await outcome(harness), harness.world.injected.size]).toEqual(['not_connected', 0]);
  const told = events().length;
  await connect(harness, session, { access: 'write', sites: sitesAt(session, 'acme') });
  expect([await outcome(harness), harness.world.injected.size]).toEqual(['not_connected', 0]);
  expect(await grant()).toMatchObject({ isPaused: true, access: 'write' });
  expect(events().length).toBe(told);
  await pause(false);
  expect([await outcome(harness), harness.world.injected.size]).toEqual([200, 1]);
});

test('one that the browser withholds too is served when both have ended', async () => {
  await pause(true);
  harness.world.hosts.delete(`${dashboard}/*`);
  await harness.background.grants.followPermissions();
  await pause(false);
  expect(await outcome(harness)).toBe('not_connected');
  harness.world.hosts.add(`${dashboard}/*`);
  await harness.background.grants.settlePending();
  expect(await outcome(harness)).toBe(200);
});

test('another extension is paused and resumed too', async () => {
  await harness.ui('settings.update', { changes: { otherExtensions: true } });
  await connect(harness, session, { origin: helperKey });
  const hello = () => harness.extension()('page.hello', {});
  expect(await hello()).toEqual({ isConnected: true });
  await harness.ui('grant.pause', { origin: helperKey, isPaused: true });
  expect(await hello()).toEqual({ isConnected: false });
  expect((await rejection(harness.extension()('page.request-access', {}))).code).toBe(
    'not_connected',
  );
  await harness.ui('grant.pause', { origin: helperKey, isPaused: false });
  expect(await hello()).toEqual({ isConnected: true });
});

test('a page that is not connected cannot be paused', async () => {
  const origin = 'https://other.example' as Origin;
  expect((await rejection(harness.ui('grant.pause', { origin, isPaused: true }))).code).toBe(
    'not_connected',
  );
});
