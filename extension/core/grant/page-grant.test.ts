import { expect, test } from 'vitest';
import {
  boundSite,
  choiceKey,
  isChoiceKey,
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

const ada = { accountId: 'ada', key: 'K1', name: 'Ada', email: 'ada@a.example' };
const bo = { accountId: 'bo', key: 'K2' };

test('a site is kept once for each account, with the session that was named last', () => {
  const sites = [
    boundSite(site('a', 'one'), ada),
    boundSite(site('a', 'one', 'confluence'), ada),
    boundSite(site('a', 'two'), bo),
    boundSite(site('a', 'three'), ada),
    boundSite(site('a', 'two'), bo),
    boundSite(site('a', 'four'), {}),
  ];
  expect(uniqueSites(sites).map(({ product, sessionId }) => `${product} ${sessionId}`)).toEqual([
    'confluence one',
    'jira three',
    'jira two',
    'jira four',
  ]);
});

test('choices are kept for what a call leaves open', () => {
  const [product, sessionId] = ['jira', 'S' as never] as const;
  expect(choiceKey({ product })).toBe('jira');
  expect(choiceKey({ product, sessionId })).toBe('jira@S');
  expect(choiceKey({ product, cloudId: 'a' as never })).toBe('jira:a');
  expect(['jira', 'jira@S-1', 'confluence:a-b'].every(isChoiceKey)).toBe(true);
  expect(['crowd', 'jira@', 'jira:a:b', 'jirax', ''].some(isChoiceKey)).toBe(false);
});

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
