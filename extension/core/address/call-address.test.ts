import { describe, expect, test } from 'vitest';
import type { SessionId } from '../session/session.ts';
import type { CloudId, Product } from '../session/site.ts';
import { callAddress, chosenSite, siteRequired } from './call-address.ts';
import type { ReachableSite } from './reachable-site.ts';

const site = (
  cloudId: string,
  product: Product,
  sessionId: string,
  part: Partial<ReachableSite> = {},
): ReachableSite => ({
  cloudId: cloudId as CloudId,
  product,
  sessionId: sessionId as SessionId,
  url: `https://${cloudId}.atlassian.net`,
  name: cloudId,
  gateway: 'https://api.atlassian.com',
  ...part,
});
const own = (path: string, sessionId: string, product: Product = 'jira'): ReachableSite => {
  const { gateway: _none, ...rest } = site('digest', product, sessionId);
  return { ...rest, url: `https://dc.example.test${path}`, name: `dc.example.test${path}` };
};
const adaJira = site('acme', 'jira', 'ada');
const adaWiki = site('acme', 'confluence', 'ada');
const boJira = site('acme', 'jira', 'bo');
const boGlobex = site('globex', 'jira', 'bo');
const sites = [adaJira, adaWiki, boJira, boGlobex];

/** Which sites a call means, as `<cloud id> <product> <session>`, or why none. */
function meant(
  input: string,
  named: { site?: string; account?: string } = {},
  granted: readonly ReachableSite[] = sites,
): string {
  const { candidates, refusal } = callAddress({ input, ...named }, granted);
  if (refusal !== undefined)
    return `${refusal.fault.code} ${refusal.fault.subject ?? refusal.fault.candidates?.join(' ') ?? ''}`;
  return candidates
    .map(({ cloudId, product, sessionId }) => `${cloudId} ${product} ${sessionId}`)
    .join(', ');
}
const path = '/rest/api/3/myself';
const wiki = '/wiki/api/v2/spaces';

test.each<[string, string, { site?: string; account?: string }, string]>([
  ['nothing named', path, {}, 'acme jira ada, acme jira bo, globex jira bo'],
  ['nothing named, one site', wiki, {}, 'acme confluence ada'],
  ['an account', path, { account: 'ada' }, 'acme jira ada'],
  ['an account with two sites', path, { account: 'bo' }, 'acme jira bo, globex jira bo'],
  ['an account without the product', wiki, { account: 'bo' }, 'not_allowed site'],
  ['an account that is not granted', path, { account: 'eve' }, 'not_allowed account'],
  ['an id', path, { site: 'jira:acme:bo' }, 'acme jira bo'],
  ['an id, whatever the path', wiki, { site: 'jira:acme:bo' }, 'acme jira bo'],
  ['the id of another session', path, { site: 'jira:acme:eve' }, 'not_allowed site'],
  [
    'an id and another account',
    path,
    { site: 'jira:acme:bo', account: 'ada' },
    'not_allowed account',
  ],
  ['an old id of one account', path, { site: 'jira:globex' }, 'globex jira bo'],
  ['an old id of two accounts', path, { site: 'jira:acme' }, 'acme jira ada, acme jira bo'],
  ['an old id and an account', path, { site: 'jira:acme', account: 'bo' }, 'acme jira bo'],
  ['a URL', path, { site: 'https://globex.atlassian.net' }, 'globex jira bo'],
  ['a URL with a slash', path, { site: 'https://Globex.atlassian.net/' }, 'globex jira bo'],
  [
    'a URL, and the path tells the product',
    wiki,
    { site: 'https://acme.atlassian.net' },
    'acme confluence ada',
  ],
  ['a URL without the product', wiki, { site: 'https://globex.atlassian.net' }, 'not_allowed site'],
  ['a URL with more', path, { site: 'https://globex.atlassian.net/x' }, 'not_allowed site'],
  ['a URL with a query', path, { site: 'https://globex.atlassian.net?' }, 'not_allowed site'],
  ['a URL with a user', path, { site: 'https://a@globex.atlassian.net' }, 'not_allowed site'],
  ['a foreign URL', path, { site: 'https://evil.example' }, 'not_allowed site'],
  ['a name', path, { site: 'globex' }, 'globex jira bo'],
  ['a name, of another path than its product has', wiki, { site: 'globex' }, 'globex jira bo'],
  ['a name, and the path tells the product', wiki, { site: 'acme' }, 'acme confluence ada'],
  ['a name in other letter case', path, { site: 'Globex' }, 'not_allowed site'],
  ['nothing', path, { site: '' }, 'not_allowed site'],
  [
    'a member of every object',
    path,
    { site: 'constructor', account: '__proto__' },
    'not_allowed account',
  ],
  ['an absolute URL', `https://acme.atlassian.net${path}`, {}, 'acme jira ada, acme jira bo'],
  [
    'an absolute URL and an account',
    `https://acme.atlassian.net${path}`,
    { account: 'bo' },
    'acme jira bo',
  ],
  [
    'an absolute URL and its site',
    `https://acme.atlassian.net${path}`,
    { site: 'acme', account: 'ada' },
    'acme jira ada',
  ],
  [
    'an absolute URL and another site',
    `https://acme.atlassian.net${path}`,
    { site: 'globex' },
    'not_allowed site',
  ],
  [
    'an absolute URL and another product',
    `https://acme.atlassian.net${wiki}`,
    { site: 'jira:acme:ada' },
    'not_allowed site',
  ],
  [
    'an absolute URL and an account that is not there',
    `https://globex.atlassian.net${path}`,
    { account: 'ada' },
    'not_allowed account',
  ],
  [
    'a gateway URL',
    `https://api.atlassian.com/ex/jira/acme${path}`,
    { account: 'bo' },
    'acme jira bo',
  ],
  [
    'a gateway URL and another site',
    `https://api.atlassian.com/ex/jira/acme${path}`,
    { site: 'jira:globex' },
    'not_allowed site',
  ],
  [
    'a gateway URL and another account',
    `https://api.atlassian.com/ex/jira/globex${path}`,
    { account: 'ada' },
    'not_allowed account',
  ],
])('a call with %s', (_, input, named, expected) => {
  expect(meant(input, named)).toBe(expected);
});

test('a name that several sites have is refused with their ids, and an account or an absolute URL settles it', () => {
  const twin = site('twin', 'jira', 'ada', { name: 'globex' });
  const granted = [boGlobex, twin];
  expect(meant(path, { site: 'globex' }, granted)).toBe(
    'site_required jira:globex:bo jira:twin:ada',
  );
  expect(meant(path, { site: 'globex', account: 'ada' }, granted)).toBe('twin jira ada');
  expect(meant(`https://twin.atlassian.net${path}`, { site: 'globex' }, granted)).toBe(
    'twin jira ada',
  );
});

test('a site whose name is the id or the URL of another one is not called in its place', () => {
  const posers = [boGlobex.url, 'jira:globex', 'jira:globex:bo'].map((name, at) =>
    site(`poser-${String(at)}`, 'jira', 'eve', { name }),
  );
  for (const { name } of posers)
    expect(meant(path, { site: name }, [...posers, boGlobex])).toBe('globex jira bo');
});

test('a Data Center product is named by its URL, and its account by an id', () => {
  const granted = [own('/jira', 'ada'), own('/jira', 'bo'), own('', 'cyd', 'generic')];
  const url = 'https://dc.example.test/jira';
  expect(meant(path, { site: url, account: 'bo' }, granted)).toBe('digest jira bo');
  expect(meant(`${url}${path}`, { account: 'bo' }, granted)).toBe('digest jira bo');
  // The URL is that of the product with the longest context path, whichever site and account are named.
  expect(meant(`${url}${path}`, { account: 'cyd' }, granted)).toBe('not_allowed account');
  expect(meant(`${url}${path}`, { site: 'https://dc.example.test/' }, granted)).toBe(
    'not_allowed site',
  );
  expect(meant('/issues', { account: 'cyd' }, granted)).toBe('digest generic cyd');
});

describe('a choice', () => {
  const scopeOf = (input: string, named: { site?: string; account?: string } = {}) =>
    callAddress({ input, ...named }, sites).scope;

  test('holds for a product, for an account and a product, or for a site', () => {
    expect(scopeOf(path)).toEqual({ product: 'jira' });
    expect(scopeOf(path, { account: 'bo' })).toEqual({ product: 'jira', sessionId: 'bo' });
    const ofSite = { product: 'jira', cloudId: 'acme' };
    expect(scopeOf(path, { site: 'jira:acme' })).toEqual(ofSite);
    expect(scopeOf(path, { site: 'acme' })).toEqual(ofSite);
    expect(scopeOf(`https://acme.atlassian.net${path}`)).toEqual(ofSite);
  });

  const choice = { scope: { product: 'jira' } as const, candidates: [adaJira, boJira, boGlobex] };
  const key = ({ cloudId, product }: ReachableSite) => ({ cloudId, product });
  test.each<[string, Parameters<typeof chosenSite>[1], ReachableSite | undefined]>([
    ['with its account', { jira: boJira }, boJira],
    ['without an account, of a site of one', { jira: key(boGlobex) }, boGlobex],
    ['without an account, of a site of two', { jira: key(boJira) }, undefined],
    [
      'of an account that is not granted any more',
      { jira: site('globex', 'jira', 'eve') },
      undefined,
    ],
    [
      'of a site that is not granted any more',
      { jira: key(site('gone', 'jira', 'bo')) },
      undefined,
    ],
    ['for another scope', { 'jira:acme': boJira, 'jira@bo': boJira }, undefined],
    ['of another product', { jira: adaWiki }, undefined],
  ])('%s', (_, chosen, expected) => {
    expect(chosenSite(choice, chosen)).toBe(expected);
  });
});

test('a page is told at most a hundred candidates', () => {
  const many = Array.from({ length: 500 }, (_, at) => site(String(at), 'jira', 'ada'));
  expect(siteRequired(many).fault.candidates).toHaveLength(100);
});
