import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chanceOf } from '../../../test/support/chance.ts';
import type { Product } from '../session/site.ts';
import { isClosedTo3lo, lackingScopes } from './lacking-scopes.ts';
import {
  parseOperationTable,
  tableHeader,
  type CloudCall,
  type OperationTable,
} from './operation-table.ts';

const root = join(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** What Atlassian published, as the stand-in has it. */
const published = JSON.parse(read('test/standin/facts/operations.json')) as {
  readonly method: CloudCall['method'];
  readonly path: string;
  readonly scopes: readonly (readonly string[])[];
  readonly oauth: boolean;
}[];
const table = parseOperationTable(read('extension/public/operations.txt'));

const productOf = (path: string): Product => (path.startsWith('/wiki/') ? 'confluence' : 'jira');
const filled = (path: string, value = 'ROC-1'): string => path.replaceAll(/\{[^}]*\}/gu, value);
const sorted = (lists: readonly (readonly string[])[] | undefined) =>
  lists?.map((list) => list.toSorted());

/** The scopes that an operation needs; undefined when it is not in the table. */
const scopesOf = (
  pathname: string,
  { method = 'GET', from = table, product = productOf(pathname) }: Partial<Query> = {},
) => from.find({ product, method, pathname })?.alternatives;
interface Query {
  readonly method: CloudCall['method'];
  readonly from: OperationTable;
  readonly product: Product;
}

describe('the table in the package', () => {
  it('has all that is published, and nothing else', () => {
    expect(published).toHaveLength(1107);
    for (const { method, path, scopes, oauth } of published) {
      const found = table.find({ product: productOf(path), method, pathname: filled(path) });
      expect([method, path, sorted(found?.alternatives)]).toEqual([method, path, sorted(scopes)]);
      expect(found && isClosedTo3lo(found)).toBe(!oauth);
    }
    const words = read('extension/public/operations.txt').split('\n').slice(2).join('\n');
    expect(words.match(/(?<= )[GPUAD]/gu)).toHaveLength(1107);
  });

  it('finds the operation of each of 300,000 paths', () => {
    const chance = chanceOf('paths');
    const templates = published.map(({ method, path }) => {
      const product = productOf(path);
      const expected = table.find({ product, method, pathname: filled(path) });
      return { product, method, parts: path.split(/\{[^}]*\}/u), expected };
    });
    let wrong = 0;
    for (let count = 0; count < 300_000; count += 1) {
      const { product, method, parts, expected } = templates[chance.below(templates.length)]!;
      const pathname = parts.join(String(10_000 + count));
      if (table.find({ product, method, pathname }) !== expected) wrong += 1;
    }
    expect(wrong).toBe(0);
  });
});

const small = parseOperationTable(
  [
    tableHeader,
    'read:a read:b write:a',
    '0 rest/api/3/issue P2',
    '4 * G0|1+2 U-',
    '4 archive U2',
    '4 */votes D2',
    '4 properties/* D1',
    '3 open G P|0',
    '0 wiki/rest/api/space G1',
    '',
  ].join('\n'),
);
const of = (pathname: string, query: Partial<Query> = {}) =>
  scopesOf(pathname, { ...query, from: small });

describe('an operation', () => {
  it('has its alternatives, none when it is closed, an empty one when any session may call it', () => {
    expect(of('/rest/api/3/issue/ROC-1')).toEqual([['read:a'], ['read:b', 'write:a']]);
    expect(of('/rest/api/3/issue/ROC-1', { method: 'PUT' })).toEqual([]);
    expect(of('/rest/api/3/open')).toEqual([[]]);
    expect(of('/rest/api/3/open', { method: 'POST' })).toEqual([[], ['read:a']]);
  });

  it('is that of the template with the more literal segments', () => {
    expect(of('/rest/api/3/issue/archive', { method: 'PUT' })).toEqual([['write:a']]);
    expect(of('/rest/api/3/issue/properties/votes', { method: 'DELETE' })).toEqual([['read:b']]);
    expect(of('/rest/api/3/issue/ROC-1/votes', { method: 'DELETE' })).toEqual([['write:a']]);
  });

  it('is that of the parameter when the literal segment has none for the method', () => {
    expect(of('/rest/api/3/issue/archive')).toEqual([['read:a'], ['read:b', 'write:a']]);
  });

  it('is found in versions 2 and latest of Jira, and for HEAD', () => {
    const expected = of('/rest/api/3/issue/ROC-1');
    expect(expected).toBeDefined();
    expect(of('/rest/api/2/issue/ROC-1')).toBe(expected);
    expect(of('/rest/api/latest/issue/ROC-1')).toBe(expected);
    expect(of('/rest/api/3/issue/ROC-1', { method: 'HEAD' })).toBe(expected);
    expect(of('/rest/api/4/issue/ROC-1')).toBeUndefined();
  });

  it('is found when its path is encoded, and for Confluence without /wiki', () => {
    expect(of('/rest/api/3/issue/%61rchive', { method: 'PUT' })).toEqual([['write:a']]);
    expect(of('/rest/api/3/issue/%zz')).toBeDefined();
    expect(of('/wiki/rest/api/space')).toEqual([['read:b']]);
    expect(of('/rest/api/space', { product: 'confluence' })).toEqual([['read:b']]);
  });

  it.each<[string, Partial<Query>]>([
    ['/rest/api/3/issue', {}],
    ['/rest/api/3/issue/', {}],
    ['/rest/api/3/issue/ROC-1/', {}],
    ['/rest/api/3/issue/ROC-1/votes/more', { method: 'DELETE' }],
    ['/rest/api/3', {}],
    ['/wiki/rest/api/space', { product: 'jira' }],
    ['/rest/api/3/open', { product: 'bitbucket' }],
  ])('is not found at %s %o', (pathname, query) => {
    expect(of(pathname, query)).toBeUndefined();
  });
});

it.each([
  ['threelo-operations 2\nread:a\n0 rest G0'],
  [`${tableHeader}\nread:a\n0 rest G1`],
  [`${tableHeader}\nread:a\n1 rest G0`],
  [`${tableHeader}\nread:a\n0 rest`],
  ['<html>'],
  [''],
])('what is not a table is refused: %j', (text) => {
  expect(() => parseOperationTable(text)).toThrow('not a table of operations');
});

describe('what a session lacks', () => {
  const operation = { alternatives: [['read:a'], ['read:b', 'write:b', 'write:c']] };
  it.each<[string[], string[]]>([
    [[], ['read:a']],
    [['read:a'], []],
    [['read:b', 'write:b', 'write:c'], []],
    // As few of both: the classic one.
    [['read:b', 'write:b'], ['read:a']],
  ])('holding %j it lacks %j', (granted, lacking) => {
    expect(lackingScopes(operation, granted)).toEqual(lacking);
  });

  it('is the rest of the alternative that is nearest', () => {
    const two = {
      alternatives: [
        ['a', 'b'],
        ['c', 'd', 'e'],
      ],
    };
    expect(lackingScopes(two, ['c', 'd'])).toEqual(['e']);
    expect(lackingScopes({ alternatives: [[], ['a']] }, [])).toEqual([]);
    expect(lackingScopes({ alternatives: [] }, [])).toEqual([]);
  });
});
