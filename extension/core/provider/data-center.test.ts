import { describe, expect, test } from 'vitest';
import { readBaseUrl } from '../client/base-url.ts';
import {
  identityPaths,
  isResponseForOtherUser,
  namesUser,
  readIdentity,
  type Identity,
} from '../session/data-center-identity.ts';
import {
  dataCenterEndpoints,
  dataCenterFacts,
  dataCenterProducts,
  impliedScopes,
  minimalScopes,
  type DataCenterProduct,
} from './data-center.ts';

describe('a base URL', () => {
  test.each<[string, string, readonly string[]]>([
    ['https://jira.example.com', 'https://jira.example.com', []],
    ['https://jira.example.com/', 'https://jira.example.com', ['slash_removed']],
    ['https://example.com/jira', 'https://example.com/jira', []],
    ['  HTTPS://Example.com:443/Jira//\n', 'https://example.com/Jira', ['slash_removed']],
    ['https://example.com:8443/a/b/', 'https://example.com:8443/a/b', ['slash_removed']],
    ['example.com/jira', 'https://example.com/jira', ['scheme_added']],
    ['//example.com/jira', 'https://example.com/jira', ['scheme_added']],
    ['localhost:8443/confluence', 'https://localhost:8443/confluence', ['scheme_added']],
    ['10.0.0.5/jira', 'https://10.0.0.5/jira', ['scheme_added']],
    ['https://example.com/jira/browse/ABC-1', 'https://example.com/jira', ['deep_link_cut']],
    [
      'https://example.com/jira/issues/?jql=project%20%3D%20A#top',
      'https://example.com/jira',
      ['deep_link_cut', 'query_removed', 'fragment_removed'],
    ],
    ['https://example.com/secure/Dashboard.jspa', 'https://example.com', ['deep_link_cut']],
    ['https://example.com/wiki/display/DOC/Home', 'https://example.com/wiki', ['deep_link_cut']],
    [
      'https://example.com/confluence/pages/viewpage.action?pageId=1',
      'https://example.com/confluence',
      ['deep_link_cut', 'query_removed'],
    ],
    ['https://example.com/wiki/index.action', 'https://example.com/wiki', ['deep_link_cut']],
    [
      'https://example.com/bitbucket/projects/A/repos/b',
      'https://example.com/bitbucket',
      ['deep_link_cut'],
    ],
    ['https://example.com/bamboo/allPlans.action', 'https://example.com/bamboo', ['deep_link_cut']],
    [
      'https://example.com/jira/rest/oauth2/latest/token',
      'https://example.com/jira',
      ['deep_link_cut'],
    ],
    ['https://example.com/jira?os=1', 'https://example.com/jira', ['query_removed']],
    ['https://example.com/jira#/', 'https://example.com/jira', ['fragment_removed']],
    ['https://notatlassian.net', 'https://notatlassian.net', []],
    ['https://[::1]:8443/jira', 'https://[::1]:8443/jira', []],
  ])('from %j is %s', (typed, baseUrl, repairs) => {
    const read = readBaseUrl(typed, { isHttpAllowed: false });
    expect('repairs' in read ? { ...read, repairs: [...read.repairs].sort() } : read).toEqual({
      baseUrl,
      repairs: [...repairs].sort(),
    });
  });
  test.each([
    ['', 'required'],
    [' \n', 'required'],
    ['http://jira.example.com', 'url_not_https'],
    ['ftp://jira.example.com', 'url_invalid'],
    ['javascript:alert(1)', 'url_invalid'],
    ['mailto:admin', 'url_invalid'],
    ['https://', 'url_invalid'],
    ['our jira', 'url_invalid'],
    ['https://example.com/our jira', 'url_invalid'],
    ['https://me@example.com/jira', 'url_with_credentials'],
    ['https://me:pw@example.com/jira', 'url_with_credentials'],
    ['https://acme.atlassian.net/wiki', 'url_of_cloud'],
    ['acme.atlassian-us-gov-mod.net', 'url_of_cloud'],
    ['https://api.atlassian.com/ex/jira/1', 'url_of_cloud'],
  ])('is not read from %j: %s', (typed, problem) => {
    expect(readBaseUrl(typed, { isHttpAllowed: false })).toEqual({ problem });
  });
  test('may be plain http when that is allowed; a missing scheme always becomes https', () => {
    const allowed = { isHttpAllowed: true };
    expect(readBaseUrl('http://jira.local:8080/jira/', allowed)).toEqual({
      baseUrl: 'http://jira.local:8080/jira',
      repairs: ['slash_removed'],
    });
    expect(readBaseUrl('jira.local', allowed)).toMatchObject({ baseUrl: 'https://jira.local' });
  });
  test('leads to endpoints under its context path', () => {
    expect(dataCenterEndpoints('https://example.com/jira')).toEqual({
      authorizationEndpoint: 'https://example.com/jira/rest/oauth2/latest/authorize',
      tokenEndpoint: 'https://example.com/jira/rest/oauth2/latest/token',
      revocationEndpoint: 'https://example.com/jira/rest/oauth2/latest/revoke',
    });
  });
});

describe('scopes', () => {
  test.each(dataCenterProducts)('of %s imply only weaker ones', (product) => {
    const { scopes, defaultScope } = dataCenterFacts[product];
    const names = scopes.map(({ scope }) => scope);
    expect(names).toContain(defaultScope);
    scopes.forEach(({ implies }, at) => {
      implies.forEach((implied) => expect(names.slice(0, at)).toContain(implied));
    });
    expect(impliedScopes(product, [names.at(-1)!])).toEqual(names);
  });
  test.each<[DataCenterProduct, string[], string[], string[]]>([
    ['jira', ['WRITE'], ['READ', 'WRITE'], ['WRITE']],
    ['confluence', ['READ', 'ADMIN', 'READ'], ['READ', 'WRITE', 'ADMIN'], ['ADMIN']],
    [
      'bitbucket',
      ['ACCOUNT_WRITE', 'REPO_WRITE'],
      ['PUBLIC_REPOS', 'ACCOUNT_WRITE', 'REPO_READ', 'REPO_WRITE'],
      ['ACCOUNT_WRITE', 'REPO_WRITE'],
    ],
    ['bamboo', ['TRIGGER', 'WRITE'], ['READ', 'TRIGGER', 'WRITE'], ['TRIGGER', 'WRITE']],
    ['jira', [], [], []],
  ])('of %s: %j include %j, and %j have to be requested', (product, scopes, implied, minimal) => {
    expect(impliedScopes(product, scopes)).toEqual(implied);
    expect(minimalScopes(product, scopes)).toEqual(minimal);
  });
});

describe('identity', () => {
  const user = (accountId: string, name?: string, email?: string, key?: string): Identity => ({
    kind: 'user',
    account: {
      accountId,
      ...(key && { key }),
      ...(name && { name }),
      ...(email && { email }),
    },
  });
  const anonymous = { kind: 'anonymous' };
  const unknown = { kind: 'unknown' };
  test.each<[DataCenterProduct, number, unknown, string | null, object]>([
    [
      'jira',
      200,
      { key: 'JIRAUSER1', name: 'ada', displayName: 'Ada', emailAddress: 'ada@x.test' },
      'ada',
      user('ada', 'Ada', 'ada@x.test', 'JIRAUSER1'),
    ],
    ['jira', 200, { key: 'JIRAUSER1' }, null, user('JIRAUSER1', undefined, undefined, 'JIRAUSER1')],
    ['jira', 200, { name: 'ada' }, 'anonymous', anonymous],
    ['jira', 401, { errorMessages: [] }, null, anonymous],
    ['jira', 200, {}, null, unknown],
    ['jira', 200, { name: 5 }, null, unknown],
    ['jira', 200, undefined, null, unknown],
    ['jira', 404, {}, 'ada', unknown],
    ['jira', 503, undefined, null, unknown],
    [
      'confluence',
      200,
      { type: 'known', username: 'ada', userKey: 'ff80', displayName: 'Ada' },
      null,
      user('ada', 'Ada', undefined, 'ff80'),
    ],
    ['confluence', 200, { type: 'anonymous', displayName: 'Anonymous' }, null, anonymous],
    ['bitbucket', 200, { version: '8.9.0' }, 'ada', user('ada', 'ada')],
    ['bitbucket', 200, { version: '8.9.0' }, 'ad%C3%A1', user('adá', 'adá')],
    ['bitbucket', 200, { version: '8.9.0' }, '100%', user('100%', '100%')],
    ['bitbucket', 200, { version: '8.9.0' }, null, anonymous],
    ['bitbucket', 200, { version: '8.9.0' }, 'anonymous', anonymous],
    ['bitbucket', 500, undefined, 'ada', unknown],
    ['bamboo', 200, { name: 'ada', fullName: 'Ada', email: null }, null, user('ada', 'Ada')],
    ['bamboo', 200, { name: 'ada', fullName: null }, null, user('ada', 'ada')],
    ['bamboo', 401, undefined, null, anonymous],
  ])('of %s with %i %j and header %s', (product, status, body, userName, identity) => {
    expect(readIdentity(product, { status, body, userName })).toEqual(identity);
  });
  test.each([
    ['ada', true],
    [' anonymous', false],
    ['', false],
    [null, false],
  ])('the header %j names somebody: %s', (userName, is) => {
    expect(namesUser(userName)).toBe(is);
  });
  test.each<[DataCenterProduct, number, string | null, string | undefined, boolean]>([
    ['jira', 200, 'ada', 'ada', false],
    ['jira', 200, 'Ada', 'ada', false],
    ['jira', 200, 'anonymous', 'ada', true],
    ['jira', 401, 'anonymous', 'ada', true],
    ['jira', 200, 'anonymous', undefined, true],
    ['jira', 200, 'bo', 'ada', true],
    ['jira', 200, 'bo', undefined, false],
    ['jira', 200, null, 'ada', false],
    ['confluence', 200, null, 'ada', false],
    ['confluence', 200, 'ada@x.test', 'ada@x.test', false],
    ['bamboo', 200, null, 'ada', false],
    ['bitbucket', 200, 'ada', 'ada', false],
    ['bitbucket', 200, null, 'ada', true],
    ['bitbucket', 204, ' ', 'ada', true],
    ['bitbucket', 304, null, 'ada', false],
    ['bitbucket', 404, null, 'ada', false],
    // How these are encoded differs: they are not compared.
    ['jira', 200, 'ad%C3%A1', 'adá', false],
    ['jira', 200, 'ada+bo', 'ada bo', false],
    ['jira', 200, 'ada', 'ada bo', false],
  ])(
    'of an answer of %s with %i and header %s, for %s',
    (product, status, userName, accountId, is) => {
      expect(isResponseForOtherUser({ product, status, userName, accountId })).toBe(is);
    },
  );
  test.each(dataCenterProducts)('of %s is asked for below its base URL', (product) => {
    expect(identityPaths[product]).toMatch(/^\/rest\/api\//u);
    expect(new Set(dataCenterFacts[product].adminSteps).size).toBe(6);
  });
});
