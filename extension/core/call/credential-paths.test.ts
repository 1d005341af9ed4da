import { describe, expect, test } from 'vitest';
import { faultOf } from '../../../test/support/faults.ts';
import type { SessionId } from '../session/session.ts';
import type { CloudId, Product } from '../session/site.ts';
import type { ReachableSite } from '../address/reachable-site.ts';
import { planCall } from './call-plan.ts';
import { credentialPaths } from './credential-paths.ts';
import type { HttpMethod } from './http-method.ts';

const site = (product: Product, url: string, more: Partial<ReachableSite> = {}): ReachableSite => ({
  cloudId: 'digest-1' as CloudId,
  product,
  url,
  name: 'a site',
  sessionId: 'session-1' as SessionId,
  ...more,
});
const gateway = 'https://api.atlassian.com';
const cloudJira = site('jira', 'https://acme.atlassian.net', { gateway });
const cloudWiki = site('confluence', 'https://acme.atlassian.net', { gateway });
const jira = site('jira', 'https://dc.example.test/jira');
const notes = site('generic', 'https://notes.example.test', {
  protocolEndpoints: [
    'https://notes.example.test/login/oauth2/authorize',
    'https://notes.example.test/login/oauth2/token',
    'https://id.example.test/revoke',
  ],
});
const plain = site('generic', 'https://crm.example.test', {
  protocolEndpoints: ['https://crm.example.test/token'],
});

const isRefused = (to: ReachableSite, method: HttpMethod, input: string): boolean => {
  const call = { method, input, headers: [] };
  const permissions = { sites: [to], access: 'write', chosen: {} } as const;
  try {
    planCall(call, permissions);
    return false;
  } catch {
    const fault = faultOf(() => planCall(call, permissions));
    expect(fault, input).toMatchObject({ code: 'not_allowed', subject: 'path' });
    return true;
  }
};

const methods: readonly HttpMethod[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const refusedMethods = (to: ReachableSite, input: string): HttpMethod[] =>
  methods.filter((method) => isRefused(to, method, input));
const writes = ['POST', 'PUT', 'PATCH', 'DELETE'];

describe('every row of the table', () => {
  const dataCenter: Readonly<Record<keyof typeof credentialPaths, ReachableSite>> = {
    'every product': jira,
    jira,
    'jira-data-center': jira,
    confluence: site('confluence', 'https://dc.example.test/confluence'),
    bitbucket: site('bitbucket', 'https://git.example.test'),
    bamboo: site('bamboo', 'https://ci.example.test'),
    generic: notes,
  };
  const samples = (Object.keys(dataCenter) as (keyof typeof credentialPaths)[]).flatMap((group) =>
    credentialPaths[group].flatMap((row) => {
      const [named = '', pattern = ''] = row.split(' ');
      const braces = /\{([^}]*)\}/u.exec(pattern)?.[1]?.split(',') ?? [''];
      const expected = { any: methods, write: writes }[named] ?? named.split(',');
      return braces.map((name) => {
        const path = pattern
          .replace(/\{[^}]*\}/u, name)
          .replaceAll('/**', '/a/b')
          .replaceAll('*', 'x');
        return [group, path, expected] as const;
      });
    }),
  );
  test.each(samples)('%s: %s refuses %s', (group, path, expected) => {
    // Outside `/rest/`, Data Center products and cloud sites refuse it already.
    const isOutside = !path.startsWith('/rest/');
    expect(refusedMethods(isOutside ? notes : dataCenter[group], path)).toEqual(expected);
    expect(refusedMethods(notes, `/tools/jira${path}`)).toEqual(expected);
  });
});

describe('one path in every notation', () => {
  const tokens = [
    '/rest/pat/latest/tokens',
    '/rest/pat/1.0/tokens',
    '/rest/pat/1/tokens',
    '/rest/pat/latest/tokens/',
    '/rest/pat/latest/tokens/42',
    '/rest/pat/latest/tokens.json',
    '/rest/pat',
    '/rest/pat/',
    '/rest/pat/latest/tokens/%E2%80%A8',
    '/rest/%70at/latest/tokens',
    '/rest/p%61t/latest/tokens',
    '/rest/%2570at/latest/tokens',
    '/rest/%252570at/latest/tokens',
    '/rest/PAT/latest/tokens',
    '/rest/\uFF50\uFF41\uFF54/latest/tokens',
    '/rest/%EF%BD%90at/latest/tokens',
    '/rest/pat;x/latest/tokens',
    '/rest/pat;v=1/latest/tokens',
    '/rest/pat%3Bx/latest/tokens',
    '/rest/;x/pat/latest/tokens',
    '/rest/%3Bx/pat/latest/tokens',
    '/rest/%20/pat/latest/tokens',
    '/rest/%20pat%20/latest/tokens',
    '/rest/pat%3Fx/latest/tokens',
    '/rest/pat%23/latest/tokens',
  ];
  test.each(tokens)('%s', (path) => {
    expect(refusedMethods(jira, path)).toEqual(writes);
    expect(refusedMethods(cloudJira, path)).toEqual(writes);
  });
  test.each([
    '/rest/api/3/webhook',
    '/rest/api/latest/webhook/refresh',
    '/rest/api/2/webhook.json',
    '/rest/api/3;x/webhook%20',
    '/rest/api/3/webhook%3Fx',
    '/rest/api/3/webhook;a=b/',
  ])('%s', (path) => {
    expect(refusedMethods(cloudJira, path)).toEqual(['POST', 'PUT']);
  });
  test.each([
    ['/wiki/plugins/servlet/oauth/access-token', methods],
    ['/wiki/rest/pat/latest/tokens', writes],
    ['/wiki/rest/oauth2/latest/token', methods],
    ['/wiki/api/v2/admin-key', writes],
    ['/wiki/rest/webhooks/1.0/webhook', methods],
  ])('%s', (path, expected) => {
    expect(refusedMethods(cloudWiki, path)).toEqual(expected);
  });
});

test('a context path does not hide a path, and neither does another product or API', () => {
  const bare = site('jira', 'https://dc.example.test');
  const call = { method: 'POST', input: '/jira/rest/pat/latest/tokens', headers: [] };
  const permissions = { sites: [bare], access: 'write', chosen: {} } as const;
  expect(faultOf(() => planCall(call, permissions)).code).toBe('invalid_request');
  for (const [api, path] of [
    [site('generic', 'https://dc.example.test'), '/jira/rest/pat/latest/tokens'],
    [site('generic', 'https://dc.example.test/jira'), '/rest/pat/latest/tokens'],
    [site('generic', 'https://dc.example.test/jira/rest'), '/pat/latest/tokens'],
    [site('generic', 'https://dc.example.test/jira/rest/pat'), '/latest/tokens'],
    [site('bamboo', 'https://dc.example.test/jira'), '/rest/pat/latest/tokens'],
    [site('jira', 'https://git.example.test'), '/rest/access-tokens/latest/users/ada'],
  ] as const)
    expect(isRefused(api, 'PUT', path), `${api.url} ${path}`).toBe(true);
});

test.each<[ReachableSite, HttpMethod, string]>([
  [cloudJira, 'GET', '/rest/api/3/webhook'],
  [cloudJira, 'DELETE', '/rest/api/3/webhook'],
  [cloudJira, 'POST', '/rest/api/3/user'],
  [cloudJira, 'POST', '/rest/api/3/issue'],
  [cloudJira, 'POST', '/rest/api/3/search/jql'],
  [cloudJira, 'PUT', '/rest/api/3/issue/PAT-1/properties/webhook'],
  [cloudWiki, 'PUT', '/wiki/rest/api/content/9/property/rest'],
  [jira, 'GET', '/rest/pat/latest/tokens'],
  [jira, 'GET', '/rest/auth/1/session'],
  [jira, 'GET', '/rest/api/2/user?username=ada'],
  [jira, 'POST', '/rest/patterns/1.0/pat'],
  [site('bitbucket', 'https://git.example.test'), 'GET', '/rest/ssh/1.0/keys'],
  [
    site('bitbucket', 'https://git.example.test'),
    'PUT',
    '/rest/api/1.0/projects/P/repos/r/browse/rest/plugins/a.js',
  ],
  [notes, 'GET', '/login/oauth2/userinfo'],
  [notes, 'POST', '/notes/token'],
  [notes, 'POST', '/revoke'],
  [plain, 'POST', '/clients'],
  [plain, 'GET', '/tokens'],
  [plain, 'POST', '/contacts/register'],
])('%o may send %s %s', (to, method, path) => {
  expect(isRefused(to, method, path)).toBe(false);
});

test.each<[ReachableSite, string]>([
  [notes, '/login/oauth2/token'],
  [notes, '/login/oauth2/token?grant_type=client_credentials'],
  [notes, '/login/oauth2/token/'],
  [notes, '/login/oauth2/token/revocation'],
  [notes, '/login/oauth2/TOKEN'],
  [notes, '/login/oauth2/%74oken'],
  [notes, '/login/oauth2/%2574oken'],
  [notes, '/login/oauth2/token;x'],
  [notes, '/login/oauth2;x/token'],
  [notes, '/login/oauth2/authorize'],
  [notes, '/login/oauth2/register'],
  [notes, '/login/oauth2/register/client-1'],
  [notes, '/login/oauth2/v1/clients'],
  [plain, '/token'],
  [plain, '/register'],
  [plain, '/reg/client-1'],
  [plain, '/revoke'],
  [plain, '/introspect'],
  [site('generic', 'http://crm.example.test:8080', plain), '/token'],
])('an endpoint of the provider is refused for every method: %o %s', (to, path) => {
  expect(refusedMethods(to, path)).toEqual(methods);
});

test('an endpoint below the base URL of an API is refused', () => {
  const api = site('generic', 'https://acme.example.test/login', {
    protocolEndpoints: ['https://acme.example.test/login/a/get%54oken'],
  });
  expect(refusedMethods(api, '/a/gettoken')).toEqual(methods);
  expect(refusedMethods(api, '/a/others')).toEqual([]);
});

test('the message says why, and a read connection is not advised to request write access', () => {
  const call = { method: 'POST', input: '/rest/pat/latest/tokens', headers: [] };
  const { message } = faultOf(() => planCall(call, { sites: [jira], access: 'read', chosen: {} }));
  expect(message).toMatch(/makes or exchanges credentials/u);
  expect(message).not.toMatch(/requestAccess/u);
});

describe('a provider whose endpoint is /api/signin', () => {
  const api = site('generic', 'https://acme.example.test', {
    protocolEndpoints: ['https://acme.example.test/api/signin'],
  });
  test.each([
    'authorize',
    'authorization',
    'token',
    'access_token',
    'request_token',
    'par',
    'device_authorization',
    'bc-authorize',
    'revoke',
    'introspect',
    'register',
    'logout',
  ])('refuses %s beside it', (name) => {
    expect(refusedMethods(api, `/api/${name}`)).toEqual(methods);
  });
  test('refuses what is below it, in any encoding, and nothing else', () => {
    expect(refusedMethods(api, '/api/signin/more')).toEqual(methods);
    expect(refusedMethods(api, '/api/%73ignin')).toEqual(methods);
    expect(refusedMethods(api, '/api/signins')).toEqual([]);
    expect(refusedMethods(api, '/more/api/signin')).toEqual([]);
  });
});

test.each(['oauth', 'oauth2', 'oidc', 'openid-connect', 'connect'])(
  'below /%s/ only the resources of the protocol may be called',
  (directory) => {
    const api = site('generic', 'https://acme.example.test', {
      protocolEndpoints: [`https://acme.example.test/${directory}/begin`],
    });
    expect(refusedMethods(api, `/${directory}/anything`)).toEqual(methods);
    for (const resource of ['userinfo', 'certs', 'jwks', 'keys'])
      expect(refusedMethods(api, `/${directory}/${resource}`)).toEqual([]);
  },
);
