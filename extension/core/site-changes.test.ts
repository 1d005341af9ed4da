import { describe, expect, test } from 'vitest';
import type { CloudId, Site } from './site.ts';
import { withSitesTold } from './site-changes.ts';

const site = (name: string, changes: Partial<Site> = {}): Site => ({
  cloudId: name as CloudId,
  product: 'jira',
  url: `https://${name}.example`,
  name,
  scopes: ['read:jira-work'],
  ...changes,
});
const [a, b, c] = [site('a'), site('b'), site('c')];

test.each([
  ['nothing changes', [[a, b], []], [a, b], [[a, b], []]],
  ['a site comes', [[a], []], [a, b], [[a, b], []]],
  ['a site goes', [[a, b], []], [a], [[a], [b]]],
  ['all go', [[a, b], []], [], [[], [a, b]]],
  ['another goes', [[a, b], [c]], [a], [[a], [c, b]]],
  ['a lost one returns', [[a], [b, c]], [a, b], [[a, b], [c]]],
  ['one returns while another goes', [[a], [b]], [b], [[b], [a]]],
  ['the lost ones stay lost', [[a], [b]], [a], [[a], [b]]],
  ['a site is listed in both', [[a], [a]], [], [[], [a]]],
] as const)('%s', (_, [sites, lostSites], told, [sitesAfter, lostAfter]) => {
  expect(withSitesTold({ sites, lostSites }, told)).toEqual({
    sites: sitesAfter,
    lostSites: lostAfter,
  });
});

test('Jira and Confluence of one cloud id are lost one by one', () => {
  const wiki = site('a', { product: 'confluence' });
  expect(withSitesTold({ sites: [a, wiki], lostSites: [] }, [a]).lostSites).toEqual([wiki]);
});

describe('a list is the same object', () => {
  const before = { sites: [a, b], lostSites: [c] };
  test('when the same is told again', () => {
    const after = withSitesTold(before, [site('a'), site('b')]);
    expect(after.sites).toBe(before.sites);
    expect(after.lostSites).toBe(before.lostSites);
  });
  test.each([{ scopes: [] }, { name: 'x' }, { url: 'https://x.example' }, { avatarUrl: 'x' }])(
    'but not when a site is told with %j',
    (changes) => {
      const told = [a, site('b', changes)];
      expect(withSitesTold(before, told).sites).toBe(told);
    },
  );
});
