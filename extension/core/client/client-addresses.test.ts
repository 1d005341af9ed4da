import { describe, expect, test } from 'vitest';
import { providerTypes } from '../provider/provider-type.ts';
import { isAddressAllowed, type AddressField } from './client-addresses.ts';
import {
  blankDraft,
  draftProblems,
  invalidMembers,
  normaliseDraft,
} from './client-configuration.ts';
import {
  scopesToRequest,
  authorizationParametersOf,
  effectiveScopes,
  refreshParametersOf,
  requestHosts,
  requiredOrigins,
} from './client-endpoints.ts';

const gov = blankDraft('atlassian-gov-cloud');
const isolated = {
  ...gov,
  authorizationEndpoint: 'https://auth.isolated.example/authorize',
  tokenEndpoint: 'https://auth.isolated.example/oauth/token',
  apiBase: 'https://api.isolated.example',
};
const dataCenter = normaliseDraft({
  ...blankDraft('data-center'),
  baseUrl: 'https://example.com/jira/secure/Dashboard.jspa',
});
const generic = {
  ...blankDraft('generic'),
  authorizationEndpoint: 'https://login.example/authorize',
  tokenEndpoint: 'https://login.example/token',
};

describe('secrets of one cloud are never sent to another', () => {
  test.each<[object, AddressField, boolean]>([
    [{}, 'tokenEndpoint', true],
    [{ tokenEndpoint: 'https://auth.atlassian.com/oauth/token' }, 'tokenEndpoint', false],
    [{ apiBase: 'https://api.atlassian.com' }, 'apiBase', false],
    [{ apiBase: 'https://api.isolated.example' }, 'tokenEndpoint', false],
    [isolated, 'tokenEndpoint', true],
    [isolated, 'apiBase', true],
    [{ ...isolated, tokenEndpoint: 'https://evil.example/token' }, 'tokenEndpoint', false],
    [{ ...isolated, apiBase: 'http://api.isolated.example' }, 'apiBase', false],
  ])('%j: %s is allowed: %s', (part, field, isAllowed) => {
    expect(isAddressAllowed({ ...gov, ...part }, field)).toBe(isAllowed);
  });
  test('nor those of another provider to a cloud', () => {
    const wrong = { ...generic, tokenEndpoint: 'https://auth.atlassian.com/oauth/token' };
    expect(isAddressAllowed(wrong, 'tokenEndpoint')).toBe(false);
    expect(isAddressAllowed(generic, 'tokenEndpoint')).toBe(true);
  });
});

test.each<[object, AddressField]>([
  [{ ...gov, ...isolated, apiBase: 'https://api.atlassian.com.' }, 'apiBase'],
  [
    { ...gov, tokenEndpoint: 'https://auth.atlassian-us-gov-mod.com./oauth/token' },
    'tokenEndpoint',
  ],
  [{ ...generic, tokenEndpoint: 'https://auth.atlassian.com./oauth/token' }, 'tokenEndpoint'],
  [{ ...generic, authorizationEndpoint: 'https://login.example./a' }, 'authorizationEndpoint'],
  [{ ...generic, apiBase: 'https://api.atlassian.com\u3002' }, 'apiBase'],
  [{ ...generic, userinfoEndpoint: 'https://login.example%2E/me' }, 'userinfoEndpoint'],
  [{ ...generic, revocationEndpoint: 'https://login.example.:8443/r' }, 'revocationEndpoint'],
  [{ ...generic, issuer: 'https://login.example.' }, 'issuer'],
  [{ ...generic, tokenEndpoint: 'https://*/token' }, 'tokenEndpoint'],
])('an ambiguous host is not allowed: %j', (addresses, field) => {
  expect(isAddressAllowed(addresses as typeof generic, field)).toBe(false);
});

test("a Data Center product's endpoints are those of its base URL, whatever is stored", () => {
  expect(dataCenter).toMatchObject({
    baseUrl: 'https://example.com/jira',
    tokenEndpoint: 'https://example.com/jira/rest/oauth2/latest/token',
  });
  const stored = { ...dataCenter, clientAuthentication: 'post' as const };
  expect(invalidMembers(stored)).toEqual([]);
  expect(invalidMembers({ ...stored, tokenEndpoint: 'https://evil.example/token' })).toEqual([
    'tokenEndpoint',
  ]);
  expect(invalidMembers({ ...stored, issuer: 'https://evil.example' })).toEqual(['issuer']);
  expect(requiredOrigins(dataCenter)).toEqual(['https://example.com']);
});

test.each(providerTypes)('a blank form for %s reports the required fields', (type) => {
  const fields = draftProblems(blankDraft(type), { takenNames: [], hasSecret: false });
  // An application link has a key pair instead.
  const needsSecret = type !== 'application-link';
  expect(fields.map(({ field }) => field)).toEqual(
    expect.arrayContaining(['name', 'clientId', ...(needsSecret ? ['clientSecret'] : [])]),
  );
});

test('a parameter of the configuration never replaces one of the protocol', () => {
  const authorizationParameters = { audience: 'api.evil.example', state: 'x', login_hint: 'ada' };
  expect(authorizationParametersOf({ ...gov, authorizationParameters })).toEqual({
    audience: 'api.atlassian-us-gov-mod.com',
    prompt: 'consent',
    login_hint: 'ada',
  });
});

test('scopes and refresh parameters follow from the provider type', () => {
  const google = blankDraft('google');
  const microsoft = blankDraft('microsoft');
  expect(scopesToRequest(dataCenter, ['READ', 'WRITE'])).toEqual(['WRITE']);
  expect(effectiveScopes(dataCenter, ['WRITE'])).toEqual(['READ', 'WRITE']);
  expect(effectiveScopes(google, ['https://www.googleapis.com/auth/userinfo.email'])).toContain(
    'email',
  );
  expect(scopesToRequest(microsoft, ['Mail.Read'])).toEqual(['Mail.Read', 'offline_access']);
  const grant = { redirectUri: 'https://x.example/cb', scopes: ['Mail.Read'] };
  expect(refreshParametersOf(microsoft, grant)).toEqual({
    redirect_uri: 'https://x.example/cb',
    scope: 'Mail.Read offline_access',
  });
  expect(refreshParametersOf(dataCenter, grant)).toEqual({ redirect_uri: 'https://x.example/cb' });
  expect(refreshParametersOf(generic, grant)).toEqual({});
});

test('OAuth 1.0a needs the origins of all its endpoints; request rules leave out the authorization endpoint', () => {
  const provider = {
    ...blankDraft('oauth1'),
    requestTokenEndpoint: 'https://start.example/initiate',
    authorizationEndpoint: 'https://www.example/authorize',
    tokenEndpoint: 'https://token.example/token',
    apiBase: 'https://api.example/1',
  };
  const hosts = ['start.example', 'www.example', 'token.example', 'api.example'];
  expect(requiredOrigins(provider).map((origin) => new URL(origin).host)).toEqual(hosts);
  expect(requestHosts([provider])).toEqual(['token.example', 'api.example', 'start.example']);
});
