import { describe, expect, test } from 'vitest';
import {
  blankDraft,
  draftProblems,
  isSameName,
  removedScopes,
  normaliseDraft,
  type ClientDraft,
} from './client-configuration.ts';

const draft: ClientDraft = {
  ...blankDraft('atlassian-cloud'),
  name: 'Team',
  clientId: 'abc',
  clientSecret: 'secret',
};
const fresh = { takenNames: ['Other'], hasSecret: false };
const problemsOf = (part: Partial<ClientDraft>, context = fresh): string[] =>
  draftProblems({ ...draft, ...part }, context).map(({ field, problem }) => `${field} ${problem}`);

test('name, client ID and secret are all that a new configuration needs', () => {
  expect(problemsOf({})).toEqual([]);
  const missing = draftProblems(blankDraft('atlassian-cloud'), fresh).map(({ field }) => field);
  expect(missing).toEqual(['name', 'clientId', 'clientSecret']);
});

test('a secret may be as long as a signed token', () => {
  expect(problemsOf({ clientSecret: 'a'.repeat(4096) })).toEqual([]);
});

test.each([
  ['generic', []],
  ['atlassian-cloud', ['scopes']],
  ['atlassian-gov-cloud', ['scopes']],
  ['data-center', ['scopes']],
  ['google', ['scopes']],
  ['microsoft', ['scopes']],
] as const)('a client of the type %s without scopes has the problems %j', (type, problems) => {
  const found = draftProblems({ ...blankDraft(type), scopes: [] }, fresh);
  expect(found.map(({ field }) => field).filter((field) => field === 'scopes')).toEqual(problems);
});

describe('reports what is wrong with a field', () => {
  const long = 'a'.repeat(256);
  test.each<[Partial<ClientDraft>, string]>([
    [{ name: '' }, 'name required'],
    [{ name: '  ' }, 'name required'],
    [{ name: long }, 'name too_long'],
    [{ name: ' oTHER ' }, 'name name_taken'],
    [{ description: long }, 'description too_long'],
    [{ clientId: ' ' }, 'clientId required'],
    [{ clientId: long }, 'clientId too_long'],
    [{ clientSecret: ' ' }, 'clientSecret required'],
    [{ clientSecret: undefined }, 'clientSecret required'],
    [{ clientSecret: 'a'.repeat(4097) }, 'clientSecret secret_too_long'],
    [{ authorizationEndpoint: '' }, 'authorizationEndpoint required'],
    [{ authorizationEndpoint: 'auth' }, 'authorizationEndpoint url_invalid'],
    [
      { authorizationEndpoint: `https://auth.atlassian.com/${long}` },
      'authorizationEndpoint too_long',
    ],
    [{ tokenEndpoint: 'http://auth.atlassian.com/oauth/token' }, 'tokenEndpoint url_not_https'],
    [{ tokenEndpoint: 'ftp://auth.atlassian.com/oauth/token' }, 'tokenEndpoint url_invalid'],
    [{ tokenEndpoint: 'javascript:alert(1)' }, 'tokenEndpoint url_invalid'],
    [{ tokenEndpoint: 'https://auth.atlassian.com/oauth/token#x' }, 'tokenEndpoint url_invalid'],
    [{ tokenEndpoint: 'https://me@auth.atlassian.com/oauth/token' }, 'tokenEndpoint url_invalid'],
    [{ tokenEndpoint: 'https://:pw@auth.atlassian.com/oauth/token' }, 'tokenEndpoint url_invalid'],
    [{ tokenEndpoint: 'https://evil.test/oauth/token' }, 'tokenEndpoint url_not_this_cloud'],
    [
      { tokenEndpoint: 'https://auth.atlassian.com:8443/oauth/token' },
      'tokenEndpoint url_not_this_cloud',
    ],
    [
      { tokenEndpoint: 'https://auth.atlassian.com.evil.test/x' },
      'tokenEndpoint url_not_this_cloud',
    ],
    [{ scopes: [] }, 'scopes required'],
    [{ scopes: [' '] }, 'scopes required'],
    [{ scopes: ['read:me', 'two words'] }, 'scopes scope_invalid'],
    [{ type: 'other' as never }, 'type type_unsupported'],
    [{ type: 'constructor' as never }, 'type type_unsupported'],
  ])('%j: %s', (part, problem) => {
    expect(problemsOf(part)).toEqual([problem]);
  });
});

test('an empty secret keeps the stored one', () => {
  expect(problemsOf({ clientSecret: '' }, { ...fresh, hasSecret: true })).toEqual([]);
});

test('a draft is normalised: texts are trimmed, scopes are not repeated', () => {
  const typed = { ...draft, name: ' Team ', clientSecret: ' s ', scopes: ['a', ' a'] };
  expect(normaliseDraft(typed)).toMatchObject({ name: 'Team', clientSecret: 's', scopes: ['a'] });
});

test.each([
  ['Team', ' team ', true],
  ['Team', 'Team 2', false],
])('%j and %j are the same name: %s', (one, other, isSame) => {
  expect(isSameName(one, other)).toBe(isSame);
});

test('a scope that an edit removed is recorded until another edit adds it again', () => {
  const before = { scopes: ['a', 'b'], removedScopes: ['c', 'offline_access'] };
  expect(removedScopes(before, ['b', 'c'])).toEqual(['offline_access', 'a']);
  expect(removedScopes(before, ['a', 'b'])).toEqual(['c', 'offline_access']);
  expect(removedScopes({ scopes: ['a'], removedScopes: [] }, ['a'])).toEqual([]);
});
