import { expect, test } from 'vitest';
import { defaultCloudScopes } from '../provider/atlassian-cloud.ts';
import { classicScopes } from '../provider/scope-catalogue.ts';
import { isScopeToken, missingScopes, normaliseScopes, splitScopes } from './scope.ts';

test.each([
  ['read:jira-work', true],
  ['read:page:confluence', true],
  ['!#[]~', true],
  ['a'.repeat(255), true],
  ['a'.repeat(256), false],
  ['', false],
  ['a b', false],
  ['a"b', false],
  ['a\\b', false],
  ['a\nb', false],
  ['ä', false],
])('%j is a scope: %s', (text, isScope) => {
  expect(isScopeToken(text)).toBe(isScope);
});

test('scopes are trimmed and not repeated, in order of first occurrence', () => {
  expect(normaliseScopes([' b ', 'a', '', 'b', '  '])).toEqual(['b', 'a']);
});

test('a text is split at whitespace and commas', () => {
  expect(splitScopes(' a,b  c\n\td,,a ')).toEqual(['a', 'b', 'c', 'd']);
  expect(splitScopes('')).toEqual([]);
});

test('offline_access is never missing, since it is never reported as granted', () => {
  expect(missingScopes(['offline_access', 'a', 'b'], ['b', 'c'])).toEqual(['a']);
});

test('the catalogue contains each scope once, and every classic default scope', () => {
  const names: string[] = classicScopes.map(({ scope }) => scope);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !isScopeToken(name))).toEqual([]);
  const classic = defaultCloudScopes.filter((scope) => !/:\w+:confluence$/u.test(scope));
  expect(classic).toHaveLength(defaultCloudScopes.length - 2);
  expect(names).toEqual(expect.arrayContaining(classic));
});
