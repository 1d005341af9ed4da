import { describe, expect, test } from 'vitest';
import { withReportedSites } from './site-changes.ts';
import type { CloudId, Product, Site, SiteReport } from './site.ts';

const site = (name: string, product: Product = 'jira'): Site => ({
  cloudId: name as CloudId,
  product,
  url: `https://${name}.atlassian.net`,
  name,
  scopes: [],
});
const all = (sites: readonly Site[]): SiteReport => ({ sites, unreadable: 0 });

test.each<[string, string[], string[], string[], string[]]>([
  ['no site known before', [], [], ['a'], []],
  ['nothing changed', ['a', 'b'], [], ['a', 'b'], []],
  ['one is lost', ['a', 'b'], [], ['a'], ['b']],
  ['another one is lost', ['a'], ['b'], ['c'], ['a', 'b']],
  ['a lost one is accessible again', ['a'], ['b'], ['a', 'b'], []],
  ['all are lost', ['a', 'b'], [], [], ['a', 'b']],
  ['known as accessible and as lost', ['a'], ['a'], [], ['a']],
])('%s', (_, sites, lostSites, reported, lost) => {
  const names = (list: readonly Site[]): string[] => list.map(({ name }) => name);
  const known = withReportedSites(
    { sites: sites.map((name) => site(name)), lostSites: lostSites.map((name) => site(name)) },
    all(reported.map((name) => site(name))),
  );
  expect([names(known.sites), names(known.lostSites)]).toEqual([reported, lost]);
});

test('one product of a site can be lost alone', () => {
  const both = { sites: [site('a'), site('a', 'confluence')], lostSites: [] };
  expect(withReportedSites(both, all([site('a')])).lostSites).toEqual([site('a', 'confluence')]);
});

test('a site that is missing beside an entry that could not be read is not lost', () => {
  const before = { sites: [site('a'), site('b')], lostSites: [site('c')] };
  const after = withReportedSites(before, { sites: [site('b'), site('d')], unreadable: 1 });
  expect(after).toEqual({ sites: [site('b'), site('d'), site('a')], lostSites: [site('c')] });
  const again = withReportedSites(after, { sites: [site('b'), site('d')], unreadable: 1 });
  expect(again.sites).toBe(after.sites);
  expect(withReportedSites(after, all([site('b')])).lostSites.map(({ name }) => name)).toEqual([
    'd',
    'a',
    'c',
  ]);
});

describe('a list is the same object', () => {
  const before = { sites: [site('a'), site('b')], lostSites: [site('c')] };
  test('when the same sites are reported again', () => {
    const after = withReportedSites(before, all([site('a'), site('b')]));
    expect(after.sites).toBe(before.sites);
    expect(after.lostSites).toBe(before.lostSites);
  });
  test.each([
    { scopes: ['x'] },
    { name: 'x' },
    { url: 'https://x.example' },
    { avatarUrl: 'https://x.example/' },
  ])('but not when a site is reported with %j', (changes) => {
    const reported = [site('a'), { ...site('b'), ...changes }];
    expect(withReportedSites(before, all(reported)).sites).toBe(reported);
  });
});
