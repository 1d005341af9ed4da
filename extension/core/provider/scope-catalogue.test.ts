import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { classicScopes, cloudScopeSets, consoleApiOf } from './scope-catalogue.ts';

const [, published = ''] = readFileSync('extension/public/operations.txt', 'utf8').split('\n');

test('every scope of a set is in the catalogue, or one that Atlassian publishes', () => {
  const known: string[] = [...classicScopes.map(({ scope }) => scope), ...published.split(' ')];
  expect(known).toEqual(expect.arrayContaining([...cloudScopeSets.write]));
});

test('the set for writing has all of the set for reading, and no scope for administration', () => {
  const { read, write } = cloudScopeSets;
  expect(write).toEqual(expect.arrayContaining([...read]));
  expect(read.filter((scope) => /^(?:write|manage|delete)/u.test(scope))).toEqual([]);
  expect(write.filter((scope) => /^(?:manage|delete|admin)/u.test(scope))).toEqual([]);
});

test('every scope but offline_access is listed by a developer console under an API', () => {
  const unlisted = cloudScopeSets.write.filter((scope) => consoleApiOf(scope) === undefined);
  expect(unlisted).toEqual(['offline_access']);
  expect(['read:me', 'write:jira-work', 'read:page:confluence'].map(consoleApiOf)).toEqual([
    'User identity API',
    'Jira API',
    'Confluence API',
  ]);
});
