import { expect, test } from 'vitest';
import { faultOf } from '../../../test/support/faults.ts';
import { proposedPaths, reducedPaths, requestedPaths } from './requested-paths.ts';

const many = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, at) => `/rest/${String(from + at)}`);

test.each<[string, unknown]>([
  ['no list', '/rest/'],
  ['null', null],
  ['an empty list', []],
  ['21 prefixes', many(21)],
  ['the same prefix 21 times', Array.from({ length: 21 }, () => '/rest/')],
  ['a number', ['/rest/', 1]],
  ['a path without a slash', ['rest/']],
  ['an encoded path', ['/rest/%61pi/']],
  ['dot segments', ['/rest/../wiki/']],
  ['a query', ['/rest/?x=1']],
])('a page cannot ask for %s', (_, paths) => {
  const { code, subject, message } = faultOf(() => requestedPaths(paths));
  expect({ code, subject }).toEqual({ code: 'invalid_request', subject: 'paths' });
  expect(message).toContain('1 to 20 prefixes');
});

test.each<[string, string[], string[]]>([
  ['20 prefixes', many(20), many(20).sort()],
  ['the same prefixes in another order', ['/wiki/', '/rest/', '/wiki/'], ['/rest/', '/wiki/']],
  ['a prefix that another one covers', ['/rest/api/3', '/rest', '/rest/'], ['/rest']],
  ['names that only begin alike', ['/rest', '/resting'], ['/rest', '/resting']],
  ['every path', ['/rest/', '/'], ['/']],
])('a page asks for %s', (_, paths, expected) => {
  expect(requestedPaths(paths)).toEqual(expected);
});

test('a list with the prefix of every path is no restriction', () => {
  expect(reducedPaths(['/', '/rest/'])).toBeUndefined();
  expect(reducedPaths(undefined)).toBeUndefined();
});

type Paths = string[] | undefined;
test.each<[string, Paths, Paths, Paths]>([
  ['none, with every path', undefined, undefined, undefined],
  ['none, with some', undefined, ['/rest/'], ['/rest/']],
  ['some, with every path', ['/rest/'], undefined, ['/rest/']],
  ['others, with some', ['/wiki/'], ['/rest/'], ['/rest/', '/wiki/']],
  ['narrower ones, with some', ['/rest/api/'], ['/rest/'], ['/rest/']],
  ['wider ones, with some', ['/rest/'], ['/rest/api/'], ['/rest/']],
  ['every path, with some', ['/'], ['/rest/'], undefined],
  ['every path, with every path', ['/'], undefined, undefined],
])('what is proposed to a page that names %s', (_, named, granted, proposed) => {
  expect(proposedPaths(named, granted)).toEqual(proposed);
});

test('more than 20 prefixes together are refused', () => {
  expect(proposedPaths(many(10, 10), many(10))).toHaveLength(20);
  expect(faultOf(() => proposedPaths(many(11, 10), many(10)))).toMatchObject({
    code: 'invalid_request',
    subject: 'paths',
  });
});
