import { describe, expect, test } from 'vitest';
import { discoveredServer } from '#core/protocol/discovered-server.ts';
import { discover } from './metadata-request.ts';

const { signal } = new AbortController();
const issuer = 'https://as.example.com';
const oidc = `${issuer}/.well-known/openid-configuration`;
const oauth2 = `${issuer}/.well-known/oauth-authorization-server`;
const document = {
  issuer,
  authorization_endpoint: `${issuer}/auth`,
  token_endpoint: `${issuer}/token`,
};
const server = {
  issuer,
  authorizationEndpoint: `${issuer}/auth`,
  tokenEndpoint: `${issuer}/token`,
  pkceMethods: undefined,
  clientAuthenticationMethods: ['basic'],
  scopes: [],
  isIssuerInResponses: false,
};

interface Discovery {
  readonly found: ReturnType<typeof discoveredServer>;
  readonly urls: readonly string[];
  readonly inits: readonly RequestInit[];
}
async function discovered(
  responses: Readonly<Record<string, () => Response>>,
  typed = issuer,
  isHttpAllowed = false,
): Promise<Discovery> {
  const urls: string[] = [];
  const inits: RequestInit[] = [];
  const result = await discover(typed, {
    signal,
    isHttpAllowed,
    fetch: (url, init) => {
      urls.push(url);
      inits.push(init);
      const response = responses[url] ?? (() => new Response('Not found', { status: 404 }));
      return Promise.resolve().then(response);
    },
  });
  const found = 'problem' in result ? result : discoveredServer(result.metadata, isHttpAllowed);
  return { found, urls, inits };
}
const json = (body: unknown) => () => Response.json(body);

describe('discovery', () => {
  test('sends one request, without cookies, and follows no redirect', async () => {
    const { found, urls, inits } = await discovered({ [oidc]: json(document) });
    expect(found).toEqual({ server });
    expect(urls).toEqual([oidc]);
    expect(inits[0]).toMatchObject({
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
      signal,
    });
  });
  test('reads all metadata that a configuration can contain', async () => {
    const { found } = await discovered({
      [oidc]: json({
        ...document,
        revocation_endpoint: `${issuer}/revoke`,
        userinfo_endpoint: `${issuer}/me`,
        code_challenge_methods_supported: ['plain', 'S256'],
        token_endpoint_auth_methods_supported: [
          'none',
          'private_key_jwt',
          'client_secret_post',
          'constructor',
        ],
        scopes_supported: ['openid', 'offline_access', 'openid', 5],
        authorization_response_iss_parameter_supported: true,
        response_types_supported: ['code', 'code id_token'],
        grant_types_supported: ['authorization_code', 'refresh_token'],
      }),
    });
    expect(found).toEqual({
      server: {
        ...server,
        revocationEndpoint: `${issuer}/revoke`,
        userinfoEndpoint: `${issuer}/me`,
        pkceMethods: ['plain', 'S256'],
        clientAuthenticationMethods: ['none', 'post'],
        scopes: ['openid', 'offline_access'],
        isIssuerInResponses: true,
      },
    });
  });
  test.each([
    ['404', () => new Response('', { status: 404 })],
    ['a redirect', () => new Response(null, { status: 302, headers: { location: '/' } })],
    ['a web page', () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
  ])('requests the other well-known URL after %s', async (_, first) => {
    const { found, urls } = await discovered({ [oidc]: first, [oauth2]: json(document) });
    expect(found).toEqual({ server });
    expect(urls).toEqual([oidc, oauth2]);
  });
  test('places the path of an issuer as each of the two well-known URLs does', async () => {
    const typed = 'https://as.example.com/tenant/a';
    const { found, urls } = await discovered({}, typed);
    expect(found).toEqual({ problem: 'not_found' });
    expect(urls).toEqual([
      'https://as.example.com/tenant/a/.well-known/openid-configuration',
      'https://as.example.com/.well-known/oauth-authorization-server/tenant/a',
    ]);
  });
  test.each([
    [` ${issuer}\n`, issuer],
    [`${issuer}/`, issuer],
    [oidc, issuer],
    [oauth2, issuer],
    [`${issuer}/a/.well-known/openid-configuration`, `${issuer}/a`],
    [`${issuer}/.well-known/oauth-authorization-server/a`, `${issuer}/a`],
  ])('reads the issuer from %j', async (typed, found) => {
    const { urls } = await discovered({}, typed);
    expect(urls[0]).toBe(`${found}/.well-known/openid-configuration`);
  });
  test("returns the server's issuer unchanged", async () => {
    const spelled = { ...document, issuer: `${issuer}/` };
    expect((await discovered({ [oidc]: json(spelled) })).found).toEqual({
      server: { ...server, issuer: `${issuer}/` },
    });
  });
  test('allows plain http only if the person allowed it', async () => {
    const local = 'http://localhost:3000';
    const body = {
      issuer: local,
      authorization_endpoint: `${local}/a`,
      token_endpoint: `${local}/t`,
    };
    const responses = { [`${local}/.well-known/openid-configuration`]: json(body) };
    expect((await discovered(responses, local, true)).found).toMatchObject({
      server: { issuer: local },
    });
    const refused = await discovered(responses, local);
    expect(refused).toMatchObject({ found: { problem: 'issuer_not_https' }, urls: [] });
  });
});

test.each([
  '',
  'as.example.com',
  'ftp://as.example.com',
  `${issuer}?tenant=a`,
  `${issuer}#a`,
  'https://me:pw@as.example.com',
  'https://me@as.example.com',
  'https://:pw@as.example.com',
  'https://as.example.com./',
  'see https://as.example.com',
  'https://[as.example.com',
])('%j is not an issuer, and no request is sent', async (typed) => {
  expect(await discovered({}, typed)).toMatchObject({
    found: { problem: 'issuer_invalid' },
    urls: [],
  });
});

const fails = (): Response => {
  throw new TypeError('Failed to fetch');
};
test.each<[string, () => Response, string, number]>([
  ['no network', fails, 'unreachable', 1],
  ['a fault of the server', () => new Response('', { status: 503 }), 'unreachable', 1],
  ['an internal error', () => new Response('', { status: 500 }), 'unreachable', 1],
  ['too many requests', () => new Response('', { status: 429 }), 'unreachable', 1],
  ['no issuer in it', json({ ...document, issuer: undefined }), 'answer_invalid', 2],
  ['an issuer that is no URL', json({ ...document, issuer: 'x' }), 'answer_invalid', 2],
  ['an issuer that is no text', json({ ...document, issuer: 5 }), 'answer_invalid', 2],
  ['null', json(null), 'answer_invalid', 2],
  ['a list', json([document]), 'answer_invalid', 2],
  ['text', json('x'), 'answer_invalid', 2],
  [
    'broken JSON',
    () => new Response('{', { headers: { 'content-type': 'application/json' } }),
    'answer_invalid',
    2,
  ],
  ['endless JSON', json({ ...document, more: 'x'.repeat(300_000) }), 'answer_invalid', 2],
  [
    'another issuer',
    json({ ...document, issuer: 'https://evil.example.com' }),
    'issuer_mismatch',
    1,
  ],
  ['an issuer with a path', json({ ...document, issuer: `${issuer}/a` }), 'issuer_mismatch', 1],
  ['no token endpoint', json({ ...document, token_endpoint: undefined }), 'endpoint_missing', 1],
  [
    'an http endpoint',
    json({ ...document, token_endpoint: 'http://as.example.com/t' }),
    'endpoint_invalid',
    1,
  ],
  [
    'a relative endpoint',
    json({ ...document, authorization_endpoint: '/auth' }),
    'endpoint_invalid',
    1,
  ],
  [
    'an endpoint whose host ends with a dot',
    json({ ...document, token_endpoint: 'https://as.example.com./t' }),
    'endpoint_invalid',
    1,
  ],
  [
    'an endpoint with a user',
    json({ ...document, token_endpoint: 'https://me@as.example.com/t' }),
    'endpoint_invalid',
    1,
  ],
  [
    'an endpoint with a password',
    json({ ...document, token_endpoint: 'https://:pw@as.example.com/t' }),
    'endpoint_invalid',
    1,
  ],
  [
    'no authorization endpoint',
    json({ ...document, authorization_endpoint: undefined }),
    'endpoint_missing',
    1,
  ],
  [
    'an endpoint with a fragment',
    json({ ...document, token_endpoint: `${issuer}/t#x` }),
    'endpoint_invalid',
    1,
  ],
  ['an endpoint that is no text', json({ ...document, token_endpoint: 5 }), 'endpoint_invalid', 1],
  [
    'no code grant',
    json({ ...document, grant_types_supported: ['implicit'] }),
    'code_unsupported',
    1,
  ],
  [
    'no code response',
    json({ ...document, response_types_supported: ['token'] }),
    'code_unsupported',
    1,
  ],
])('%s is reported', async (_, response, problem, requests) => {
  const { found, urls } = await discovered({ [oidc]: response });
  expect(found).toEqual({ problem });
  expect(urls).toHaveLength(requests);
});

test('an invalid optional endpoint is left out', async () => {
  const { found } = await discovered({
    [oidc]: json({ ...document, revocation_endpoint: 'http://as.example.com/r' }),
  });
  expect(found).toEqual({ server });
});
