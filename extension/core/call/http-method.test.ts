import { expect, test } from 'vitest';
import { faultOf } from '../../../test/support/faults.ts';
import { httpMethods, isReading, parseMethod } from './http-method.ts';

test.each(httpMethods)('%s is read regardless of case', (method) => {
  expect(parseMethod(method.toLowerCase())).toBe(method);
  expect(parseMethod(method)).toBe(method);
});

test.each([
  'PATCH ',
  ' GET',
  'TRACE',
  'CONNECT',
  'OPTIONS',
  'FOO',
  '',
  'G'.repeat(10_240),
  'POſT',
  'GET\n',
  '__proto__',
])('refuses %j', (text) => {
  expect(faultOf(() => parseMethod(text))).toMatchObject({
    code: 'invalid_request',
    subject: 'method',
  });
});

test.each([
  ['GET', 'jira', '/rest/api/3/anything', true],
  ['HEAD', 'confluence', '/wiki/anything', true],
  ['POST', 'jira', '/rest/api/3/search', true],
  ['POST', 'jira', '/rest/api/2/search/jql', true],
  ['POST', 'jira', '/rest/api/latest/search/approximate-count', true],
  ['POST', 'jira', '/rest/api/3/issue/bulkfetch', true],
  ['POST', 'jira', '/rest/api/3/jql/parse', true],
  ['POST', 'jira', '/rest/api/3/permissions/check', true],
  ['POST', 'jira', '/rest/api/3/issue', false],
  ['POST', 'jira', '/rest/api/3/search/other', false],
  ['POST', 'jira', '/rest/api/3/issue/search', false],
  ['POST', 'jira', '/x/rest/api/3/search', false],
  ['POST', 'confluence', '/rest/api/3/search', false],
  ['POST', 'confluence', '/wiki/api/v2/content/convert-ids-to-types', true],
  ['POST', 'confluence', '/wiki/api/v2/pages', false],
  ['PUT', 'jira', '/rest/api/3/search', false],
  ['PATCH', 'jira', '/rest/api/3/search', false],
  ['DELETE', 'jira', '/rest/api/3/search', false],
] as const)('%s %s %s reads: %s', (method, product, path, reads) => {
  expect(isReading(method, product, path)).toBe(reads);
});
