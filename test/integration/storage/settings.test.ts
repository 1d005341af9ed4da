import { describe, expect, test } from 'vitest';
import { defaultSettings } from '../../../extension/core/values/settings.ts';
import { rejection } from '../../support/faults.ts';
import { dashboard, signedIn } from '../../support/harness.ts';
import { harness, revive, standin, useBackground } from '../use-session.ts';

useBackground();

const values = async () => (await harness.ui('settings.get', {})).values;
const entry = (): unknown => harness.world.local.entries.get('settings');

test('the defaults hold in a new store, and nothing is written for them', async () => {
  expect(await harness.ui('settings.get', {})).toEqual({
    values: defaultSettings,
    defaults: defaultSettings,
    managed: [],
  });
  expect(entry()).toBeUndefined();
});

test('a change is in force at once, outlives the worker, and the defaults come back', async () => {
  const changes = { clockSkewSeconds: 90, pruneAt: '04:30', activityLog: false };
  const after = await harness.ui('settings.update', { changes });
  expect(after).toEqual({
    values: { ...defaultSettings, ...changes },
    defaults: defaultSettings,
    managed: [],
  });
  expect(await values()).toEqual(after.values);
  expect(entry()).toEqual(changes);
  await revive();
  expect(await values()).toEqual(after.values);
  expect((await harness.ui('settings.reset', {})).values).toEqual(defaultSettings);
  expect(entry()).toBeUndefined();
  await revive();
  expect(await values()).toEqual(defaultSettings);
});

test('the extension pages are notified', async () => {
  let told = 0;
  Object.assign(harness.world, { notifyExtensionPages: () => (told += 1) });
  await harness.ui('settings.update', { changes: { clockSkewSeconds: 90 } });
  await harness.ui('settings.reset', {});
  await rejection(harness.ui('settings.update', { changes: { clockSkewSeconds: 601 } }));
  expect(told).toBe(2);
});

describe('a change is refused whole', () => {
  test('when a value is out of bounds: the fields are named', async () => {
    const changes = {
      clockSkewSeconds: 30,
      cloudRetryWindowSeconds: 601,
      pruneAt: '24:00',
      activityLog: 'off',
    };
    expect(await rejection(harness.ui('settings.update', { changes }))).toMatchObject({
      code: 'invalid_settings',
      fields: [
        { field: 'activityLog', problem: 'choice_invalid' },
        { field: 'pruneAt', problem: 'time_invalid' },
        { field: 'cloudRetryWindowSeconds', problem: 'number_out_of_range' },
      ],
    });
    expect(await values()).toEqual(defaultSettings);
    expect(entry()).toBeUndefined();
  });
  test('when it names what is no setting', async () => {
    const changes = { clockSkewSeconds: 30, color: 1 } as object;
    expect((await rejection(harness.ui('settings.update', { changes }))).code).toBe(
      'invalid_request',
    );
    expect(await values()).toEqual(defaultSettings);
  });
  test('when the store takes no writes', async () => {
    harness.world.local.failWrites(1);
    const changes = { clockSkewSeconds: 30 };
    expect((await rejection(harness.ui('settings.update', { changes }))).code).toBe(
      'storage_failed',
    );
    expect(await values()).toEqual(defaultSettings);
    expect((await harness.ui('settings.update', { changes })).values.clockSkewSeconds).toBe(30);
  });
});

test('a page can neither read nor change them', async () => {
  const page = harness.page(dashboard);
  expect((await rejection(page('settings.get', {}))).code).toBe('not_allowed');
  expect((await rejection(page('settings.update', { changes: {} }))).code).toBe('not_allowed');
  expect((await rejection(page('settings.reset', {}))).code).toBe('not_allowed');
});

describe('an entry that somebody else wrote', () => {
  test('applies within its bounds only; a value beyond them is reported, and the others apply', async () => {
    const { session } = await signedIn(harness, standin);
    const forged = { cloudRetryWindowSeconds: 1e9, serverDelaySeconds: 30, clockSkewSeconds: '5' };
    harness.world.local.entries.set('settings', forged);
    await revive();
    expect(await values()).toEqual({ ...defaultSettings, serverDelaySeconds: 30 });
    const { storageFaults } = await harness.ui('overview.get', {});
    const sessions = await harness.ui('session.list', {});
    expect(storageFaults).toMatchObject([
      {
        code: 'storage_damaged',
        subject: 'settings',
        fields: [
          { field: 'clockSkewSeconds', problem: 'number_invalid' },
          { field: 'cloudRetryWindowSeconds', problem: 'number_out_of_range' },
        ],
      },
    ]);
    expect(sessions.map(({ id }) => id)).toEqual([session.id]);
    expect(entry()).toEqual(forged);
  });
  test('is mended by "Remove", and what is valid stays', async () => {
    harness.world.local.entries.set('settings', { clockSkewSeconds: '5', serverDelaySeconds: 30 });
    await revive();
    const { storageFaults } = await harness.ui('overview.get', {});
    expect(storageFaults).toMatchObject([{ things: [{ kind: 'settings' }] }]);
    await harness.ui('storage.forget-damaged', { keys: ['session:other'] });
    expect((await harness.ui('overview.get', {})).storageFaults).toHaveLength(1);
    await harness.ui('storage.forget-damaged', { keys: ['settings'] });
    expect((await harness.ui('overview.get', {})).storageFaults).toEqual([]);
    expect(entry()).toEqual({ serverDelaySeconds: 30 });
  });
  test('is mended by the next change', async () => {
    harness.world.local.entries.set('settings', ['nonsense']);
    await revive();
    expect((await harness.ui('overview.get', {})).storageFaults).toHaveLength(1);
    await harness.ui('settings.update', { changes: { clockSkewSeconds: 30 } });
    expect((await harness.ui('overview.get', {})).storageFaults).toEqual([]);
    expect(entry()).toEqual({ clockSkewSeconds: 30 });
  });
});
