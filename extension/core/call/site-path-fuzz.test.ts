/** Random paths, against two servers that read them in every way that they could. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CloudId } from '../session/site.ts';
import { planCall, targetUrl } from './call-plan.ts';
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
      name: 'acme',
      gateway: 'https://api.atlassian.com',
    },
    path: validatePath(raw),
  }).pathname;

/**
 * The first test oracle: all paths that a lenient server may see. It decodes repeatedly, converts full-width characters
 * and backslashes, removes path parameters, and resolves dot segments each time. Neither shares code with `validatePath`.
 */
function pathsOfLenientServer(sent: string): string[] {
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

/**
 * The second test oracle: all paths that a server may see which works on bytes. It converts full-width characters
 * before it decodes, accepts overlong UTF-8 and `%uXXXX`, and ends the path at a NUL and at a decoded `?` or `#`.
 */
function pathsOfByteServer(sent: string): string[] {
  const seen: string[] = [];
  let text = sent;
  for (let round = 0; round < 8; round += 1) {
    seen.push(resolve(text.replace(/[?#\u0000].*$/su, '')));
    text = overlongDecoded(percentDecodedBytes(text.normalize('NFKC')));
  }
  return seen;
}

function percentDecodedBytes(text: string): number[] {
  const parts = text.matchAll(/%u([0-9a-f]{4})|%([0-9a-f]{2})|./gisu);
  return [...parts].flatMap(([character, unit, byte]) => {
    if (byte !== undefined) return [Number.parseInt(byte, 16)];
    return [
      ...Buffer.from(
        unit === undefined ? character : String.fromCodePoint(Number.parseInt(unit, 16)),
      ),
    ];
  });
}

function overlongDecoded(bytes: readonly number[]): string {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at]!;
    const length = lead < 0xc0 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf8 ? 3 : 0;
    const rest = bytes.slice(at + 1, at + 1 + length);
    const isWhole = rest.length === length && rest.every((byte) => byte >> 6 === 2);
    const point = isWhole
      ? rest.reduce(
          (sum, byte) => sum * 64 + (byte & 63),
          length === 0 ? lead : lead & (63 >> length),
        )
      : lead;
    text += point > 0x10_ff_ff ? '\uFFFD' : String.fromCodePoint(point);
    at += isWhole ? length + 1 : 1;
  }
  return text;
}

function resolve(path: string): string {
  const out: string[] = [];
  for (const raw of path
    .replaceAll('\\', '/')
    .replaceAll(/[\u0000-\u001F]/gu, '')
    .split('/')) {
    const segment = raw.replace(/;.*$/su, '').trim();
    if (segment === '..') out.pop();
    else if (segment !== '.') out.push(raw);
  }
  return out.join('/');
}

/** The names of all parameters that a server may see which begins the query at a `?` that it decoded. */
function queryNamesOf(sent: string): string[] {
  const seen: string[] = [];
  let text = sent;
  for (let round = 0; round < 8; round += 1) {
    for (const form of [text, text.normalize('NFKC'), overlongDecoded(percentDecodedBytes(text))])
      seen.push(...new URLSearchParams(form.replace(/^[^?]*/u, '')).keys());
    text = decodeLeniently(text);
  }
  return seen;
}

const oracles = { 'a lenient server': pathsOfLenientServer, 'a byte server': pathsOfByteServer };

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
  '%25c0%25ae',
  '%25u002e',
  '\uFF052e',
  '%EF%BC%852e',
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
  '%23',
  '%3F',
  '%2523',
  '%253F',
  '\uFF03',
  '\uFF1F',
  '?_method=DELETE',
  '_method=DELETE',
  '\uFF05',
  '%3B',
  'u',
  'c0',
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

test.each(Object.entries(oracles))('%s detects a path that leaves the site', (_, pathsSeenBy) => {
  expect(
    pathsSeenBy(`${prefix}rest/%252e%252e/%2e%2e/x`).some((path) => !path.startsWith(prefix)),
  ).toBe(true);
});

test.each(['%25c0%25ae%25c0%25ae', '%25u002e%25u002e', '..%3Fx', '%EF%BC%852e%EF%BC%852e'])(
  'the byte server reads %s as a dot segment',
  (segment) => {
    const seen = pathsOfByteServer(`${prefix}rest/${segment}/../../x`);
    expect(seen.some((path) => !path.startsWith(prefix))).toBe(true);
  },
);

test('an encoded query is detected', () => {
  expect(queryNamesOf('/rest/a%253F_method=DELETE')).toContain('_method');
});

test('no accepted path leaves the site, or names an override, after any of eight decodings', () => {
  let accepted = 0;
  const property = fc.property(grammar, (raw) => {
    let path: string;
    try {
      path = gatewayPathOf(raw);
    } catch {
      return;
    }
    accepted += 1;
    expect(queryNamesOf(path)).not.toContain('_method');
    for (const pathsSeenBy of Object.values(oracles))
      for (const seen of pathsSeenBy(path)) expect(`${seen}/`.startsWith(prefix), seen).toBe(true);
  });
  fc.assert(property, { numRuns: 20_000, seed: 20_261_121 });
  expect(accepted).toBeGreaterThan(500);
});

test.each([
  ['jira', ['/secure/attachment/1/', '/secure/thumbnail/1/']],
  ['confluence', ['/download/attachments/1/', '/download/thumbnails/1/']],
  ['bitbucket', ['/projects/RKT/repos/guidance/raw/', '/users/ada/repos/guidance/raw/']],
  ['bamboo', ['/browse/RKT-7/artifact/shared/Report/']],
] as const)(
  'no accepted file of %s is another path after any of eight decodings',
  (product, files) => {
    const url = 'https://dc.example.test/base';
    const site = { sessionId: 's' as never, cloudId, product, url, name: 'base' };
    let accepted = 0;
    const isInside = (seen: string): boolean =>
      ['/rest/', ...files].some((start) => `${seen}/`.startsWith(`/base${start}`));
    const ofFile = fc
      .tuple(fc.constantFrom(...files, '/'), fc.array(segment, { maxLength: 6 }))
      .map(([start, segments]) => start + segments.join('/'));
    const property = fc.property(ofFile, (input) => {
      let path: string;
      try {
        const wanted = { method: 'GET', input, headers: [], site: `${product}:${cloudId}` };
        const planned = planCall(wanted, { sites: [site], access: 'read', chosen: {} });
        path = 'plan' in planned ? targetUrl(planned.plan).pathname : '';
      } catch {
        return;
      }
      accepted += 1;
      for (const pathsSeenBy of Object.values(oracles))
        for (const seen of pathsSeenBy(path)) expect(isInside(seen), seen).toBe(true);
    });
    fc.assert(property, { numRuns: 5000, seed: 20_261_126 });
    expect(accepted).toBeGreaterThan(200);
  },
);
