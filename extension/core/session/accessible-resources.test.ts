import { describe, expect, test } from 'vitest';
import { faultOf } from '../../../test/support/faults.ts';
import { parseAccessibleResources } from './accessible-resources.ts';
import { productsOfScopes, siteId, type Site } from './site.ts';

const id = '11223344-a1b2-4c33-8d44-ac3e00000001';
const entry = (part: Record<string, unknown> = {}): Record<string, unknown> => ({
  id,
  name: 'Acme',
  url: 'https://acme.atlassian.net',
  scopes: ['read:jira-work'],
  avatarUrl: 'https://avatars.example/1.png',
  ...part,
});

const read = (response: unknown): readonly Site[] => {
  const { sites, unreadable } = parseAccessibleResources(response);
  expect(unreadable).toBe(0);
  return sites;
};

test('one id with the scopes of two products gives two sites', () => {
  const sites = read([entry(), entry({ scopes: ['read:confluence-content.all'] })]);
  expect(sites.map(siteId)).toEqual([`jira:${id}`, `confluence:${id}`]);
  expect(sites.map(({ scopes }) => scopes)).toEqual([
    ['read:jira-work'],
    ['read:confluence-content.all'],
  ]);
});

test('one entry with the scopes of two products gives two sites as well', () => {
  const scopes = ['read:jira-work', 'search:confluence'];
  expect(read([entry({ scopes })]).map(siteId)).toEqual([`jira:${id}`, `confluence:${id}`]);
});

test('entries of the same site and product are merged', () => {
  const sites = read([entry(), entry({ scopes: ['write:jira-work', 'read:jira-work'] })]);
  expect(sites).toHaveLength(1);
  expect(sites[0]?.scopes).toEqual(['read:jira-work', 'write:jira-work']);
});

test('trailing slashes of a URL are removed', () => {
  expect(read([entry({ url: 'https://acme.atlassian.net//' })])[0]?.url).toBe(
    'https://acme.atlassian.net',
  );
});

test.each([undefined, null, '', 'x', 7, {}, 'https://avatars.example./1.png'])(
  'an avatar URL may be %j',
  (avatarUrl) => {
    expect(read([entry({ avatarUrl })])).toMatchObject([{ name: 'Acme' }]);
    expect(read([entry({ avatarUrl })])[0]).not.toHaveProperty('avatarUrl');
  },
);

test.each([undefined, null, '', ' ', 7])(
  'without a name (%j) a site has that of its host',
  (name) => {
    expect(read([entry({ name })])[0]?.name).toBe('acme.atlassian.net');
    expect(read([entry(), entry({ name })])[0]?.name).toBe('Acme');
  },
);

test.each<[unknown[], string[]]>([
  [['read:jira-work', null, ''], ['jira']],
  [['read:me', 7, 'read:confluence-user'], ['confluence']],
  [['read:me', {}], []],
])(
  'an entry with the scopes %j is used, and counted as one that was not read in full',
  (scopes, products) => {
    const report = parseAccessibleResources([entry({ scopes }), entry({ id: 'good' })]);
    expect(report.sites.map(siteId)).toEqual([
      ...products.map((product) => `${product}:${id}`),
      'jira:good',
    ]);
    expect(report.unreadable).toBe(1);
  },
);

test.each<[unknown, string[]]>([
  [['read:jira-work', ''], ['read:jira-work']],
  ['read:jira-work write:jira-work', ['read:jira-work', 'write:jira-work']],
])('the scopes %j are read as %j', (scopes, expected) => {
  expect(read([entry({ scopes, unknown: [1] })])[0]?.scopes).toEqual(expected);
});

test('an entry without a scope of a product is not a site, and an empty list has no sites', () => {
  expect(read([entry({ scopes: ['read:me'] })])).toEqual([]);
  expect(read([])).toEqual([]);
});

const odd = [
  ['null', null],
  ['text', 'Acme'],
  ['an id with a slash', entry({ id: '../x' })],
  ['an id with a dot', entry({ id: '..' })],
  ['an empty id', entry({ id: '' })],
  ['a long id', entry({ id: 'a'.repeat(65) })],
  ['an id that is a number', entry({ id: 1 })],
  ['a URL that is not valid', entry({ url: 'acme' })],
  ['a URL without TLS', entry({ url: 'http://acme.atlassian.net' })],
  ['a host that ends with a dot', entry({ url: 'https://acme.atlassian.net.' })],
  ['a javascript: URL', entry({ url: 'javascript:alert(1)' })],
  ['no scopes', entry({ scopes: undefined })],
  ['scopes that are all numbers', entry({ scopes: [1] })],
] as const;

describe('an entry that cannot be read is counted, and the others are kept:', () => {
  test.each(odd)('%s', (_, unreadable) => {
    const good = entry({ id: 'good' });
    const report = parseAccessibleResources([unreadable, good, unreadable]);
    expect(report.sites.map(siteId)).toEqual(['jira:good']);
    expect(report.unreadable).toBe(2);
  });
});

describe('a response without one entry that can be read is not a list of sites:', () => {
  const lists = odd.map(([title, one]): [string, unknown] => [title, [one]]);
  test.each<[string, unknown]>([['an object', {}], ['nothing', null], ...lists])(
    '%s',
    (_, answer) => {
      expect(faultOf(() => parseAccessibleResources(answer))).toMatchObject({
        code: 'provider_answer_invalid',
        subject: 'accessible-resources',
      });
    },
  );
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
