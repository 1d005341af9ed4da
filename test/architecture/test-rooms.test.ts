import { globSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { circlesOf, type Arrow } from './graph.ts';
import { importsOf, root } from './imports.ts';

/**
 * The rooms of the tests, the lowest first, each with the rooms that it may import (types included; all of them stand above it).
 * `test/standin/*` means every room below `test/standin`. A suite (`*.test.ts`, `*.e2e.ts`) in a room of `test/standin`,
 * `test/e2e` or `test/integration` counts as part of that folder.
 */
const rooms: Readonly<Record<string, readonly string[]>> = {
  // The servers that the tests talk to.
  'test/standin/facts': [],
  'test/standin/http': ['test/standin/facts'],
  'test/standin/limits': ['test/standin/facts', 'test/standin/http'],
  'test/standin/state': ['test/standin/facts', 'test/standin/http', 'test/standin/limits'],
  'test/standin/atlassian': [
    'test/standin/facts',
    'test/standin/http',
    'test/standin/limits',
    'test/standin/state',
  ],
  'test/standin/data-center': ['test/standin/facts', 'test/standin/http', 'test/standin/state'],
  'test/standin/generic': ['test/standin/facts', 'test/standin/http', 'test/standin/state'],
  'test/standin/google-microsoft': [
    'test/standin/facts',
    'test/standin/http',
    'test/standin/state',
  ],
  // The REST endpoints of its Jira are Data Center's.
  'test/standin/oauth1': [
    'test/standin/data-center',
    'test/standin/facts',
    'test/standin/http',
    'test/standin/state',
  ],
  'test/standin': ['test/standin/*'],
  // The background over memory.
  'test/support': ['test/standin', 'test/standin/http'],
  'test/support/samples': ['test/support', 'test/standin'],
  'test/support/kill': ['test/support', 'test/standin', 'test/standin/state'],
  'test/support/protocol': ['test/support', 'test/support/kill', 'test/standin'],
  'test/support/time': ['test/support', 'test/standin/facts'],
  'test/support/pages': ['test/support/samples'],
  'test/integration': ['test/support', 'test/support/*', 'test/standin', 'test/standin/*'],
  // The texts of the languages, as data.
  'test/locales': [],
  // Real browsers.
  'test/e2e/machine': [],
  'test/e2e/browser': [],
  'test/e2e/libraries': [],
  'test/e2e/helper': [],
  'test/e2e/page': ['test/e2e/browser', 'test/e2e/machine', 'test/standin'],
  'test/e2e/chromium': ['test/e2e/browser', 'test/e2e/machine', 'test/e2e/page'],
  'test/e2e/firefox': ['test/e2e/browser', 'test/e2e/machine', 'test/e2e/page'],
  'test/e2e/profile': ['test/e2e/browser', 'test/standin'],
  'test/e2e/steps': [
    'test/e2e/browser',
    'test/e2e/chromium',
    'test/e2e/firefox',
    'test/e2e/machine',
    'test/standin',
    'test/standin/http',
  ],
  'test/e2e/connected-page': [
    'test/e2e/browser',
    'test/e2e/libraries',
    'test/e2e/machine',
    'test/e2e/page',
    'test/e2e/steps',
    'test/standin/facts',
    'test/standin/http',
  ],
  'test/e2e/views': ['test/e2e/browser', 'test/e2e/machine', 'test/e2e/steps', 'test/locales'],
  'test/e2e': ['test/e2e/*', 'test/locales', 'test/standin/*', 'test/support/samples'],
  // Programs.
  'test/tools/operations': [],
  'test/tools': ['test/e2e/machine', 'test/locales', 'test/tools/operations'],
  'test/packages': ['test/e2e/machine', 'test/tools'],
  'test/architecture': [
    'test/locales',
    'test/support/protocol',
    'test/support/samples',
    'test/tools',
  ],
  'test/bench': [
    'test/e2e/browser',
    'test/e2e/machine',
    'test/e2e/steps',
    'test/standin',
    'test/standin/facts',
    'test/support',
    'test/tools',
  ],
  'test/pictures': [
    'test/e2e/browser',
    'test/e2e/machine',
    'test/e2e/steps',
    'test/e2e/views',
    'test/locales',
    'test/tools',
  ],
  'test/demo': [
    'test/e2e/browser',
    'test/e2e/machine',
    'test/e2e/steps',
    'test/standin',
    'test/tools',
  ],
};
const names = Object.keys(rooms);

const isSuite = (file: string): boolean => /\.(?:test|e2e)\.tsx?$/u.test(file);
const areaOf = (file: string): string => file.split('/').slice(0, 2).join('/');
const roomOf = (file: string): string => (isSuite(file) ? areaOf(file) : posix.dirname(file));

const files = globSync('test/**/*.{ts,tsx}', { cwd: root })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => !file.endsWith('.d.ts'));
const arrowsFrom = (file: string): Arrow[] =>
  importsOf(file).flatMap(({ reached }) => reached.map((to) => [file, to] as const));
const arrows: readonly Arrow[] = files.flatMap(arrowsFrom);
const between = arrows.filter(
  ([from, to]) => areaOf(to).startsWith('test/') && roomOf(from) !== roomOf(to),
);

/** The rooms that an entry of a row names. */
const named = (entry: string): string[] =>
  entry.endsWith('/*') ? names.filter((name) => name.startsWith(entry.slice(0, -1))) : [entry];

describe('the rooms of the tests', () => {
  it('are the folders of the test files', () => {
    expect(files.length).toBeGreaterThan(150);
    expect(new Set(files.map(roomOf))).toEqual(new Set(names));
  });

  it.each(names)('%s imports what its row allows', (room) => {
    const allowed = (rooms[room] ?? []).flatMap(named);
    const problems = between.filter(
      ([from, to]) => roomOf(from) === room && !allowed.includes(roomOf(to)),
    );
    expect(problems).toEqual([]);
  });

  it.each(names)('%s is allowed rooms that stand above it and that it imports', (room) => {
    const imported = between.filter(([from]) => roomOf(from) === room).map(([, to]) => roomOf(to));
    for (const entry of rooms[room] ?? []) {
      expect(imported).toEqual(expect.arrayContaining([expect.toBeOneOf(named(entry))]));
      for (const other of named(entry))
        expect(names.indexOf(other)).toBeLessThan(names.indexOf(room));
    }
  });
});

it('no file imports a suite, and no circle of test files exists', () => {
  const suitesBesideCode = globSync('{background,extension,options,popup}/**/*.test.{ts,tsx}', {
    cwd: root,
  });
  expect(suitesBesideCode.length).toBeGreaterThan(50);
  const all = [...arrows, ...suitesBesideCode.flatMap(arrowsFrom)];
  expect(all.filter(([, to]) => isSuite(to))).toEqual([]);
  expect(circlesOf(arrows)).toEqual([]);
});

it('the stand-in imports no code of the product: it is a second reading of the specifications', () => {
  const problems = arrows.filter(
    ([from, to]) => areaOf(from) === 'test/standin' && !to.startsWith('test/'),
  );
  expect(problems).toEqual([]);
});
