import { describe, expect, test } from 'vitest';
import { faultOf } from '../../../test/support/faults.ts';
import { products, type Product } from '../session/site.ts';
import { httpMethods, isReading, parseMethod, startsTask, taskWrites } from './http-method.ts';
import { readingPosts } from './reading-posts.ts';

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

describe('a POST that only returns what was asked for reads', () => {
  test.each([
    ['jira', '/rest/api/3/changelog/bulkfetch'],
    ['jira', '/rest/api/2/issue/ROC-1/changelog/list'],
    ['jira', '/rest/api/latest/comment/list'],
    ['jira', '/rest/api/3/worklog/list'],
    ['jira', '/rest/api/3/issue/watching'],
    ['jira', '/rest/api/3/expression/evaluate'],
    ['jira', '/rest/api/3/permissions/project'],
    ['jira', '/rest/api/3/workflows'],
    ['jira', '/rest/api/3/workflow/history/list'],
    ['jira', '/rest/api/3/field/customfield_10010/context/mapping'],
    ['jira', '/rest/servicedeskapi/servicedesk/10/requesttype/permissions/check'],
    ['confluence', '/wiki/rest/api/content/123/permission/check'],
    ['confluence', '/wiki/rest/api/contentbody/convert/async/export_view'],
    ['confluence', '/wiki/api/v2/users-bulk'],
    ['confluence', '/wiki/api/v2/user/access/check-access-by-email'],
    ['confluence', '/rest/api/contentbody/convert/view'],
    ['bitbucket', '/rest/api/1.0/markup/preview'],
    ['bitbucket', '/rest/build-status/latest/commits/stats'],
  ] as const)('%s %s', (product, path) => {
    expect(isReading('POST', product, path)).toBe(true);
  });
});

describe('a POST that changes something is a write, though it looks like a read', () => {
  test.each([
    ['jira', 'uiModifications'],
    ['jira', 'app/field/value'],
    ['jira', 'jql/function/computation'],
    ['jira', 'workflows/create'],
    ['jira', 'workflows/create/validation'],
    ['jira', 'workflows/update/validation'],
    ['jira', 'workflowscheme'],
    ['jira', 'workflowscheme/update/mappings'],
    ['jira', 'workflowscheme/1/draft/publish'],
    ['jira', 'issue/ROC-1/notify'],
    ['jira', 'issue/ROC-1/watchers'],
    ['jira', 'bulk/issues/watch'],
    ['jira', 'webhook'],
    ['jira', 'search/id'],
    ['jira', 'field/customfield_10010/context'],
    ['jira', 'priorityscheme'],
  ] as const)('%s %s', (product, path) => {
    expect(isReading('POST', product, `/rest/api/3/${path}`)).toBe(false);
  });
  test.each([
    '/wiki/api/v2/user/access/invite-by-email',
    '/wiki/api/v2/space-permissions/transition/combinations',
    '/wiki/api/v2/admin-key',
    '/wiki/rest/api/audit',
    '/wiki/rest/api/search/user',
    '/wiki/rest/api/contentbody/convert/async/other',
    '/wiki/rest/api/contentbody/convert/view',
    '/rest/api/content',
  ])('confluence %s', (path) => {
    expect(isReading('POST', 'confluence', path)).toBe(false);
  });
  test.each([
    '/rest/build-status/1.0/commits/0f1e2d',
    '/rest/build-status/1x0/commits/stats',
    '/rest/api/1.0/projects/PRJ/repos/one/commits/0f1e2d/builds',
    '/rest/api/1.0/projects/PRJ/repos/one/pull-requests',
  ])('bitbucket %s', (path) => {
    expect(isReading('POST', 'bitbucket', path)).toBe(false);
  });
});

describe('a path beside one that reads is a write', () => {
  const paths = Object.values(readingPosts)
    .flat()
    .map((path) => path.replaceAll(/\{([\w]+)[^}]*\}/gu, '$1'));
  test('each path itself reads', () => {
    const readers = (path: string) =>
      Object.keys(readingPosts).filter((product) => isReading('POST', product as Product, path));
    expect(paths.filter((path) => readers(path).length !== 1)).toEqual([]);
  });
  test.each([
    ['longer by a segment', (path: string) => `${path}/1`],
    ['with a slash at its end', (path: string) => `${path}/`],
    ['below a context path', (path: string) => `/x${path}`],
    ['in upper case', (path: string) => path.toUpperCase()],
    ['with a line feed', (path: string) => `${path}\n`],
    ['with path parameters', (path: string) => `${path};a=b`],
  ])('%s', (_, change) => {
    for (const product of products)
      for (const path of paths) expect(isReading('POST', product, change(path))).toBe(false);
  });
  test.each(['', 'a/b', 'ROC-1;x', 'ROC-1%3F', 'ROC-1%23', '%52OC-1', '..', 'ROC-1%252F', 'ä'])(
    'with %j in the place of an id',
    (id) => {
      expect(isReading('POST', 'jira', `/rest/api/3/issue/${id}/changelog/list`)).toBe(false);
    },
  );
  test.each(['PUT', 'PATCH', 'DELETE'] as const)('with %s', (method) => {
    for (const product of products)
      for (const path of paths) expect(isReading(method, product, path)).toBe(false);
  });
});

describe('a write that Jira runs as a task', () => {
  test.each(taskWrites)('%s %s', (method, path) => {
    const pathname = `/rest/api/3/${path.replaceAll(/\{[^}]*\}/gu, 'com.example__a-1')}`;
    expect(startsTask(method, pathname)).toBe(true);
    expect(startsTask(method, pathname.replace('/3/', '/latest/'))).toBe(true);
    expect(startsTask('PATCH', pathname)).toBe(false);
    expect(startsTask(method, `${pathname}/x`)).toBe(false);
  });
  test.each([
    ['POST', '/rest/api/3/field/customfield_1'],
    ['DELETE', '/rest/api/3/issue/ROC-1'],
    ['PUT', '/rest/api/4/issue/properties/a'],
    ['POST', '/wiki/rest/api/3/issue/properties'],
  ] as const)('%s %s is none', (method, pathname) => {
    expect(startsTask(method, pathname)).toBe(false);
  });
});
