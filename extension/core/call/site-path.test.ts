import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { faultOf } from '../../../test/support/faults.ts';
import type { CloudId } from '../session/site.ts';
import { targetUrl } from './call-plan.ts';
import { validatePath } from './site-path.ts';

const cloudId = '11223344-a1b2-4c33-8d44-ac3e00000001' as CloudId;
const prefix = `/ex/jira/${cloudId}/`;
const gatewayPathOf = (raw: string): string =>
  targetUrl({
    site: {
      sessionId: 's' as never,
      cloudId,
      product: 'jira',
      url: 'https://acme.atlassian.net',
      gateway: 'https://api.atlassian.com',
    },
    path: validatePath(raw),
  }).pathname;

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
];
const overrides = [
  '_method=DELETE',
  'httpMethod=PUT',
  'X-HTTP-Method-Override=PUT',
  'x-method-override=PUT',
  'a=1&%5Fmethod=PUT',
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
  test.each(overrides)('a query that overrides the method: %s', (query) => {
    expect(faultOf(() => validatePath(`/rest/api/3/search?${query}`)).code).toBe('invalid_request');
  });
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

test('accepts a path of exactly the maximum length', () => {
  expect(validatePath(`/rest/${'a'.repeat(8186)}`).pathname).toHaveLength(8192);
});

/**
 * The test oracle: all paths that a lenient server may see. It decodes repeatedly, converts full-width characters and
 * backslashes, removes path parameters, and resolves dot segments each time. It shares no code with `validatePath`.
 */
function pathsSeenBy(sent: string): string[] {
  const seen: string[] = [];
  let text = sent;
  for (let round = 0; round < 8; round += 1) {
    seen.push(resolve(text), resolve(text.normalize('NFKC')));
    text = decodeLeniently(text);
  }
  return seen;
}

function decodeLeniently(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/giu, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}

function resolve(path: string): string {
  const out: string[] = [];
  for (const raw of path
    .replaceAll('\\', '/')
    .replaceAll(/[\u0000-\u001F]/gu, '')
    .split('/')) {
    const segment = raw.replace(/;.*$/u, '').trim();
    if (segment === '..') out.pop();
    else if (segment !== '.') out.push(raw);
  }
  return out.join('/');
}

const dots = [
  '.',
  '..',
  '%2e',
  '%2E',
  '%252e',
  '%c0%ae',
  '\uFF0E',
  '\u2025',
  '%EF%BC%8E',
  '..;',
  '.%2e',
];
const others = [
  '',
  '%',
  '25',
  '2e',
  '%25',
  '%2f',
  '%5c',
  '\\',
  ';',
  '\t',
  ' ',
  '%20',
  '%00',
  '\uFF0F',
  '?',
  '#',
  '@',
  'é',
  'a',
];
const segment = fc.oneof(
  fc.constantFrom(...dots),
  fc.array(fc.constantFrom(...dots, ...others), { maxLength: 3 }).map((parts) => parts.join('')),
  fc.constantFrom('api', '3', 'issue'),
);
const grammar = fc
  .tuple(fc.constantFrom('/rest/', '/wiki/', '/', ''), fc.array(segment, { maxLength: 6 }))
  .map(([start, segments]) => start + segments.join('/'));

test('the oracle detects a path that leaves the site', () => {
  expect(
    pathsSeenBy(`${prefix}rest/%252e%252e/%2e%2e/x`).some((path) => !path.startsWith(prefix)),
  ).toBe(true);
});

test('no accepted path leaves the site after any of eight decodings', () => {
  let accepted = 0;
  const property = fc.property(grammar, (raw) => {
    let path: string;
    try {
      path = gatewayPathOf(raw);
    } catch {
      return;
    }
    accepted += 1;
    for (const seen of pathsSeenBy(path)) expect(`${seen}/`.startsWith(prefix), seen).toBe(true);
  });
  fc.assert(property, { numRuns: 20_000, seed: 20_261_121 });
  expect(accepted).toBeGreaterThan(500);
});
