import { describe, expect, test } from 'vitest';
import { withReportedSites } from './site-changes.ts';
import type { CloudId, Product, Site } from './site.ts';

const site = (name: string, product: Product = 'jira'): Site => ({
  ...{ cloudId: name as CloudId, product, url: `https://${name}.atlassian.net`, name, scopes: [] },
});

test.each<[string, string[], string[], string[], string[]]>([
  ['nothing known before', [], [], ['a'], []],
  ['nothing changed', ['a', 'b'], [], ['a', 'b'], []],
  ['one is gone', ['a', 'b'], [], ['a'], ['b']],
  ['another is gone', ['a'], ['b'], ['c'], ['a', 'b']],
  ['one came back', ['a'], ['b'], ['a', 'b'], []],
  ['all are gone', ['a', 'b'], [], [], ['a', 'b']],
  ['known as both', ['a'], ['a'], [], ['a']],
])('%s', (_, sites, lostSites, told, lost) => {
  const names = (list: readonly Site[]): string[] => list.map(({ name }) => name);
  const known = withReportedSites(
    { sites: sites.map((name) => site(name)), lostSites: lostSites.map((name) => site(name)) },
    told.map((name) => site(name)),
  );
  expect([names(known.sites), names(known.lostSites)]).toEqual([told, lost]);
});

test('one product of a site can be lost alone', () => {
  const both = { sites: [site('a'), site('a', 'confluence')], lostSites: [] };
  expect(withReportedSites(both, [site('a')]).lostSites).toEqual([site('a', 'confluence')]);
});

describe('a list is the same object', () => {
  const before = { sites: [site('a'), site('b')], lostSites: [site('c')] };
  test('when the same is told again', () => {
    const after = withReportedSites(before, [site('a'), site('b')]);
    expect(after.sites).toBe(before.sites);
    expect(after.lostSites).toBe(before.lostSites);
  });
  test.each([
    { scopes: ['x'] },
    { name: 'x' },
    { url: 'https://x.example' },
    { avatarUrl: 'https://x.example/' },
  ])('but not when a site is told with %j', (changes) => {
    const told = [site('a'), { ...site('b'), ...changes }];
    expect(withReportedSites(before, told).sites).toBe(told);
  });
});
