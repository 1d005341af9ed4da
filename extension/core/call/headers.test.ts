import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { faultOf } from '../../../test/support/faults.ts';
import {
  addedCacheControl,
  allowedRequestHeaders,
  followedRequestHeaders,
  visibleLocation,
  visibleResponseHeaders,
} from './headers.ts';
import { isCloudPath } from './site-path.ts';

const allowed = [
  ...[
    'accept',
    'accept-language',
    'content-language',
    'content-type',
    'if-match',
    'if-modified-since',
  ],
  ...['if-none-match', 'if-unmodified-since', 'range', 'x-atlassian-token', 'x-experimentalapi'],
  'x-force-accept-language',
];

describe('a page may set', () => {
  test.each(allowed)('%s, in any case', (name) => {
    expect(allowedRequestHeaders([[name.toUpperCase(), 'v']])).toEqual([[name, 'v']]);
  });
  test.each([
    ...['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override', 'Authorization'],
    ...['X-Forwarded-Host', 'X-Original-URL', 'Forwarded', 'X-Atlassian-User', 'X-User-Agent'],
    ...['Connect-Protocol', 'constructor', '__proto__', 'toString'],
  ])('never %s', (name) => {
    const { code, subject } = faultOf(() => allowedRequestHeaders([[name, 'v']]));
    expect(code).toBe('invalid_request');
    expect(subject).toBe(
      name === '__proto__' ? 'header with a malformed name' : `header ${name.toLowerCase()}`,
    );
  });
  test.each([
    ['a carriage return', 'a\rb'],
    ['a line feed', 'a\nb'],
    ['a folded line', 'a\r\n b'],
    ['a NUL', 'a\0b'],
    ['64 KiB', 'a'.repeat(65_536)],
    ['1025 characters', 'a'.repeat(1025)],
    ['letters outside of ASCII', 'ä'],
  ])('no value with %s', (_, value) => {
    expect(faultOf(() => allowedRequestHeaders([['accept', value]])).subject).toBe('header accept');
  });
  test('1024 printable characters and a tab', () => {
    const value = `\t${'~'.repeat(1023)}`;
    expect(allowedRequestHeaders([['accept', value]])).toEqual([['accept', value]]);
  });
  test('a malformed name is not repeated in the fault', () => {
    const fault = faultOf(() => allowedRequestHeaders([['x\r\nevil: 1', 'v']]));
    expect(JSON.stringify(fault)).not.toContain('evil');
  });
  test('only allowed names, for any input', () => {
    const name = fc.oneof(fc.string(), fc.constantFrom(...allowed, 'Cookie', 'Accept'));
    const property = fc.property(
      fc.array(fc.tuple(name, fc.string({ unit: 'binary' }))),
      (fields) => {
        try {
          for (const [sent, value] of allowedRequestHeaders(fields)) {
            expect(allowed).toContain(sent);
            expect(value).toMatch(/^[\t\x20-\x7E]*$/u);
          }
        } catch (thrown) {
          expect(thrown).toHaveProperty('fault.code', 'invalid_request');
        }
      },
    );
    fc.assert(property, { seed: 24_27, numRuns: 500 });
  });
});

describe('is ignored, in any case and with any value', () => {
  const forbidden = [
    ...['Accept-Charset', 'Accept-Encoding', 'Access-Control-Request-Headers'],
    ...['Access-Control-Request-Method', 'Connection', 'Content-Length', 'Cookie', 'Cookie2'],
    ...['Date', 'DNT', 'Expect', 'Host', 'Keep-Alive', 'Origin', 'Referer', 'Set-Cookie', 'TE'],
    ...['Trailer', 'Transfer-Encoding', 'Upgrade', 'Via'],
    ...['Proxy-Authorization', 'proxy-', 'Sec-Fetch-Site', 'Sec-CH-UA', 'sec-'],
  ];
  const ofLibraries = [
    ...['User-Agent', 'X-Requested-With', 'X-XSRF-TOKEN', 'Cache-Control', 'Pragma'],
    ...['traceparent', 'tracestate', 'baggage', 'sentry-trace'],
  ];
  test.each([...forbidden, ...ofLibraries])('%s', (name) => {
    const fields = [
      ['Accept', 'text/plain'],
      [name, 'v'],
      [name.toUpperCase(), 'ü'.repeat(4096)],
    ] as const;
    expect(allowedRequestHeaders(fields)).toEqual([['accept', 'text/plain']]);
  });
});

test('a page receives headers that describe the response, and none that authenticate or trace', () => {
  const seen = [
    'accept-ranges',
    'atl-traceid',
    'cache-control',
    'content-disposition',
    'content-language',
    'content-range',
    'content-type',
    'deprecation',
    'etag',
    'expires',
    'last-modified',
    'link',
    'retry-after',
    'sunset',
    'x-arequestid',
    'x-ratelimit-limit',
    'ratelimit',
    'beta-ratelimit-policy',
  ];
  const hidden = [
    'set-cookie',
    'www-authenticate',
    'authorization',
    'x-echo-authorization',
    'x-ratelimit_x',
    'x-echo-ratelimit',
    'location',
  ];
  const visible = visibleResponseHeaders([...seen, ...hidden].map((name) => [name, 'v'] as const));
  expect(visible.map(([name]) => name)).toEqual(seen);
});

test.each([
  [addedCacheControl, []],
  [`max-age=60, ${addedCacheControl}`, [['cache-control', 'max-age=60']]],
  [`no-store, ${addedCacheControl}`, [['cache-control', 'no-store']]],
  ['max-age=60, no-store', [['cache-control', 'max-age=60, no-store']]],
])('of the Cache-Control "%s" the page receives what the server sent', (value, seen) => {
  expect(visibleResponseHeaders([['cache-control', value]])).toEqual(seen);
});

test('a request whose redirects are followed has only the headers that say what is read', () => {
  const read = ['accept', 'if-modified-since', 'if-none-match', 'range'];
  const fields = [...allowed, ...read].map((name) => [name, 'v'] as const);
  expect(new Set(followedRequestHeaders(fields).map(([name]) => name))).toEqual(new Set(read));
});

describe('the location of a response', () => {
  const pathname = '/rest/api/3/issue';
  const cloud = {
    target: new URL(`https://api.atlassian.com/ex/jira/acme-id${pathname}?a=1`),
    own: new URL(`https://acme.atlassian.net${pathname}?a=1`),
    pathname,
    isCallable: isCloudPath,
  };
  const dataCenter = new URL(`https://jira.example/jira${pathname}`);
  const isCallable = (path: string): boolean => path.startsWith('/rest/');
  const own = { target: dataCenter, own: dataCenter, pathname, isCallable };
  const task = '/rest/api/3/task/1?b=%23';
  test.each([
    `https://api.atlassian.com/ex/jira/acme-id${task}`,
    `https://acme.atlassian.net${task}`,
    `/ex/jira/acme-id${task}`,
    task,
    'task/1?b=%23',
  ])('%s is told at the URL of the site', (location) => {
    expect(visibleLocation(location, cloud)).toBe(`https://acme.atlassian.net${task}`);
  });
  test.each([`https://jira.example/jira${task}`, `/jira${task}`, 'task/1?b=%23'])(
    '%s is told at the URL of a Data Center product',
    (location) => {
      expect(visibleLocation(location, own)).toBe(`https://jira.example/jira${task}`);
    },
  );
  test.each([
    'https://evil.example/rest/api/3/task/1',
    '//evil.example/rest/api/3/task/1',
    String.raw`\\evil.example/x`,
    'http://acme.atlassian.net/rest/api/3/task/1',
    'https://acme.atlassian.net.evil.example/rest/api/3/task/1',
    'https://acme.atlassian.net@evil.example/x',
    'https://someone:secret@acme.atlassian.net/x',
    'https://api.atlassian.com/me',
    'https://api.atlassian.com/ex/jira/acme-id/../globex-id/rest/api/3/task/1',
    'https://api.atlassian.com/ex/jira/acme-id/%2e%2e/globex-id/rest/api/3/task/1',
    'https://api.atlassian.com/ex/jira/acme-id-2/rest/api/3/task/1',
    'https://api.atlassian.com/ex/confluence/acme-id/rest/api/3/task/1',
    '/ex/jira/globex-id/rest/api/3/task/1',
    '/ex/confluence/acme-id/rest/api/3/task/1',
    '/file/uuid/binary?token=KEY',
    'https://acme.atlassian.net/ex/jira/globex-id/rest/api/3/task/1',
    'https://[',
    'javascript:alert(1)',
    'data:text/plain,x',
  ])('%s is not told', (location) => {
    expect(visibleLocation(location, cloud)).toBeUndefined();
  });
  test.each(['/rest/api/3/task/1', 'https://jira.example/other/rest/x', '../../../../../x'])(
    '%s is outside of the context path, and is not told',
    (location) => {
      expect(visibleLocation(location, own)).toBeUndefined();
    },
  );
});
