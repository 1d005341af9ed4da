import { globSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { upstreamPlaces } from '../../background/quota/upstream-queue.ts';
import { refusingRules } from '../../extension/wire/refusal.ts';
import { maxLoad } from '../../background/calls/origin-loads.ts';
import {
  allowedRequestHeaders,
  visibleResponseHeaders,
} from '../../extension/core/call/headers.ts';
import { httpMethods, isReading, taskWrites } from '../../extension/core/call/http-method.ts';
import { readingPosts } from '../../extension/core/call/reading-posts.ts';
import {
  decideOnResponse,
  maxAttempts,
  type ReceivedResponse,
} from '../../extension/core/call/response-decision.ts';
import { validatePath } from '../../extension/core/call/site-path.ts';
import { products } from '../../extension/core/session/site.ts';
import { pageFaultCodes } from '../../extension/core/values/page-fault.ts';
import { ApiRequestSchema, chunkBytes, maxBodyBytes } from '../../extension/wire/api-call.ts';
import { root, sourceText } from './imports.ts';
import { codeSpans, expandBraces, sectionOf, tableRows } from './markdown.ts';

const file = 'docs/page-api.md';
const fetchSection = sectionOf(file, '## `fetch(input, init)`');

/** The sentence that begins with these words. */
function sentence(beginning: string): string {
  const at = fetchSection.indexOf(beginning);
  if (at < 0) throw new Error(`${file} says nothing of “${beginning}”`);
  return /^[\s\S]*?\.(?=\s)/u.exec(fetchSection.slice(at + beginning.length))?.[0] ?? '';
}

/** The number before these words, in the text after a beginning. */
function limit(beginning: string, unit: string): number {
  const [, rest = ''] = fetchSection.split(beginning);
  const [, digits = ''] = new RegExp(`([\\d,]+)\\s+${unit}`, 'u').exec(rest) ?? [];
  return Number(digits.replaceAll(',', ''));
}

function succeeds(act: () => unknown): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}

/** The paths of the POSTs that only read, by product: ``a/` with `b`, `c`` is a/b and a/c. */
const documentedPosts = tableRows(file, '## `fetch(input, init)`')
  .filter(([, paths = '']) => paths.startsWith('`/'))
  .flatMap(([product = '', paths = '']) => {
    const [base = '', rest = ''] = paths.split(' with ');
    const [prefix = ''] = codeSpans(base);
    return codeSpans(rest).flatMap((span) =>
      expandBraces(`${prefix}${span}`).map((path) => ({ product: product.toLowerCase(), path })),
    );
  });

const headersSource = sourceText('extension/core/call/headers.ts');
/** Whatever the source could mean as the name of a header. */
const headerNames = [
  ...new Set([...headersSource.matchAll(/'([a-z0-9-]+)'/gu)].map(([, name = '']) => name)),
].toSorted();
const sent = (name: string): number | undefined => {
  try {
    return allowedRequestHeaders([[name, 'x']]).length;
  } catch {
    return undefined;
  }
};
const isSent = (name: string): boolean => sent(name) === 1;
const isIgnored = (name: string): boolean => sent(name) === 0;
const isVisible = (name: string): boolean => visibleResponseHeaders([[name, 'x']]).length === 1;

describe('headers', () => {
  test('lists the request headers that are sent', () => {
    const documented = codeSpans(sentence('**Request headers.**'));
    expect(documented.toSorted()).toEqual(headerNames.filter(isSent));
  });

  test('lists the request headers that are ignored', () => {
    const documented = codeSpans(sentence('**Ignored request headers.**'));
    const names = documented.map((name) => name.replace('…', ''));
    expect(names.toSorted()).toEqual(headerNames.filter(isIgnored));
  });

  test('lists the response headers that a page sees', () => {
    const documented = codeSpans(sentence('**Response headers.**'));
    const [, choices = ''] = /\(([a-z|-]*)\)\?ratelimit/u.exec(headersSource) ?? [];
    const rateLimits = ['', ...choices.split('|')].map((prefix) => `${prefix}ratelimit`);
    expect(rateLimits.flatMap((name) => [name, `${name}-reset`]).every(isVisible)).toBe(true);
    expect(documented.toSorted()).toEqual(
      [...headerNames.filter(isVisible), ...rateLimits.map((name) => `${name}…`)].toSorted(),
    );
  });

  test('states how many there may be, and how long a value may be', () => {
    const most = limit('**Request headers.**', 'headers');
    const longest = limit('**Request headers.**', 'characters');
    const many = (count: number) => Array.from({ length: count }, () => ['accept', 'x']);
    const { headers } = ApiRequestSchema.entries;
    expect([most, most + 1].map((count) => v.is(headers, many(count)))).toEqual([true, false]);
    const isFit = (length: number): boolean =>
      succeeds(() => allowedRequestHeaders([['accept', 'x'.repeat(length)]]));
    expect([longest, longest + 1].map(isFit)).toEqual([true, false]);
  });
});

test('lists the rules of `can`, each with the code of its refusal', () => {
  const [, union = ''] =
    /type PermitRule =([^;]*);/u.exec(sourceText('extension/wire/page-api.ts')) ?? [];
  const rules = [...union.matchAll(/'([a-z0-9-]+)'/gu)].map(([, rule]) => rule);
  const rows = tableRows(file, '## `can(input, init)`').map((cells) =>
    cells.map((cell) => codeSpans(cell)[0]),
  );
  expect(rows.map(([rule]) => rule)).toEqual(rules);
  const codes = Object.entries(refusingRules).flatMap(([code, bySubject]) =>
    Object.values(bySubject).map((rule) => [rule, code]),
  );
  const documented = rows
    .filter(([, code]) => code !== undefined)
    .map(([rule, code]) => [rule, code]);
  expect(new Map(documented as [string, string][])).toEqual(new Map(codes as [string, string][]));
});

describe('methods and paths', () => {
  test('lists the methods', () => {
    const [methods = ''] = codeSpans(sentence('**Which methods.**'));
    expect(methods.split(' ')).toEqual(httpMethods);
  });

  test('lists the paths to which a read connection may send POST, by product', () => {
    for (const product of products) {
      const rows = documentedPosts.filter((row) => row.product === product);
      const documented = rows.map(({ path }) => path);
      expect(documented.every((path) => isReading('POST', product, path))).toBe(true);
      expect(documented.toSorted()).toEqual(readingPosts[product].flatMap(expandBraces).toSorted());
    }
  });

  test('lists the writes that Jira runs as a task', () => {
    const [, section = ''] = fetchSection.split('**Writes that are answered by a redirect.**');
    const documented = codeSpans(section.split('**')[0] ?? '').filter((span) =>
      /^[A-Z]+ /u.test(span),
    );
    expect(documented).toEqual(taskWrites.map(([method, path]) => `${method} ${path}`));
  });

  test('states how long a path may be', () => {
    const longest = limit('**Which paths.**', 'characters');
    const isFit = (length: number): boolean =>
      succeeds(() => validatePath('/rest/'.padEnd(length, 'x')));
    expect([longest, longest + 1].map(isFit)).toEqual([true, false]);
  });
});

test('states how large bodies and their pieces may be', () => {
  const mebibyte = 2 ** 20;
  expect(limit('**Bodies.**', 'MiB')).toBe(maxBodyBytes / mebibyte);
  expect(limit('in chunks', 'MiB')).toBe(chunkBytes / mebibyte);
});

test('states how many calls are sent at once, and how much one origin may hold', () => {
  const beginning = '**Many calls at once.**';
  expect(limit(beginning, 'calls of one origin')).toBe(upstreamPlaces.ofOrigin);
  expect(limit(beginning, 'of all origins')).toBe(upstreamPlaces.inAll);
  expect(limit(beginning, 'calls that have not ended')).toBe(maxLoad.calls);
  expect(limit(beginning, 'MiB of request bodies')).toBe(maxLoad.bodyBytes / 2 ** 20);
  expect(limit(beginning, 'MiB of addresses')).toBe(maxLoad.headBytes / 2 ** 20);
});

describe('retries', () => {
  const received = (changes: Partial<ReceivedResponse>): ReceivedResponse => ({
    method: 'GET',
    isReading: true,
    retries: [],
    nowMs: 0,
    status: 200,
    bodyText: '',
    retryAfter: null,
    isForOtherUser: false,
    token: { expiresAtMs: 1 },
    consentedAtMs: 0,
    ...changes,
  });
  const isRepeated = (changes: Partial<ReceivedResponse>): boolean =>
    decideOnResponse(received(changes)).act === 'retry-read';
  const [row = ''] = /^\| 500, .*$/mu.exec(fetchSection) ?? [];

  test('states how often a call is sent', () => {
    expect(limit('**Retries.**', 'times')).toBe(maxAttempts);
  });

  test('lists the statuses after which a read is repeated', () => {
    const statuses = Array.from({ length: 500 }, (_, at) => 100 + at);
    const [documented = ''] = /\d{3}(?:, \d{3})*/u.exec(row) ?? [];
    expect(documented.split(', ').map(Number)).toEqual(
      statuses.filter((status) => isRepeated({ status })),
    );
  });

  test('states the delays before a read is repeated', () => {
    const [, ...seconds] =
      /after ([\d.]+) to ([\d.]+) s and ([\d.]+) to ([\d.]+) s/u.exec(row) ?? [];
    const pauses = [[], ['retry-read'] as const].map((retries) =>
      decideOnResponse(received({ status: 503, retries })),
    );
    const [first, second, third, fourth] = seconds.map((text) => Number(text) * 1000);
    expect(pauses).toEqual([
      { act: 'retry-read', pause: { minMs: first, maxMs: second } },
      { act: 'retry-read', pause: { minMs: third, maxMs: fourth } },
    ]);
  });

  test('states the delay after a new consent, and the longest `Retry-After`', () => {
    const delayMs = limit('401 for a missing scope', 'ms');
    const bodyText = '{"code":401,"message":"Unauthorized; scope does not match"}';
    expect(decideOnResponse(received({ status: 401, bodyText }))).toEqual({
      act: 'retry-after-consent',
      pause: { minMs: delayMs, maxMs: delayMs },
    });
    const longest = limit('`Retry-After` of up to', 's');
    const isWaitedFor = (seconds: number): boolean =>
      isRepeated({ status: 503, retryAfter: String(seconds) });
    expect([longest, longest + 1].map(isWaitedFor)).toEqual([true, false]);
  });
});

describe('libraries', () => {
  const section = sectionOf(file, '## With libraries');
  const folder = 'test/e2e/libraries';
  /** The part of a tested file that the document has: the packages of two versions have names of their own. */
  const recipe = (source: string): string =>
    source
      .split('\n// How the test calls it.')[0]!
      .replace(/^\/\* global .*\n/u, '')
      .replaceAll(/jira\.js-\d/gu, 'jira.js');

  test('has the code that is tested', () => {
    const [, ...blocks] = [...section.matchAll(/^```js\n([\s\S]*?)^```$/gmu)].map(
      ([, code]) => code,
    );
    const files = globSync(`${folder}/*.js`, { cwd: root });
    expect(files.length).toBeGreaterThan(0);
    expect(blocks.toSorted()).toEqual(files.map((name) => recipe(sourceText(name))).toSorted());
  });

  test('names the versions that are tested', () => {
    const { devDependencies } = JSON.parse(sourceText('package.json')) as {
      devDependencies: Record<string, string>;
    };
    const rows = tableRows(file, '## With libraries');
    expect(rows.length).toBeGreaterThan(0);
    for (const [name = '', version = ''] of rows)
      expect(devDependencies[name.replace(' ', '-')]?.split('@').at(-1)).toBe(version);
  });
});

test('lists the products', () => {
  const union = products.map((product) => `'${product}'`).join(' | ');
  expect(sourceText(file)).toContain(`type Product = ${union};`);
});

test('lists the codes', () => {
  const rows = tableRows(file, '## Codes').map(([code = '']) => codeSpans(code)[0]);
  expect(rows.toSorted()).toEqual(pageFaultCodes.toSorted());
});
