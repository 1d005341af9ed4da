import { describe, expect, test } from 'vitest';
import {
  parseAccess,
  parseClient,
  parseGrant,
  parsePageGrant,
  parseSession,
  parseSites,
  type Parsed,
} from './parse-stored.ts';
import { keys, prefixes } from './schema.ts';

const id = '11111111-1111-4111-8111-111111111111';
const sealed = { k: 1, iv: 'AAAA', ct: 'BBBB' };
const site = { cloudId: 'cloud-acme', product: 'jira' };
const client = {
  id,
  name: 'Team',
  description: '',
  type: 'atlassian-cloud',
  clientId: 'abc',
  clientAuthentication: 'post',
  authorizationEndpoint: 'https://auth.atlassian.com/authorize',
  tokenEndpoint: 'https://auth.atlassian.com/oauth/token',
  scopes: ['read:me'],
  removedScopes: ['read:jira-work'],
  rejectedAtMs: 1,
  redirectUriSuffix: 'abc',
  createdAtMs: 1,
  updatedAtMs: 2,
  sealedClientSecret: sealed,
};
const session = {
  id,
  clientId: id,
  account: { accountId: 'a', name: 'Ada', email: 'ada@threelo.test' },
  isIdentified: true,
  scopes: ['read:me'],
  status: 'valid',
  statusSinceMs: 1,
  generation: 3,
  signedInAtMs: 1,
  refreshedAtMs: 1,
  endsAtMs: 2,
  refreshTokenExpiresAtMs: 2,
  unknownRefusals: { error: 'quota_used_up', count: 3 },
  journal: { generation: 3, startedAtMs: 1, attempts: 1, lateAtMs: 2 },
  sealedRefreshToken: sealed,
  sealedAccessToken: sealed,
};
const sites = {
  id,
  sites: [
    {
      ...site,
      url: 'https://acme.atlassian.net',
      name: 'Acme',
      avatarUrl: 'https://a/1.png',
      scopes: [],
    },
  ],
  sitesReadAtMs: 1,
  unreadableSites: 1,
  lostSites: [],
};
const grant = { origin: 'https://dashboard.example', revision: 1, sealed };
const pageGrant = {
  origin: 'https://dashboard.example',
  sites: [{ ...site, sessionId: id, account: { accountId: 'a', key: 'K1' } }],
  access: 'read',
  grantedAtMs: 1,
  chosen: { jira: site },
};
const access = { token: 't', issuedAtMs: 1, expiresAtMs: 2, generation: 0, binding: '' };

type Parse = (raw: unknown) => Parsed<unknown>;
const kinds: readonly (readonly [string, Parse, Record<string, unknown>])[] = [
  ['client', parseClient, client],
  ['session', parseSession, session],
  ['list of sites', parseSites, sites],
  ['grant', parseGrant, grant],
  ['page grant', parsePageGrant, pageGrant],
  ['access', parseAccess, access],
];
const optional = [
  'rejectedAtMs',
  'refreshTokenExpiresAtMs',
  'unknownRefusals',
  'unreadableSites',
  'sealedClientSecret',
  'endsAtMs',
  'journal',
  'sealedRefreshToken',
  'sealedAccessToken',
];

describe.each(kinds)('a stored %s', (_, parse, whole) => {
  test('is the same after JSON', () => {
    expect(parse(JSON.parse(JSON.stringify(whole)))).toEqual({ ok: true, value: whole });
  });
  test.each(Object.keys(whole))('reports a damaged %s', (member) => {
    const parsed = parse({ ...whole, [member]: typeof whole[member] === 'object' ? 1 : {} });
    expect(parsed.ok ? [] : parsed.wrong.map((path) => path.split('.')[0])).toContain(member);
  });
  test.each(Object.keys(whole))('is valid or not without %s', (member) => {
    const { [member]: _gone, ...rest } = whole;
    expect(parse(rest).ok).toBe(optional.includes(member));
  });
  test.each([[null], [undefined], [1], ['x'], [[]]])('is not %j', (raw) => {
    expect(parse(raw).ok).toBe(false);
  });
});

test.each<[string, Parse, unknown]>([
  ['an id that is not a UUID', parseClient, { ...client, id: 'x' }],
  ['a type of a later version', parseClient, { ...client, type: 'data-center' }],
  [
    'a token endpoint on another host',
    parseClient,
    { ...client, tokenEndpoint: 'https://evil.test/oauth/token' },
  ],
  [
    'a token endpoint without TLS',
    parseClient,
    { ...client, tokenEndpoint: 'http://auth.atlassian.com/oauth/token' },
  ],
  [
    'an authorization endpoint on another host',
    parseClient,
    { ...client, authorizationEndpoint: 'https://evil.test/' },
  ],
  [
    'an encrypted secret of another format',
    parseClient,
    { ...client, sealedClientSecret: { ...sealed, k: 4 } },
  ],
  [
    'an encrypted secret that is not base64url',
    parseClient,
    { ...client, sealedClientSecret: { ...sealed, iv: 'a+b=' } },
  ],
  [
    'a cloud id that changes the path',
    parseSites,
    {
      ...sites,
      lostSites: [{ ...site, url: 'https://a', name: 'A', scopes: [], cloudId: '../x' }],
    },
  ],
  ['an unknown status', parseSession, { ...session, status: 'fine' }],
  ['a generation below zero', parseSession, { ...session, generation: -1 }],
  ['a generation that is not an integer', parseSession, { ...session, generation: 0.5 }],
  ['a negative instant', parseSession, { ...session, signedInAtMs: -1 }],
  ['an instant that is not a number', parseSession, { ...session, signedInAtMs: Number.NaN }],
  ['an origin with a path', parseGrant, { ...grant, origin: 'https://dashboard.example/' }],
  [
    'an origin that may not be connected',
    parsePageGrant,
    { ...pageGrant, origin: 'http://dashboard.example' },
  ],
  [
    'a key of no extension',
    parsePageGrant,
    { ...pageGrant, origin: 'extension:https://dashboard.example' },
  ],
  ['an unknown access level', parsePageGrant, { ...pageGrant, access: 'admin' }],
  ['a choice for another product', parsePageGrant, { ...pageGrant, chosen: { crowd: site } }],
])('rejects %s', (_, parse, raw) => {
  expect(parse(raw).ok).toBe(false);
});

test('a grant may be for another extension', () => {
  const origin = 'extension:abcdefghijklmnopabcdefghijklmnop';
  expect(parseGrant({ ...grant, origin }).ok).toBe(true);
  expect(parsePageGrant({ ...pageGrant, origin }).ok).toBe(true);
});

test('every key of an entity begins with the prefix of its kind, and no key begins with another key or prefix', () => {
  expect(keys.client(id as never)).toBe(`${prefixes.client}${id}`);
  expect(keys.session(id as never)).toBe(`${prefixes.session}${id}`);
  expect(keys.sites(id as never)).toBe(`${prefixes.sites}${id}`);
  expect(keys.grant('https://a.example' as never)).toBe(`${prefixes.grant}https://a.example`);
  const origin = 'https://a.example';
  expect(keys.pendingGrant(origin as never)).toBe(`${prefixes.pendingGrant}${origin}`);
  const all = [
    ...Object.values(prefixes),
    keys.schema,
    keys.restored,
    keys.removed,
    keys.flow,
    keys.outcome,
    keys.access(id as never),
  ];
  for (const one of all)
    expect(
      all.filter((other) => other.startsWith(one)),
      one,
    ).toEqual([one]);
});
