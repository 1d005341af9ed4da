import { describe, expect, test } from 'vitest';
import {
  changedSettings,
  defaultSettings,
  readSettings,
  settingFields,
  settingFromText,
  settingNames,
  settingsProblems,
} from './settings.ts';

const numbers = settingNames.flatMap((name) => {
  const field = settingFields[name];
  return 'min' in field ? [[name, field.min, field.max] as const] : [];
});
const switches = settingNames.filter((name) => settingFields[name].unit === 'switch');

test('the defaults are those of Data Center, the retry window that Atlassian documents, and no other extensions', () => {
  expect(defaultSettings).toEqual({
    notifications: true,
    defaultAccess: 'read',
    activityLog: true,
    otherExtensions: false,
    lastingGrants: true,
    plainHttp: true,
    refreshTokenDurationDays: 30,
    minimumAccessTokenOnlyLifetimeDays: 30,
    clockSkewSeconds: 60,
    clientDelaySeconds: 60,
    serverDelaySeconds: 120,
    invalidTokenLifetimeDays: 30,
    pruneAt: '23:00',
    unrecoverableAfterDays: 7,
    concurrentRefreshes: 64,
    cloudRetryWindowSeconds: 600,
  });
  expect(settingsProblems(defaultSettings)).toEqual([]);
});

describe.each(numbers)('%s', (name, min, max) => {
  test.each([min, max])('accepts %j', (value) => {
    expect(settingsProblems({ [name]: value })).toEqual([]);
  });
  test.each([
    [min - 1, 'number_out_of_range'],
    [max + 1, 'number_out_of_range'],
    [Number.MAX_VALUE, 'number_out_of_range'],
    [min + 0.5, 'number_invalid'],
    [Number.NaN, 'number_invalid'],
    [Number.POSITIVE_INFINITY, 'number_invalid'],
    [String(min), 'number_invalid'],
    ['', 'required'],
    [null, 'number_invalid'],
    [undefined, 'number_invalid'],
    [[min], 'number_invalid'],
  ])('rejects %j', (value, problem) => {
    expect(settingsProblems({ [name]: value })).toEqual([{ field: name, problem }]);
  });
});

test.each(['00:00', '07:30', '19:59', '23:59'])('pruneAt accepts %s', (pruneAt) => {
  expect(settingsProblems({ pruneAt })).toEqual([]);
});

test.each(['24:00', '23:60', '7:30', '2300', '23:00:00', ' 23:00', '23:00\n', '２３:00', 23, null])(
  'pruneAt rejects %j',
  (pruneAt) => {
    expect(settingsProblems({ pruneAt })).toEqual([{ field: 'pruneAt', problem: 'time_invalid' }]);
  },
);

describe.each(switches)('%s', (name) => {
  test.each([true, false])('accepts %j', (value) => {
    expect(settingsProblems({ [name]: value })).toEqual([]);
  });
  test.each([1, 0, 'true', null, undefined, {}, [true]])('rejects %j', (value) => {
    expect(settingsProblems({ [name]: value })).toEqual([
      { field: name, problem: 'choice_invalid' },
    ]);
  });
});

test('the retry window is never longer than the ten minutes that Atlassian documents', () => {
  expect(settingFields.cloudRetryWindowSeconds.max).toBe(600);
});

test('only the given settings are validated, and problems are in display order', () => {
  expect(settingsProblems({})).toEqual([]);
  const found = settingsProblems({ pruneAt: '', clockSkewSeconds: -1, clientDelaySeconds: 60 });
  expect(found.map(({ field }) => field)).toEqual(['clockSkewSeconds', 'pruneAt']);
});

test.each([
  ['clockSkewSeconds', ' 90 ', 90],
  ['clockSkewSeconds', '007', 7],
  ['clockSkewSeconds', '-5', -5],
  ['clockSkewSeconds', '1e2', '1e2'],
  ['clockSkewSeconds', '0x10', '0x10'],
  ['clockSkewSeconds', '1.5', '1.5'],
  ['clockSkewSeconds', '  ', ''],
  ['pruneAt', ' 7:30 ', '07:30'],
  ['pruneAt', '23:00', '23:00'],
  ['pruneAt', 'noon', 'noon'],
  ['activityLog', 'true', true],
  ['activityLog', 'false', false],
  ['activityLog', 'yes', 'yes'],
] as const)('%s typed as %j is parsed as %j', (name, text, value) => {
  expect(settingFromText(name, text)).toBe(value);
});

describe('a stored record', () => {
  test('is completed with the defaults', () => {
    expect(readSettings({ pruneAt: '04:00' })).toEqual({
      settings: { ...defaultSettings, pruneAt: '04:00' },
      problems: [],
    });
  });
  test('loses members that are not settings', () => {
    const raw = JSON.parse(
      '{"__proto__":{"clockSkewSeconds":5},"toString":1,"color":"red"}',
    ) as object;
    const read = readSettings(raw);
    expect(read).toEqual({ settings: defaultSettings, problems: [] });
    expect(Object.keys(read.settings)).toEqual(settingNames);
  });
  test('keeps its valid members; invalid ones are reported', () => {
    const raw = {
      clockSkewSeconds: 86_400,
      serverDelaySeconds: '30',
      clientDelaySeconds: 30,
      activityLog: false,
      otherExtensions: 1,
    };
    expect(readSettings(raw)).toEqual({
      settings: { ...defaultSettings, clientDelaySeconds: 30, activityLog: false },
      problems: [
        { field: 'otherExtensions', problem: 'choice_invalid' },
        { field: 'clockSkewSeconds', problem: 'number_out_of_range' },
        { field: 'serverDelaySeconds', problem: 'number_invalid' },
      ],
    });
  });
  test.each([null, undefined, 1, 'x', []])(
    'that is not an object (%j) is reported, and the defaults apply',
    (raw) => {
      expect(readSettings(raw)).toEqual({
        settings: defaultSettings,
        problems: [{ field: '', problem: 'malformed' }],
      });
    },
  );
  test('contains only what differs from the defaults, and is parsed to the same settings', () => {
    const changes = { clockSkewSeconds: 0, pruneAt: '00:00', activityLog: false };
    const settings = { ...defaultSettings, ...changes };
    expect(changedSettings(settings)).toEqual(changes);
    expect(readSettings(changedSettings(settings)).settings).toEqual(settings);
    expect(changedSettings(defaultSettings)).toEqual({});
  });
});

test('defaultAccess is one of the accesses', () => {
  expect(settingsProblems({ defaultAccess: 'write' })).toEqual([]);
  for (const value of ['admin', '', true, undefined, ['read']]) {
    const problem = value === '' ? 'required' : 'choice_invalid';
    expect(settingsProblems({ defaultAccess: value })).toEqual([
      { field: 'defaultAccess', problem },
    ]);
  }
  expect(settingFromText('defaultAccess', ' write ')).toBe('write');
});
