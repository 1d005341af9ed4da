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
  return field.unit === 'time' ? [] : [[name, field.least, field.most] as const];
});

test('the defaults are those of Data Center, and the window that Atlassian promises', () => {
  expect(defaultSettings).toEqual({
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

describe.each(numbers)('%s', (name, least, most) => {
  test.each([least, most])('takes %j', (value) => {
    expect(settingsProblems({ [name]: value })).toEqual([]);
  });
  test.each([
    [least - 1, 'number_out_of_range'],
    [most + 1, 'number_out_of_range'],
    [Number.MAX_VALUE, 'number_out_of_range'],
    [least + 0.5, 'number_invalid'],
    [Number.NaN, 'number_invalid'],
    [Number.POSITIVE_INFINITY, 'number_invalid'],
    [String(least), 'number_invalid'],
    ['', 'required'],
    [null, 'number_invalid'],
    [undefined, 'number_invalid'],
    [[least], 'number_invalid'],
  ])('refuses %j', (value, problem) => {
    expect(settingsProblems({ [name]: value })).toEqual([{ field: name, problem }]);
  });
});

test.each(['00:00', '07:30', '19:59', '23:59'])('the prune may be at %s', (pruneAt) => {
  expect(settingsProblems({ pruneAt })).toEqual([]);
});

test.each(['24:00', '23:60', '7:30', '2300', '23:00:00', ' 23:00', '23:00\n', '２３:00', 23, null])(
  'the prune cannot be at %j',
  (pruneAt) => {
    expect(settingsProblems({ pruneAt })).toEqual([{ field: 'pruneAt', problem: 'time_invalid' }]);
  },
);

test('the window at Atlassian is never longer than the ten minutes that it promises', () => {
  expect(settingFields.cloudRetryWindowSeconds.most).toBe(600);
});

test('only what is handed in is judged, in the order of the fields', () => {
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
] as const)('%s typed as %j is %j', (name, text, value) => {
  expect(settingFromText(name, text)).toBe(value);
});

describe('a stored record', () => {
  test('is completed with the defaults', () => {
    expect(readSettings({ pruneAt: '04:00' })).toEqual({
      settings: { ...defaultSettings, pruneAt: '04:00' },
      problems: [],
    });
  });
  test('loses what is no setting', () => {
    const raw = JSON.parse(
      '{"__proto__":{"clockSkewSeconds":5},"toString":1,"color":"red"}',
    ) as object;
    const read = readSettings(raw);
    expect(read).toEqual({ settings: defaultSettings, problems: [] });
    expect(Object.keys(read.settings)).toEqual(settingNames);
  });
  test('keeps its sound members beside a damaged one, which is told', () => {
    const raw = { clockSkewSeconds: 86_400, serverDelaySeconds: '30', clientDelaySeconds: 30 };
    expect(readSettings(raw)).toEqual({
      settings: { ...defaultSettings, clientDelaySeconds: 30 },
      problems: [
        { field: 'clockSkewSeconds', problem: 'number_out_of_range' },
        { field: 'serverDelaySeconds', problem: 'number_invalid' },
      ],
    });
  });
  test.each([null, undefined, 1, 'x', []])(
    'that is none (%j) is told, and the defaults hold',
    (raw) => {
      expect(readSettings(raw)).toEqual({
        settings: defaultSettings,
        problems: [{ field: '', problem: 'malformed' }],
      });
    },
  );
  test('is what differs from the defaults, and comes back as it was', () => {
    const settings = { ...defaultSettings, clockSkewSeconds: 0, pruneAt: '00:00' };
    expect(changedSettings(settings)).toEqual({ clockSkewSeconds: 0, pruneAt: '00:00' });
    expect(readSettings(changedSettings(settings)).settings).toEqual(settings);
    expect(changedSettings(defaultSettings)).toEqual({});
  });
});
