import { expect, test } from 'vitest';
import { maxListedCalls, readListedCalls } from './listed-calls.ts';

test.each([
  ['GET /rest/api/3/search/jql', 'GET', 'jira', '/rest/api/3/search/jql'],
  ['  delete   /rest/api/3/issue/{key}?x=1#y ', 'DELETE', 'jira', '/rest/api/3/issue/{key}'],
  ['/wiki/api/v2/pages', 'GET', 'confluence', '/wiki/api/v2/pages'],
  ['POST https://acme.atlassian.net/wiki/api/v2/pages', 'POST', 'confluence', '/wiki/api/v2/pages'],
  [
    'PUT https://api.atlassian.com/ex/jira/11-22/rest/api/3/issue/A-1',
    'PUT',
    'jira',
    '/rest/api/3/issue/A-1',
  ],
  ['HEAD /ex/confluence/{cloudId}/wiki/api/v2/pages', 'HEAD', 'confluence', '/wiki/api/v2/pages'],
])('%j is a call', (line, method, product, pathname) => {
  expect(readListedCalls(line)).toEqual({
    calls: [{ line: line.trim(), method, product, pathname }],
    unread: [],
  });
});

test.each([
  'GET',
  'GET rest/api/3/myself',
  'TRACE /rest/api/3/myself',
  'GET /a /b',
  '//host/path',
  'GET https://acme.atlassian.net',
  `/${'x'.repeat(3000)}`,
])('%j is not read', (line) => {
  expect(readListedCalls(line)).toEqual({ calls: [], unread: [line] });
});

test('empty lines, comments and repetitions are left out', () => {
  const { calls, unread } = readListedCalls('\n# search\nGET /a\r\nGET /a\n\nnonsense\nnonsense\n');
  expect([calls.map(({ line }) => line), unread]).toEqual([['GET /a'], ['nonsense']]);
});

test('what exceeds the limit is not read', () => {
  const lines = Array.from({ length: maxListedCalls + 2 }, (_, at) => `/a/${String(at)}`);
  const { calls, unread } = readListedCalls(lines.join('\n'));
  expect([calls.length, unread]).toEqual([maxListedCalls, lines.slice(maxListedCalls)]);
});
