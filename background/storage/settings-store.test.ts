import { beforeEach, expect, test } from 'vitest';
import { defaultSettings, type Settings } from '#core/values/settings.ts';
import { rejection } from '../../test/support/faults.ts';
import { memoryArea, type MemoryArea } from '../../test/support/memory-area.ts';
import { createSettings, type SettingsStore } from './settings-store.ts';

let area: MemoryArea;
let settings: SettingsStore;
const open = async (): Promise<SettingsStore> =>
  createSettings({ forced: () => ({}), area, raw: await area.all() });
beforeEach(async () => {
  area = memoryArea();
  settings = await open();
});

test('without an entry the defaults apply, and nothing is damaged', () => {
  expect(settings.current()).toEqual(defaultSettings);
  expect(settings.damaged()).toEqual([]);
});

test('a change is stored before it takes effect, and only differences from the defaults are stored', async () => {
  const updating = settings.update({ clockSkewSeconds: 5, clientDelaySeconds: 60 });
  expect(settings.current().clockSkewSeconds).toBe(60);
  expect((await updating).clockSkewSeconds).toBe(5);
  expect(settings.current().clockSkewSeconds).toBe(5);
  expect(area.entries.get('settings')).toEqual({ clockSkewSeconds: 5 });
  expect((await open()).current()).toEqual(settings.current());
});

test('a setting with its default value is not stored', async () => {
  await settings.update({ clockSkewSeconds: 5, pruneAt: '04:00' });
  await settings.update({ clockSkewSeconds: 60 });
  expect(area.entries.get('settings')).toEqual({ pruneAt: '04:00' });
  await settings.update({ pruneAt: '23:00' });
  expect(area.entries.has('settings')).toBe(false);
});

test('one invalid member rejects the whole change', async () => {
  const fault = await rejection(settings.update({ clockSkewSeconds: 5, serverDelaySeconds: 301 }));
  expect(fault).toMatchObject({
    code: 'invalid_settings',
    fields: [{ field: 'serverDelaySeconds', problem: 'number_out_of_range' }],
  });
  expect(settings.current()).toEqual(defaultSettings);
  expect(area.entries.size).toBe(0);
});

test('an unknown setting is ignored', async () => {
  await settings.update({ color: 'red' } as object);
  expect(settings.current()).toEqual(defaultSettings);
  expect(area.entries.size).toBe(0);
});

test('changes run one after another, and none is lost', async () => {
  await Promise.all([
    settings.update({ clockSkewSeconds: 5 }),
    settings.update({ pruneAt: '04:00' }),
    settings.update({ clientDelaySeconds: 30 }),
  ]);
  expect(area.entries.get('settings')).toEqual({
    clockSkewSeconds: 5,
    pruneAt: '04:00',
    clientDelaySeconds: 30,
  });
});

test('a write that fails changes nothing, and the next one works', async () => {
  area.failWrites(1);
  const notified: Settings[] = [];
  settings.onChanged((after) => notified.push(after));
  expect((await rejection(settings.update({ clockSkewSeconds: 5 }))).code).toBe('storage_failed');
  expect([settings.current(), notified]).toEqual([defaultSettings, []]);
  await settings.update({ clockSkewSeconds: 6 });
  expect(settings.current().clockSkewSeconds).toBe(6);
});

test('listeners are called after each change is stored', async () => {
  const notified: [number, number, boolean][] = [];
  settings.onChanged((after, before) => {
    notified.push([before.clockSkewSeconds, after.clockSkewSeconds, area.entries.has('settings')]);
  });
  await settings.update({ clockSkewSeconds: 5 });
  await settings.reset();
  expect(notified).toEqual([
    [60, 5, true],
    [5, 60, false],
  ]);
});

test('an import without settings writes none, so that a damaged member stays stored', async () => {
  await area.write({ settings: { clockSkewSeconds: 'x' } });
  settings = await open();
  let written: unknown;
  await settings.updateInSameWrite({}, async ({ entries, commitToMemory }) => {
    written = entries;
    commitToMemory();
    await Promise.resolve();
  });
  expect([written, settings.damaged().length]).toEqual([{}, 1]);
});

test('a damaged member has its default, is reported, and stays stored until the next change', async () => {
  const entry = { clockSkewSeconds: 1e9, pruneAt: '04:00' };
  area.entries.set('settings', entry);
  settings = await open();
  expect(settings.current()).toEqual({ ...defaultSettings, pruneAt: '04:00' });
  expect(settings.damaged()).toEqual([
    {
      key: 'settings',
      problems: [{ field: 'clockSkewSeconds', problem: 'number_out_of_range' }],
    },
  ]);
  expect(area.entries.get('settings')).toEqual(entry);
  await settings.update({ clientDelaySeconds: 30 });
  expect(settings.damaged()).toEqual([]);
  expect(area.entries.get('settings')).toEqual({ pruneAt: '04:00', clientDelaySeconds: 30 });
});

test('the defaults can be restored over an entry that is not an object', async () => {
  area.entries.set('settings', 'gone');
  settings = await open();
  expect([settings.current(), settings.damaged().length]).toEqual([defaultSettings, 1]);
  await settings.reset();
  expect([area.entries.size, settings.damaged()]).toEqual([0, []]);
});
