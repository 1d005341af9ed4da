import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DcInstance } from './data-center/instance.ts';
import type { DcProduct } from './data-center/products.ts';
import { startStandin, type Standin } from './standin.ts';

const CALLBACK = 'https://demo.threelo.test/callback';
const VERIFIER = 'v'.repeat(43);
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
const client = { client_id: 'dc-client', client_secret: 'dc-secret-0123456789' };

let standin: Standin;
let jira: DcInstance;
beforeEach(async () => {
  standin = await startStandin();
  ({ jira } = standin.dataCenter);
  addApp(jira);
});
afterEach(() => standin.close());

type Fields = Readonly<Record<string, string | null>>;

function addApp(instance: DcInstance) {
  const { client_id: clientId, client_secret: clientSecret } = client;
  return instance.apps.add({ clientId, clientSecret, redirectUri: CALLBACK });
}

function kept(fields: Fields): URLSearchParams {
  const set = Object.entries(fields).flatMap(([name, value]) =>
    value === null ? [] : [[name, value]],
  );
  return new URLSearchParams(set);
}

function authorizeUrl({ baseUrl }: DcInstance, changes: Fields = {}): string {
  return `${baseUrl}/rest/oauth2/latest/authorize?${kept({
    client_id: client.client_id,
    redirect_uri: CALLBACK,
    response_type: 'code',
    scope: 'WRITE',
    state: 'state-1',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...changes,
  })}`;
}

const walk = async (instance: DcInstance, changes: Fields = {}, choice = {}) =>
  new URL(await standin.consent(authorizeUrl(instance, changes), choice)).searchParams;

function post(instance: DcInstance, fields: Fields, init: RequestInit = {}, end = 'token') {
  const body = kept({ ...client, redirect_uri: CALLBACK, ...fields });
  return standin.fetch(`${instance.baseUrl}/rest/oauth2/latest/${end}`, {
    method: 'POST',
    body,
    ...init,
  });
}

const exchange = (instance: DcInstance, code: string | null, changes: Fields = {}) =>
  post(instance, { grant_type: 'authorization_code', code, code_verifier: VERIFIER, ...changes });

const renew = (instance: DcInstance, refreshToken: string, changes: Fields = {}) =>
  post(instance, { grant_type: 'refresh_token', refresh_token: refreshToken, ...changes });

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

async function signIn(instance: DcInstance, changes: Fields = {}, choice = {}): Promise<Tokens> {
  const code = (await walk(instance, changes, choice)).get('code');
  return (await (await exchange(instance, code)).json()) as Tokens;
}

const call = (instance: DcInstance, path: string, token?: string, init: RequestInit = {}) =>
  standin.fetch(instance.baseUrl + path, {
    ...init,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(init.headers as object),
    },
  });

const whoAmI: Record<DcProduct, { scope: string; path: string; shows: unknown }> = {
  jira: { scope: 'WRITE', path: '/rest/api/2/myself', shows: { name: 'ada' } },
  confluence: {
    scope: 'READ',
    path: '/rest/api/user/current',
    shows: { type: 'known', username: 'ada' },
  },
  bitbucket: { scope: 'REPO_READ', path: '/rest/api/1.0/users/ada', shows: { slug: 'ada' } },
  bamboo: { scope: 'TRIGGER', path: '/rest/api/latest/currentUser', shows: { name: 'ada' } },
};

test.each(Object.entries(whoAmI))('a person signs in to %s', async (product, facts) => {
  const instance = standin.dataCenter[product as DcProduct];
  addApp(instance);
  const back = await walk(instance, { scope: facts.scope });
  expect(back.get('state')).toBe('state-1');
  const answer = await exchange(instance, back.get('code'));
  const tokens = (await answer.json()) as Tokens & { token_type: string };
  expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 3600 });
  expect(tokens).not.toHaveProperty('scope');
  const me = await call(instance, facts.path, tokens.access_token);
  expect(await me.json()).toMatchObject(facts.shows as object);
  expect(me.headers.get('x-ausername')).toBe('ada');
  expect((await post(instance, { token: tokens.access_token }, {}, 'revoke')).status).toBe(200);
  expect((await renew(instance, tokens.refresh_token)).status).toBe(400);
  expect(standin.auditor.crossings).toEqual([]);
  expect(standin.auditor.strayBearers).toEqual([]);
});

test('over plain http the same, and only there', async () => {
  const { intranet } = standin.dataCenter;
  addApp(intranet);
  const { access_token: token } = await signIn(intranet);
  expect((await call(intranet, '/rest/api/2/myself', token)).status).toBe(200);
  await expect(standin.fetch('http://dc.example.test/jira/')).rejects.toThrow(TypeError);
  expect((await standin.fetch('https://intranet.example.test/jira/')).status).toBe(404);
  intranet.quirks.allowsHttpBaseUrl = false;
  expect((await renew(intranet, 'x')).status).toBe(500);
});

test('a wrong client or redirect address stops at a page', async () => {
  for (const changes of [{ client_id: 'x' }, { redirect_uri: `${CALLBACK}/` }]) {
    await expect(walk(jira, changes)).rejects.toThrow(/Stopped at .*Something is wrong/);
  }
});

test.each([
  [{ scope: 'read:jira-work' }, 'invalid_scope'],
  [{ scope: 'offline_access WRITE' }, 'invalid_scope'],
  [{ response_type: 'token' }, 'unsupported_response_type'],
  [{ code_challenge_method: 'sha256' }, 'invalid_request'],
])('%j is refused by redirect', async (changes, error) => {
  const back = await walk(jira, changes);
  expect([back.get('error'), back.get('state')]).toEqual([error, 'state-1']);
});

test('a denial', async () => {
  expect((await walk(jira, {}, { decision: 'cancel' })).get('error')).toBe('access_denied');
});

test('a product that knows the documented spelling alone', async () => {
  jira.quirks.challengeMethodName = 'sha256';
  expect((await walk(jira)).get('error')).toBe('invalid_request');
  await signIn(jira, { code_challenge_method: 'sha256' });
  const back = await walk(jira, { code_challenge_method: 'sha256' });
  const wrong = await exchange(jira, back.get('code'), { code_verifier: 'w'.repeat(43) });
  expect(await wrong.json()).toMatchObject({ error: 'invalid_grant' });
  expect(standin.auditor.pkceFailures).toHaveLength(2);
});

test('no method means plain', async () => {
  const back = await walk(jira, { code_challenge: VERIFIER, code_challenge_method: null });
  expect((await exchange(jira, back.get('code'))).status).toBe(200);
});

test('a code is valid for ten seconds, works once, and its replay ends the tokens', async () => {
  const late = (await walk(jira)).get('code');
  standin.clock.advance(10_001);
  expect((await exchange(jira, late)).status).toBe(400);
  const code = (await walk(jira)).get('code');
  const tokens = (await (await exchange(jira, code)).json()) as Tokens;
  expect((await exchange(jira, code)).status).toBe(400);
  expect((await call(jira, '/rest/api/2/myself', tokens.access_token)).status).toBe(401);
  expect((await renew(jira, tokens.refresh_token)).status).toBe(400);
  expect(standin.auditor.codeReuses).toHaveLength(1);
});

test('a refresh needs redirect_uri, and ends the old pair at once', async () => {
  const old = await signIn(jira);
  const bare = await renew(jira, old.refresh_token, { redirect_uri: null });
  expect([bare.status, await bare.json()]).toEqual([400, { error: 'invalid_grant' }]);
  const fresh = (await (await renew(jira, old.refresh_token)).json()) as Tokens;
  expect((await call(jira, '/rest/api/2/myself', old.access_token)).status).toBe(401);
  expect((await call(jira, '/rest/api/2/myself', fresh.access_token)).status).toBe(200);
  expect((await renew(jira, old.refresh_token)).status).toBe(400);
  expect(standin.auditor.deadRefreshes).toHaveLength(1);
});

test('a JSON body is an internal error', async () => {
  const headers = { 'content-type': 'application/json' };
  const answer = await post(jira, {}, { headers, body: JSON.stringify(client) });
  expect(answer.status).toBe(500);
  expect(answer.headers.get('content-type')).toContain('text/html');
});

test('client authentication: post, basic, none', async () => {
  const basic = `Basic ${Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64')}`;
  const useBasic = { headers: { authorization: basic } };
  const bare = { client_id: null, client_secret: null };
  const statuses = async () => {
    const fields = { grant_type: 'refresh_token', refresh_token: 'x' };
    const answers = [
      await post(jira, fields),
      await post(jira, { ...fields, ...bare }, useBasic),
      await post(jira, { ...fields, client_secret: null }),
      await post(jira, { ...fields, client_secret: 'wrong' }),
    ];
    const errors = await Promise.all(answers.map((answer) => answer.json()));
    return errors.map((body) => (body as { error: string }).error);
  };
  const [good, bad] = ['invalid_grant', 'invalid_client'];
  expect(await statuses()).toEqual([good, good, bad, bad]);
  jira.quirks.clientAuthentication = 'basic';
  expect(await statuses()).toEqual([bad, good, bad, bad]);
  jira.quirks.clientAuthentication = 'post';
  expect(await statuses()).toEqual([good, bad, bad, bad]);
  jira.quirks.validatesSecret = false;
  expect((await statuses())[2]).toBe(good);
});

test('an invalid token is anonymous: public content with 200, the rest with 401', async () => {
  const search = await call(jira, '/rest/api/2/search', 'nonsense');
  expect([search.status, search.headers.get('x-ausername')]).toEqual([200, 'anonymous']);
  expect(await search.json()).toMatchObject({ total: 1 });
  expect((await call(jira, '/rest/api/2/myself', 'nonsense')).status).toBe(401);
  const { confluence, bitbucket } = standin.dataCenter;
  const current = await call(confluence, '/rest/api/user/current', 'nonsense');
  expect([current.status, await current.json()]).toMatchObject([200, { type: 'anonymous' }]);
  const repos = await call(bitbucket, '/rest/api/1.0/repos', 'nonsense');
  expect([repos.status, repos.headers.get('x-ausername')]).toEqual([200, null]);
  jira.quirks.showsAnonymous = false;
  expect((await call(jira, '/rest/api/2/search', 'nonsense')).status).toBe(401);
});

test('the word Bearer is case-sensitive, and an expired token is anonymous', async () => {
  const { accessToken } = jira.grant({ clientId: client.client_id, scopes: ['READ'] });
  const me = (authorization: string) =>
    call(jira, '/rest/api/2/myself', undefined, { headers: { authorization } });
  expect((await me(`bearer ${accessToken}`)).status).toBe(401);
  expect((await me(`Bearer ${accessToken}`)).status).toBe(200);
  jira.expireAccessTokens();
  expect((await me(`Bearer ${accessToken}`)).status).toBe(401);
});

const create = (token: string, headers: Record<string, string> = {}) =>
  call(jira, '/rest/api/2/issue', token, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{"fields":{}}',
  });

test('the scope, and then the person, decide who may write', async () => {
  const clientId = client.client_id;
  const reader = jira.grant({ clientId, scopes: ['READ'] }).accessToken;
  const refused = await create(reader);
  const message = 'Request does not have write scope. Cannot complete POST request.';
  expect([refused.status, await refused.json()]).toEqual([403, { message }]);
  const bo = jira.grant({ clientId, scopes: ['SYSTEM_ADMIN'], account: 'bo' }).accessToken;
  expect((await create(bo)).status).toBe(403);
  const writer = jira.grant({ clientId, scopes: ['WRITE'] }).accessToken;
  expect((await create(writer)).status).toBe(201);
  expect((await call(jira, '/rest/api/2/configuration', writer)).status).toBe(403);
  expect(jira.written).toEqual([
    { by: 'ada', path: '/jira/rest/api/2/issue', body: '{"fields":{}}' },
  ]);
});

test('the XSRF filter looks at User-Agent, Origin and the kind of body', async () => {
  const { accessToken } = jira.grant({ clientId: client.client_id, scopes: ['WRITE'] });
  const agent = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' };
  const outcomes = [
    {},
    agent,
    { ...agent, origin: 'moz-extension://abc' },
    { ...agent, origin: 'moz-extension://abc', 'x-atlassian-token': 'no-check' },
    { ...agent, origin: 'chrome-extension://abc' },
    { ...agent, origin: 'https://dc.example.test' },
    { 'user-agent': 'Threelo', origin: 'moz-extension://abc' },
    { 'content-type': 'text/plain' },
    { 'content-type': 'text/plain', 'x-atlassian-token': 'no-check' },
  ].map(async (headers) => (await create(accessToken, headers)).status);
  const [pass, fail] = [201, 403];
  expect(await Promise.all(outcomes)).toEqual([
    pass,
    fail,
    fail,
    fail,
    pass,
    pass,
    pass,
    fail,
    pass,
  ]);
});

test('too old, or below another path: 404', async () => {
  jira.quirks.isTooOld = true;
  expect((await renew(jira, 'x')).status).toBe(404);
  expect((await standin.fetch('https://dc.example.test/rest/oauth2/latest/authorize')).status).toBe(
    404,
  );
  expect((await standin.fetch('https://dc.example.test/jiraffe/')).status).toBe(404);
});

test('a token of one product is anonymous at another, and recorded', async () => {
  const { accessToken } = jira.grant({ clientId: client.client_id, scopes: ['READ'] });
  const { bamboo } = standin.dataCenter;
  expect((await call(bamboo, '/rest/api/latest/currentUser', accessToken)).status).toBe(401);
  await standin.fetch('https://api.atlassian.com/me', {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  expect(standin.auditor.crossings).toMatchObject([
    { issuer: jira.baseUrl, seenAt: bamboo.baseUrl, kind: 'access' },
    { issuer: jira.baseUrl, seenAt: 'cloud', kind: 'access' },
  ]);
});

test('a user who is renamed keeps the key, the token and the rights', async () => {
  const { jira } = standin.dataCenter;
  const { clientId } = addApp(jira);
  const { accessToken } = jira.grant({ clientId, scopes: ['WRITE'] });
  const before = (await (await call(jira, '/rest/api/2/myself', accessToken)).json()) as object;
  jira.rename('ada', 'ada.married');
  const me = await call(jira, '/rest/api/2/myself', accessToken);
  expect(await me.json()).toEqual({ ...before, name: 'ada.married' });
  expect(me.headers.get('x-ausername')).toBe('ada.married');
  expect(jira.writers).toContain('ada.married');
});
