import { expect, test } from 'vitest';
import {
  boundSite,
  isGrantedTo,
  uniqueSites,
  withoutSessions,
  type BoundSite,
  type PageGrant,
} from './page-grant.ts';

const site = (cloudId: string, sessionId: string, product = 'jira'): BoundSite =>
  ({ cloudId, product, sessionId, account: {} }) as unknown as BoundSite;
const grant = (sites: readonly BoundSite[]): PageGrant => ({
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

const ada = { accountId: 'ada', key: 'K1', name: 'Ada', email: 'ada@a.example' };

test('a granted site holds what identifies the account, not how it is shown', () => {
  expect(boundSite(site('a', 'one'), ada).account).toEqual({ accountId: 'ada', key: 'K1' });
  expect(boundSite(site('a', 'one'), {}).account).toEqual({});
});

test.each([
  ['the same account', ada, { ...ada, name: 'A. L.' }, true],
  ['the same user after a rename', ada, { ...ada, accountId: 'ada.married' }, true],
  ['another account', ada, { accountId: 'bo' }, false],
  ['another user who has the name now', ada, { accountId: 'ada', key: 'K2' }, false],
  ['no account', ada, {}, false],
  ['no account, as when it was granted', {}, {}, true],
  ['an account that was not known when it was granted', {}, ada, true],
])('a site may be called with %s: %#', (_, granted, now, expected) => {
  expect(isGrantedTo(boundSite(site('a', 'one'), granted), now)).toBe(expected);
});
