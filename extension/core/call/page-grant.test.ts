import { expect, test } from 'vitest';
import { uniqueSites, withoutSessions, type GrantedSite, type PageGrant } from './page-grant.ts';

const site = (cloudId: string, sessionId: string, product = 'jira'): GrantedSite =>
  ({ cloudId, product, sessionId }) as unknown as GrantedSite;
const grant = (sites: readonly GrantedSite[]): PageGrant => ({
  origin: 'https://a.example' as never,
  sites,
  access: 'read',
  grantedAtMs: 1,
  chosen: {},
});

test('a grant loses the sites of a session that ended', () => {
  const left = withoutSessions(grant([site('a', 'one'), site('b', 'two')]), (id) => id === 'one');
  expect(left?.sites).toEqual([site('b', 'two')]);
});

test('a grant without any session left is undefined, and an unchanged one is the same object', () => {
  const one = grant([site('a', 'one')]);
  expect(withoutSessions(one, () => true)).toBeUndefined();
  expect(withoutSessions(one, () => false)).toBe(one);
});

test('of two accounts for one site the later one is kept', () => {
  const sites = [site('a', 'one'), site('a', 'one', 'confluence'), site('a', 'two')];
  expect(uniqueSites(sites)).toEqual([site('a', 'one', 'confluence'), site('a', 'two')]);
});
