import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultCloudScopes } from '../provider/atlassian-cloud.ts';
import { lackingScopes } from './lacking-scopes.ts';
import { parseOperationTable, type CloudCall } from './operation-table.ts';
import { scopesToWrite } from './write-scopes.ts';

const file = join(import.meta.dirname, '../../public/operations.txt');
const table = parseOperationTable(readFileSync(file, 'utf8'));

test.each<CloudCall>([
  { product: 'jira', method: 'POST', pathname: '/rest/api/3/issue' },
  { product: 'jira', method: 'POST', pathname: '/rest/api/3/issue/A-1/comment' },
  { product: 'confluence', method: 'POST', pathname: '/wiki/api/v2/pages' },
  { product: 'confluence', method: 'PUT', pathname: '/wiki/rest/api/content/1/restriction' },
])('with the default scopes and those to write, $method $pathname lacks none', (call) => {
  const operation = table.find(call);
  expect(operation?.alternatives.length).toBeGreaterThan(0);
  const added = scopesToWrite(call.product, defaultCloudScopes);
  expect(lackingScopes(operation!, defaultCloudScopes)).not.toEqual([]);
  expect(lackingScopes(operation!, [...defaultCloudScopes, ...added])).toEqual([]);
});

test('nothing is added for a session that can write, and for other providers', () => {
  expect(scopesToWrite('jira', ['write:jira-work'])).toEqual([]);
  expect(scopesToWrite('confluence', ['read:me', 'write:page:confluence'])).toEqual([]);
  expect(scopesToWrite('jira', ['READ', 'WRITE'])).toEqual([]);
  expect(scopesToWrite('generic', ['read:all'])).toEqual([]);
});

test('of Data Center, the scope for writing of the product is added', () => {
  expect(scopesToWrite('jira', ['READ'])).toEqual(['WRITE']);
  expect(scopesToWrite('bitbucket', ['PUBLIC_REPOS', 'REPO_READ'])).toEqual(['REPO_WRITE']);
});
