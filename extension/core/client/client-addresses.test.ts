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

describe('what is of one cloud never goes to another', () => {
  test.each<[object, AddressField, boolean]>([
    [{}, 'tokenEndpoint', true],
    [{ tokenEndpoint: 'https://auth.atlassian.com/oauth/token' }, 'tokenEndpoint', false],
    [{ apiBase: 'https://api.atlassian.com' }, 'apiBase', false],
    [{ apiBase: 'https://api.isolated.example' }, 'tokenEndpoint', false],
    [isolated, 'tokenEndpoint', true],
    [isolated, 'apiBase', true],
    [{ ...isolated, tokenEndpoint: 'https://evil.example/token' }, 'tokenEndpoint', false],
    [{ ...isolated, apiBase: 'http://api.isolated.example' }, 'apiBase', false],
  ])('%j: %s is good: %s', (part, field, isGood) => {
    expect(isAddressAllowed({ ...gov, ...part }, field)).toBe(isGood);
  });
  test('nor does what is of none go to a cloud', () => {
    const wrong = { ...generic, tokenEndpoint: 'https://auth.atlassian.com/oauth/token' };
    expect(isAddressAllowed(wrong, 'tokenEndpoint')).toBe(false);
    expect(isAddressAllowed(generic, 'tokenEndpoint')).toBe(true);
  });
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

test.each(providerTypes)('a blank form for %s lacks what a person has to fill in', (type) => {
  const fields = draftProblems(blankDraft(type), { takenNames: [], hasSecret: false });
  // An application link has a key pair in its place.
  const needsSecret = type !== 'application-link';
  expect(fields.map(({ field }) => field)).toEqual(
    expect.arrayContaining(['name', 'clientId', ...(needsSecret ? ['clientSecret'] : [])]),
  );
});

test('a parameter of the person never takes the place of one of the protocol', () => {
  const authorizationParameters = { audience: 'api.evil.example', state: 'x', login_hint: 'ada' };
  expect(authorizationParametersOf({ ...gov, authorizationParameters })).toEqual({
    audience: 'api.atlassian-us-gov-mod.com',
    prompt: 'consent',
    login_hint: 'ada',
  });
});

test('scopes and refreshes are as the kind of provider wants them', () => {
  const google = blankDraft('google');
  const microsoft = blankDraft('microsoft');
  expect(scopesToRequest(dataCenter, ['READ', 'WRITE'])).toEqual(['WRITE']);
  expect(effectiveScopes(dataCenter, ['WRITE'])).toEqual(['READ', 'WRITE']);
  expect(effectiveScopes(google, ['https://www.googleapis.com/auth/userinfo.email'])).toContain(
    'email',
  );
  expect(scopesToRequest(microsoft, ['Mail.Read'])).toEqual(['Mail.Read', 'offline_access']);
  const again = { redirectUri: 'https://x.example/cb', scopes: ['Mail.Read'] };
  expect(refreshParametersOf(microsoft, again)).toEqual({
    redirect_uri: 'https://x.example/cb',
    scope: 'Mail.Read offline_access',
  });
  expect(refreshParametersOf(dataCenter, again)).toEqual({ redirect_uri: 'https://x.example/cb' });
  expect(refreshParametersOf(generic, again)).toEqual({});
});

test('the hosts of all requests of OAuth 1.0a are reached, and none is asked as a browser would', () => {
  const provider = {
    ...blankDraft('oauth1'),
    requestTokenEndpoint: 'https://start.example/initiate',
    authorizationEndpoint: 'https://www.example/authorize',
    tokenEndpoint: 'https://token.example/token',
    apiBase: 'https://api.example/1',
  };
  expect(requiredOrigins(provider).map((origin) => new URL(origin).host)).toEqual([
    ...['start.example', 'www.example', 'token.example', 'api.example'],
  ]);
  expect(requestHosts([provider])).toEqual(['token.example', 'api.example', 'start.example']);
});
