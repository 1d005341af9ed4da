import { describe, expect, test } from 'vitest';
import { faultOf } from '../../../test/support/faults.ts';
import { validatePath } from './site-path.ts';

const traversals = [
  '/rest/api/3/../../../oauth/token/accessible-resources',
  ...[
    '%2e%2e',
    '.%2E',
    '%252e%252e',
    '%25252e%25252e',
    '..;',
    '..;a=b',
    '..%00',
    '%c0%ae%c0%ae',
    '%5c..',
    '.\t.',
    '.\n.',
    '.\r.',
  ].map((segment) => `/rest/${segment}/${segment}/x`),
  '/rest/\\..\\..\\x',
  '/rest/%5C..%5Cx',
  '/rest/./x',
  '/rest/..',
  '/rest/x/.',
  '/rest/%2e',
  '/rest/ ../x',
  '/rest/%20../x',
  '/rest/..%20/x',
  '/rest/..%3B/x',
  '/rest/..%3Fx',
  '/rest/..%23/x',
  '/rest/..;\u2028/x',
  '/rest/cpu%25/%252e%252e/x',
  '/rest/\uFF05\uFF12\uFF45\uFF052e/x',
  '/rest/%25c0%25ae%25c0%25ae/x',
  '/rest/%25e0%2580%25ae./x',
  '/rest/%25u002e%25u002e/x',
];
const otherPlaces = [
  '//evil.test',
  '/rest//evil.test',
  'https://evil.test',
  '@evil.test',
  '.evil.test',
  ':443@evil.test',
  'javascript:alert(1)',
  '/',
  '/plugins/servlet/x',
  '/restful',
  '/rest',
  '/wiki',
  '/REST/api/3/myself',
  '/oauth/token/accessible-resources',
  '/graphql',
];
const malformed = [
  '',
  '?x=1',
  '#x',
  '/rest/api#x',
  '/rest/api?x#y',
  `/rest/${'a'.repeat(8187)}`,
  `/rest/${'é'.repeat(2000)}`,
  '/rest/\u0000',
  '/rest/%00',
  '/rest/%7f',
  '/rest/%250a',
  '/rest/%C2%85',
  '/rest/\u202Egnp.exe',
  '/rest/%E2%80%AEgnp.exe',
  '/rest/\uFF0E\uFF0E/x',
  '/rest/%EF%BC%8E%EF%BC%8E/x',
  '/rest/\u2025/x',
  '/rest/a\uFF0Fb/x',
  '/rest/\uD800',
  '/rest/%',
  '/rest/%zz',
  '/rest/%ff',
  '/rest/api ',
  '/rest/\uFEFF..\u00A0/x',
  '/rest/%2525252525252561',
];
const hiddenSlashes = [
  '/rest/api/3/issue/A%2FB',
  '/rest/api/3/issue/A%252FB',
  '/rest/api/3/issue/A%5CB',
  '/rest/api/3/issue/A%255CB',
  '/rest/api/3/issue/A\uFF3CB',
  '/rest/api/3/%EF%BC%85c0%EF%BC%85ae/x',
  '/rest/api/3/%EF%BC%85u002e/x',
  '/rest/api/3/issue/100%25%252FB',
  '/rest/api/3//issue',
  '/rest/api/3/%2F',
];
const overrides = [
  '_method=DELETE',
  'httpMethod=PUT',
  'X-HTTP-Method-Override=PUT',
  'x-method-override=PUT',
  'a=1&%5Fmethod=PUT',
  '_method',
  '_method%00=PUT',
  '_method%00.x=PUT',
  '_me%00thod=PUT',
  ';_method=PUT',
  'a=1;_method=PUT',
  'a;_method=PUT',
  '%3B_method=PUT',
  'a%26_method=PUT',
  'a%3D1%3B_method=PUT',
  '_method[]=PUT',
  '_method%5B%5D=PUT',
  '_method[0]=PUT',
  '+_method=PUT',
  '%20_method=PUT',
  '.method=PUT',
  '[method=PUT',
  '%255Fmethod=PUT',
  '_\uFF4D\uFF45\uFF54\uFF48\uFF4F\uFF44=PUT',
  '\uFF3Fmethod=PUT',
  'a=1\uFF06_method=PUT',
  'a\uFF1D1\uFF06_method\uFF1DPUT',
  '_METHOD=PUT',
  'http_method=PUT',
  'X.HTTP.Method.Override=PUT',
  'XHttpMethodOverride=PUT',
  'x-http-method=PUT',
  'methodOverride=PUT',
  'xmethod=PUT',
  'x_method=PUT',
  '_xmethod=PUT',
  'xhttp_method=PUT',
  'osusername=ada',
  'a%ED%A0%80=1&_method=PUT',
  '%2525252525255Fmethod=PUT',
  'os_username=ada&os_password=x',
  'OS_authType=basic',
  'os_cookie=true',
  'os_destination=%2Fx',
];
const queryData = [
  'method=GET',
  '_methods=1',
  'http=1&payment_method=card',
  'methodology=x',
  'jql=a%3B%20_method%3DPUT',
  'cql=text%20~%20%22which%3F%20HTTP%20method%22',
  'jql=a%26_method%3DPUT',
  'os=linux',
  'cos_username=1',
  'a_method_override=1',
  'a%ED%A0%80=1',
  'os_version=1',
  'expand=changelog&fields=*all',
  '100%',
];

describe('refuses a path that could leave the site', () => {
  const refused = [...traversals, ...otherPlaces, ...malformed, ...hiddenSlashes].map((path) => [
    path,
  ]);
  test.each(refused)('%j', (path) => {
    expect(faultOf(() => validatePath(path))).toMatchObject({
      code: 'invalid_request',
      subject: 'path',
    });
  });
  test.each(overrides)(
    'a query after an encoded question mark that overrides the method: %s',
    (query) => {
      const hidden = query.replaceAll('\uFF1D', '%EF%BC%9D');
      for (const mark of ['%3F', '%253F', '\uFF1F', '%EF%BC%9F', '%3F%3F', '%3Fa=1%26'])
        for (const path of [`A-1${mark}${hidden}`, `A-1${mark}${hidden}/x`])
          expect(faultOf(() => validatePath(`/rest/api/3/issue/${path}`)).subject).toBe('path');
    },
  );
  test.each(overrides)('a query that overrides the method: %s', (query) => {
    expect(faultOf(() => validatePath(`/rest/api/3/search?${query}`)).code).toBe('invalid_request');
  });
});

test.each(queryData)('accepts a query without such a name: %s', (query) => {
  const path = `/rest/api/3/search?${query}`;
  expect(validatePath(path).search).toBe(new URL(path, 'https://site.example').search);
});

test.each([
  '/wiki/download/attachments/9/Spec%20%23a.pdf',
  '/wiki/download/attachments/9/100%25.pdf',
  '/wiki/download/attachments/9/why%3F.pdf',
  '/wiki/download/attachments/9/which%3Fmethod=a%26http%3Db.pdf',
  '/wiki/download/attachments/9/a%26_method%3Db.pdf',
  '/wiki/download/attachments/9/%25%25%23%3F%26%3D%2B%40%3A%3B%2C.pdf',
  '/wiki/download/attachments/9/%E8%B3%87%E6%96%99%EF%BC%83.pdf',
  '/wiki/download/attachments/9/%EF%BC%85%EF%BC%9F.pdf',
  '/wiki/download/attachments/9/%2523.pdf',
  '/wiki/download/attachments/9/50%25ff.pdf',
  '/wiki/rest/api/content/9/label/c%23',
  '/rest/api/3/issue/ROC-1/properties/cpu%25',
  '/rest/api/3/issue/ROC-1/properties/a%2Eb',
])('sends percent-encoded delimiters as data: %s', (path) => {
  expect(validatePath(path)).toEqual({ pathname: path, search: '' });
});

test('sends a full-width delimiter that is written as it is', () => {
  expect(validatePath('/wiki/download/attachments/9/資料＃.pdf').pathname).toBe(
    '/wiki/download/attachments/9/%E8%B3%87%E6%96%99%EF%BC%83.pdf',
  );
});

test.each([
  ['/rest/api/3/myself', '/rest/api/3/myself', ''],
  ['/wiki/api/v2/spaces', '/wiki/api/v2/spaces', ''],
  ['/rest/api/3/project/caf%C3%A9', '/rest/api/3/project/caf%C3%A9', ''],
  ['/rest/api/3/project/café', '/rest/api/3/project/caf%C3%A9', ''],
  ['/rest/api/3/group/a%20b', '/rest/api/3/group/a%20b', ''],
  ['/rest/api/3/group/a+b', '/rest/api/3/group/a+b', ''],
  ['/rest/api/3/x...y', '/rest/api/3/x...y', ''],
  ['/rest/api/3/...', '/rest/api/3/...', ''],
  ['/rest/api/3/.hidden', '/rest/api/3/.hidden', ''],
  ['/rest/api/3/a;b=c', '/rest/api/3/a;b=c', ''],
  ['/rest/api/3/', '/rest/api/3/', ''],
  [
    '/rest/api/3/search?jql=summary ~ "a b" AND x = \'ü\'',
    '/rest/api/3/search',
    '?jql=summary%20~%20%22a%20b%22%20AND%20x%20=%20%27%C3%BC%27',
  ],
  [
    '/rest/api/3/search?jql=a+b&next=%2Frest%2F..%2F',
    '/rest/api/3/search',
    '?jql=a+b&next=%2Frest%2F..%2F',
  ],
  [
    '/rest/api/3/search?url=https://x.test/../y?z',
    '/rest/api/3/search',
    '?url=https://x.test/../y?z',
  ],
  ['/rest/api/3/search?%', '/rest/api/3/search', '?%'],
])('accepts a path of the site: %s', (raw, pathname, search) => {
  expect(validatePath(raw)).toEqual({ pathname, search });
});

test('refuses a query that makes path and query longer than the maximum', () => {
  expect(validatePath(`/rest/a?${'a'.repeat(8184)}`).search).toHaveLength(8185);
  expect(faultOf(() => validatePath(`/rest/a?${'a'.repeat(8185)}`)).subject).toBe('path');
});

test('accepts a path of exactly the maximum length', () => {
  expect(validatePath(`/rest/${'a'.repeat(8186)}`).pathname).toHaveLength(8192);
});
