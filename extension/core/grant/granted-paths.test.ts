import { expect, test } from 'vitest';
import { isPathPrefix, isWithinPaths } from './granted-paths.ts';

test.each([
  ['/rest/api/3/issue/', '/rest/api/3/issue/ROC-1', true],
  ['/rest/api/3/issue/', '/rest/api/3/issue', false],
  ['/rest/api/3/issue', '/rest/api/3/issue', true],
  ['/rest/api/3/issue', '/rest/api/3/issue/ROC-1/comment', true],
  ['/rest/api/3/issue', '/rest/api/3/issuetype', false],
  ['/rest/api/3/issue', '/rest/api/3/%69ssue/ROC-1', false],
  ['/rest/api/3/issue', '/rest/api/3/Issue/ROC-1', false],
  ['/', '/wiki/api/v2/pages', true],
])('the prefix %s for the path %s', (prefix, pathname, isWithin) => {
  expect(isWithinPaths(pathname, [prefix])).toBe(isWithin);
});

test('one of several prefixes is enough, and a grant without prefixes covers every path', () => {
  expect(isWithinPaths('/rest/api/3/myself', ['/wiki/', '/rest/api/3/myself'])).toBe(true);
  expect(isWithinPaths('/rest/api/3/myself', ['/wiki/'])).toBe(false);
  expect(isWithinPaths('/rest/api/3/myself', undefined)).toBe(true);
});

test.each([
  ['/', true],
  ['/rest', true],
  ['/rest/api/3/issue/', true],
  ['/rest/servicedeskapi/$x/a:b@c~d-e_f.g', true],
  ['', false],
  ['rest/api', false],
  ['//rest', false],
  ['/rest//api', false],
  ['/rest/../api', false],
  ['/rest/.', false],
  ['/rest/%2e%2e', false],
  ['/rest?x=1', false],
  ['/rest#x', false],
  ['/rest/a b', false],
  ['/rest\\api', false],
  ['/rest;x', false],
  ['/rest/é', false],
  [`/${'x'.repeat(512)}`, false],
])('%j as a prefix', (text, isPrefix) => {
  expect(isPathPrefix(text)).toBe(isPrefix);
});
