import { describe, expect, test } from 'vitest';
import { faultOf } from '../../../test/support/faults.ts';
import { parseAccessibleResources, productsOfScopes, siteId } from './site.ts';

const id = '11223344-a1b2-4c33-8d44-ac3e00000001';
const entry = (part: Record<string, unknown> = {}): Record<string, unknown> => ({
  id,
  name: 'Acme',
  url: 'https://acme.atlassian.net',
  scopes: ['read:jira-work'],
  avatarUrl: 'https://avatars.example/1.png',
  ...part,
});

test('one id with the scopes of two products gives two sites', () => {
  const sites = parseAccessibleResources([
    entry(),
    entry({ scopes: ['read:confluence-content.all'] }),
  ]);
  expect(sites.map(siteId)).toEqual([`jira:${id}`, `confluence:${id}`]);
  expect(sites.map(({ scopes }) => scopes)).toEqual([
    ['read:jira-work'],
    ['read:confluence-content.all'],
  ]);
});

test('one entry with the scopes of two products gives two sites as well', () => {
  const scopes = ['read:jira-work', 'search:confluence'];
  expect(parseAccessibleResources([entry({ scopes })]).map(siteId)).toEqual([
    `jira:${id}`,
    `confluence:${id}`,
  ]);
});

test('entries of the same site and product are merged', () => {
  const sites = parseAccessibleResources([
    entry(),
    entry({ scopes: ['write:jira-work', 'read:jira-work'] }),
  ]);
  expect(sites).toHaveLength(1);
  expect(sites[0]?.scopes).toEqual(['read:jira-work', 'write:jira-work']);
});

test('trailing slashes of a URL are removed', () => {
  expect(parseAccessibleResources([entry({ url: 'https://acme.atlassian.net//' })])[0]?.url).toBe(
    'https://acme.atlassian.net',
  );
});

test.each([[undefined], [null]])('an avatar URL may be %s', (avatarUrl) => {
  expect(parseAccessibleResources([entry({ avatarUrl })])[0]).not.toHaveProperty('avatarUrl');
});

test('an entry without a scope of a product is not a site, and an empty list has no sites', () => {
  expect(parseAccessibleResources([entry({ scopes: ['read:me'] })])).toEqual([]);
  expect(parseAccessibleResources([])).toEqual([]);
});

describe('rejects a response that is not a list of sites', () => {
  test.each([
    ['not a list', {}],
    ['null', null],
    ['an entry that is null', [null]],
    ['an id with a slash', [entry({ id: '../x' })]],
    ['an id with a dot', [entry({ id: '..' })]],
    ['an empty id', [entry({ id: '' })]],
    ['a long id', [entry({ id: 'a'.repeat(65) })]],
    ['an id that is a number', [entry({ id: 1 })]],
    ['no name', [entry({ name: undefined })]],
    ['a URL that is not valid', [entry({ url: 'acme' })]],
    ['a URL without TLS', [entry({ url: 'http://acme.atlassian.net' })]],
    ['a javascript: URL', [entry({ url: 'javascript:alert(1)' })]],
    ['no scopes', [entry({ scopes: undefined })]],
    ['a scope that is a number', [entry({ scopes: [1] })]],
    ['an avatar URL that is not valid', [entry({ avatarUrl: 'x' })]],
  ])('%s', (_, answer) => {
    expect(faultOf(() => parseAccessibleResources(answer))).toMatchObject({
      code: 'provider_answer_invalid',
      subject: 'accessible-resources',
    });
  });
});

test.each([
  [['read:me', 'offline_access'], []],
  [['read:servicedesk-request'], ['jira']],
  [['read:servicemanagement-insight-objects'], ['jira']],
  [['read:page:confluence'], ['confluence']],
  [
    ['read:page:confluence', 'read:issue:jira'],
    ['jira', 'confluence'],
  ],
])('the scopes %j name %j', (scopes, expected) => {
  expect(productsOfScopes(scopes)).toEqual(expected);
});
