import { afterEach, beforeEach, expect, test } from 'vitest';
import { ACME_CLOUD_ID, addPeople, GLOBEX_CLOUD_ID } from './facts/sites.ts';
import {
  api,
  authorizeUrl,
  exchange,
  getCode,
  signIn,
  type TokenAnswer,
} from './standin-session.ts';
import { startStandin, type Standin } from './standin.ts';

let standin: Standin;
beforeEach(async () => {
  standin = await startStandin();
});
afterEach(() => standin.close());

const callback = async (changes: Record<string, string | null> = {}, choice = {}) =>
  new URL(await standin.consent(authorizeUrl(changes), choice));

test('a person signs in and the tokens work', async () => {
  const answer = await signIn(standin);
  expect(answer).toMatchObject({ expires_in: 3600, token_type: 'Bearer' });
  expect(answer.refresh_token).toMatch(/.{40,}/);
  const resources = await api(standin, answer.access_token, '/oauth/token/accessible-resources');
  const entries = (await resources.json()) as { id: string; scopes: string[] }[];
  expect(entries.map(({ id }) => id)).toEqual([
    ACME_CLOUD_ID,
    ACME_CLOUD_ID,
    GLOBEX_CLOUD_ID,
    GLOBEX_CLOUD_ID,
  ]);
  expect(entries[0]?.scopes).toEqual(['read:jira-user', 'read:jira-work', 'write:jira-work']);
  const myself = await api(
    standin,
    answer.access_token,
    `/ex/jira/${ACME_CLOUD_ID}/rest/api/3/myself`,
  );
  expect(await myself.json()).toMatchObject({ displayName: 'Ada Example' });
});

test('the state comes back as it was sent', async () => {
  const state = 'a b+c/ü=&';
  expect((await callback({ state })).searchParams.getAll('state')).toEqual([state]);
});

test('a code is about 850 characters, works once, and a second use revokes the grant', async () => {
  const code = await getCode(standin);
  expect(code.length).toBeGreaterThan(800);
  expect(code.length).toBeLessThan(900);
  const first = (await (await exchange(standin, code)).json()) as TokenAnswer;
  const second = await exchange(standin, code);
  expect(second.status).toBe(403);
  expect(await second.json()).toMatchObject({ error: 'invalid_grant' });
  expect((await api(standin, first.access_token, '/me')).status).toBe(401);
  expect(standin.auditor.codeReuses).toHaveLength(1);
});

test('a code is valid for a minute', async () => {
  const code = await getCode(standin);
  standin.clock.advance(61_000);
  expect((await exchange(standin, code)).status).toBe(403);
});

test.each([
  ['a missing verifier', { code_verifier: null }, 400, 'invalid_grant'],
  ['a wrong verifier', { code_verifier: 'w'.repeat(43) }, 400, 'invalid_grant'],
  ['another redirect_uri', { redirect_uri: 'https://evil.example/' }, 403, 'invalid_grant'],
  ['a missing secret', { client_secret: null }, 401, 'access_denied'],
  ['a wrong secret', { client_secret: 'x' }, 401, 'access_denied'],
  ['an unknown client', { client_id: 'x' }, 401, 'access_denied'],
  ['another grant type', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
])('the exchange refuses %s', async (_, changes, status, error) => {
  const response = await exchange(standin, await getCode(standin), changes);
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ error });
});

test('the wrong-secret body is the one Atlassian sends', async () => {
  const response = await exchange(standin, await getCode(standin), { client_secret: 'x' });
  const body = { error: 'access_denied', error_description: 'Unauthorized' };
  expect(await response.json()).toEqual(body);
});

test('a resource parameter is taken at authorize and refused at the exchange', async () => {
  const code = await getCode(standin, { resource: 'https://api.atlassian.com' });
  expect(await (await exchange(standin, code)).json()).toMatchObject({ error: 'invalid_target' });
});

test('without a challenge the answer depends on the switch', async () => {
  const bare = { code_challenge: null, code_challenge_method: null };
  expect((await callback(bare)).searchParams.get('error')).toBe('invalid_request');
  expect((await callback({ code_challenge_method: 'plain' })).searchParams.get('error')).toBe(
    'invalid_request',
  );
  standin.pkce = 'enforced';
  const code = await getCode(standin, bare);
  expect((await exchange(standin, code, { code_verifier: null })).status).toBe(200);
  standin.pkce = 'ignored';
  const lenient = await getCode(standin);
  expect((await exchange(standin, lenient, { code_verifier: 'x' })).status).toBe(200);
  expect(standin.auditor.pkceFailures).toHaveLength(2);
});

test.each([
  ['an unregistered redirect_uri', { redirect_uri: 'https://evil.example/' }, /not registered/],
  ['an unknown client', { client_id: 'nobody' }, /Unknown client/],
  ['a scope that is not enabled', { scope: 'read:me admin:everything' }, /admin:everything/],
  ['a missing audience', { audience: null }, /audience/],
  ['a missing prompt', { prompt: null }, /prompt/],
])('%s ends on an error page, not at the app', async (_, changes, text) => {
  await expect(standin.consent(authorizeUrl(changes))).rejects.toThrow(text);
  expect(standin.log.at(-1)).toMatchObject({
    host: 'id.atlassian.com',
    path: '/error',
    status: 200,
  });
});

test('another response type is reported to the app', async () => {
  const url = await callback({ response_type: 'token' });
  expect(url.searchParams.get('error')).toBe('unsupported_response_type');
});

test('Cancel comes back as access_denied with the state', async () => {
  const url = await callback({ state: 's1' }, { decision: 'cancel' });
  expect(url.searchParams.get('error')).toBe('access_denied');
  expect(url.searchParams.get('state')).toBe('s1');
  expect(url.searchParams.has('code')).toBe(false);
});

test('a private app is for its owner only', async () => {
  standin.apps.add({
    clientId: 'private',
    clientSecret: 's',
    callbackUrls: ['https://demo.threelo.test/callback'],
    ownerAccountId: standin.accounts.get('ada').accountId,
  });
  const url = authorizeUrl({ client_id: 'private' });
  await expect(standin.consent(url, { account: 'bo' })).rejects.toThrow(/access to this app/);
  await expect(standin.consent(url, { account: 'ada' })).resolves.toContain('code=');
});

test('the grant is limited to the sites that stay ticked', async () => {
  const answer = await signIn(standin, { sites: [GLOBEX_CLOUD_ID] });
  const response = await api(standin, answer.access_token, '/oauth/token/accessible-resources');
  const entries: unknown = await response.json();
  expect(new Set((entries as { id: string }[]).map(({ id }) => id))).toEqual(
    new Set([GLOBEX_CLOUD_ID]),
  );
  const other = await api(
    standin,
    answer.access_token,
    `/ex/jira/${ACME_CLOUD_ID}/rest/api/3/myself`,
  );
  expect(other.status).toBe(403);
});

test('sites the account does not have cannot be slipped into the form', async () => {
  const headers = { cookie: '' };
  const login = await standin.fetch('https://id.atlassian.com/login', {
    method: 'POST',
    body: new URLSearchParams({ account: 'bo' }),
    redirect: 'manual',
  });
  headers.cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const page = await (await standin.fetch(authorizeUrl(), { headers })).text();
  const [, ticket = ''] = /name="ticket" value="([^"]*)"/.exec(page) ?? [];
  const body = new URLSearchParams({ ticket, site: ACME_CLOUD_ID, decision: 'accept' });
  const accept = () =>
    standin.fetch('https://auth.atlassian.com/authorize/consent', {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
    });
  const back = new URL((await accept()).headers.get('location') ?? '');
  await exchange(standin, back.searchParams.get('code') ?? '');
  expect(standin.grants()).toMatchObject([{ cloudIds: [] }]);
  expect((await accept()).headers.get('location')).toContain('id.atlassian.com/error');
});

test('an account without sites gets an empty list', async () => {
  standin.accounts.get('ada').sites = [];
  const answer = await signIn(standin);
  const response = await api(standin, answer.access_token, '/oauth/token/accessible-resources');
  expect(await response.json()).toEqual([]);
});

test('a login is remembered, and Switch account forgets it', async () => {
  const login = await standin.fetch('https://id.atlassian.com/login', {
    method: 'POST',
    body: new URLSearchParams({ account: 'bo' }),
    redirect: 'manual',
  });
  const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const consent = await standin.fetch(authorizeUrl(), { headers: { cookie }, redirect: 'manual' });
  const page = await consent.text();
  expect(page).toContain('Bo Example');
  expect(page).toContain('Stand-in for tests, not Atlassian');
  const [, logout = ''] = /<a href="([^"]*)">Switch account/.exec(page) ?? [];
  const out = await standin.fetch(logout.replaceAll('&amp;', '&'), { redirect: 'manual' });
  expect(out.headers.getSetCookie()[0]).toContain('Max-Age=0');
  expect(out.headers.get('location')).toContain('https://id.atlassian.com/login?');
});

test('the redirect can be tampered with in every way', async () => {
  const { authorize } = standin;
  authorize.tamper = { wrongState: true, extraPath: '/cbevil', wrongIss: true };
  const tampered = await callback({ state: 's1' });
  expect(tampered.pathname).toBe('/callback/cbevil');
  expect(tampered.searchParams.get('state')).not.toBe('s1');
  expect(tampered.searchParams.get('iss')).toBe('https://evil.example');
  authorize.tamper = { duplicateState: true, dropCode: true };
  const doubled = await callback({ state: 's2' });
  expect(doubled.searchParams.getAll('state')).toEqual(['s2', 's2']);
  expect(doubled.searchParams.has('code')).toBe(false);
  authorize.tamper = { missingState: true };
  expect((await callback({ state: 's3' })).searchParams.has('state')).toBe(false);
});

test('autoConsent skips the pages', async () => {
  standin.authorize.autoConsent = 'bo';
  const response = await standin.fetch(authorizeUrl(), { redirect: 'manual' });
  const code = new URL(response.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const answer = (await (await exchange(standin, code)).json()) as TokenAnswer;
  const me = await api(standin, answer.access_token, '/me');
  expect(await me.json()).toMatchObject({ email: 'bo@threelo.test' });
});

test('a state used twice and a missing one are recorded', async () => {
  await callback({ state: 'same' });
  expect(standin.auditor.stateFaults).toEqual([]);
  await callback({ state: 'same' });
  await callback({ state: null });
  const reasons = standin.auditor.stateFaults.map(({ reason }) => reason);
  expect(reasons).toEqual(['repeated', 'missing']);
});

test('each of many people reaches a Jira site of their own', async () => {
  const [first, second] = addPeople(standin, 2);
  const answer = await signIn(standin, { account: 'person-02' });
  const response = await api(standin, answer.access_token, '/oauth/token/accessible-resources');
  const resources = (await response.json()) as { id: string; name: string }[];
  expect(resources.map(({ id, name }) => [id, name])).toEqual([[second?.sites[0], 'Site 02']]);
  const myself = (site = '') =>
    api(standin, answer.access_token, `/ex/jira/${site}/rest/api/3/myself`);
  expect((await myself(second?.sites[0])).status).toBe(200);
  expect((await myself(first?.sites[0])).status).toBe(403);
});
