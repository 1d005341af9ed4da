import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startStandin, type Standin } from './standin.ts';

const CALLBACK = 'https://demo.threelo.test/callback';
const VERIFIER = 'v'.repeat(43);
const CLIENT = { clientId: 'web', clientSecret: 'web-secret', redirectUris: [CALLBACK] };
const OPEN = {
  google: 'https://accounts.google.com/o/oauth2/v2/auth',
  microsoft: 'https://login.microsoftonline.com/common/oauth2/v2.0/authorize',
};
const TOKEN = {
  google: 'https://oauth2.googleapis.com/token',
  microsoft: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
};
type Name = keyof typeof OPEN;

let standin: Standin;
beforeEach(async () => {
  standin = await startStandin();
  standin.google.clients.add(CLIENT);
  standin.microsoft.clients.add(CLIENT);
});
afterEach(() => standin.close());

async function walk(name: Name, more: Record<string, string> = {}, choice = {}) {
  const query = new URLSearchParams({
    client_id: 'web',
    redirect_uri: CALLBACK,
    response_type: 'code',
    scope: 'openid email offline_access',
    state: 's',
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  });
  return new URL(await standin.consent(`${OPEN[name]}?${query}`, choice)).searchParams;
}

async function post(
  name: Name,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
) {
  const body = new URLSearchParams({ client_id: 'web', client_secret: 'web-secret', ...fields });
  const answer = await standin.fetch(TOKEN[name], { method: 'POST', body, headers });
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
}

const codeFields = (code: string | null) => ({
  grant_type: 'authorization_code',
  redirect_uri: CALLBACK,
  code_verifier: VERIFIER,
  code: code ?? '',
});

const signIn = async (name: Name, more: Record<string, string> = {}) =>
  (await post(name, codeFields((await walk(name, more)).get('code')))).body;

const call = (url: string, token = '') =>
  standin.fetch(url, { headers: { authorization: `Bearer ${token}` } });

const offline = { access_type: 'offline', scope: 'openid email' };

test('Google: a refresh token comes with the first offline consent, or with prompt=consent', async () => {
  const first = await signIn('google', offline);
  expect(first).toHaveProperty('refresh_token');
  expect(await signIn('google', offline)).not.toHaveProperty('refresh_token');
  const again = await signIn('google', { ...offline, prompt: 'select_account consent' });
  expect(again).toHaveProperty('refresh_token');
  standin.google.forgetConsents();
  expect(await signIn('google', { scope: 'email' })).not.toHaveProperty('refresh_token');
});

test('Google: no rotation; revocation ends both tokens', async () => {
  const tokens = await signIn('google', offline);
  const fields = { grant_type: 'refresh_token', refresh_token: tokens['refresh_token'] ?? '' };
  const fresh = await post('google', fields);
  expect(fresh.body).not.toHaveProperty('refresh_token');
  const userinfo = 'https://openidconnect.googleapis.com/v1/userinfo';
  expect(await (await call(userinfo, fresh.body['access_token'])).json()).toMatchObject({
    email: 'ada@threelo.test',
  });
  const body = new URLSearchParams({ token: fields.refresh_token });
  const revoked = await standin.fetch('https://oauth2.googleapis.com/revoke', {
    method: 'POST',
    body,
  });
  expect(revoked.status).toBe(200);
  expect((await call(userinfo, fresh.body['access_token'])).status).toBe(401);
  expect((await post('google', fields)).body).toMatchObject({ error: 'invalid_grant' });
});

test('Microsoft: a refresh needs scope and redirect_uri, rotates, and leaves the old one alive', async () => {
  const tokens = await signIn('microsoft');
  const old = { grant_type: 'refresh_token', refresh_token: tokens['refresh_token'] ?? '' };
  const whole = { ...old, redirect_uri: CALLBACK, scope: 'openid offline_access' };
  expect((await post('microsoft', old)).body['error_description']).toContain("'redirect_uri'");
  expect((await post('microsoft', { ...old, redirect_uri: CALLBACK })).body).toMatchObject({
    error: 'invalid_request',
    error_codes: [900144],
  });
  const fresh = await post('microsoft', whole);
  expect(fresh.body['refresh_token']).not.toBe(old.refresh_token);
  expect((await post('microsoft', whole)).status).toBe(200);
  const me = await call('https://graph.microsoft.com/v1.0/me', fresh.body['access_token']);
  expect(await me.json()).toMatchObject({ displayName: 'Ada Example' });
  expect((await post('microsoft', { ...whole, scope: 'openid' })).body).not.toHaveProperty(
    'refresh_token',
  );
  standin.microsoft.revokeAll();
  expect((await post('microsoft', whole)).body).toMatchObject({ error: 'invalid_grant' });
});

test('Microsoft: no offline_access, no refresh token', async () => {
  expect(await signIn('microsoft', { scope: 'openid' })).not.toHaveProperty('refresh_token');
});

test('Microsoft: an Origin at the token endpoint is refused for a web client', async () => {
  const fields = codeFields((await walk('microsoft')).get('code'));
  const refused = await post('microsoft', fields, { origin: 'chrome-extension://abc' });
  expect(refused).toMatchObject({
    status: 400,
    body: { error: 'invalid_request', error_codes: [9002326] },
  });
  expect(refused.body['error_description']).toMatch(
    /^AADSTS9002326: Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type\./,
  );
  expect((await post('microsoft', fields)).status).toBe(200);
});

test.each(['google', 'microsoft'] as const)(
  '%s: denial, wrong secret, wrong verifier, code reuse',
  async (name) => {
    expect((await walk(name, {}, { decision: 'cancel' })).get('error')).toBe('access_denied');
    await expect(walk(name, { redirect_uri: `${CALLBACK}/x` })).rejects.toThrow(
      /redirect_uri_mismatch/,
    );
    const fields = codeFields((await walk(name)).get('code'));
    const wrong = await post(name, { ...fields, client_secret: 'x' });
    expect([wrong.status, wrong.body['error']]).toEqual([401, 'invalid_client']);
    expect((await post(name, fields)).status).toBe(200);
    expect((await post(name, fields)).body['error']).toBe('invalid_grant');
    const other = codeFields((await walk(name)).get('code'));
    const unverified = await post(name, { ...other, code_verifier: 'w'.repeat(43) });
    expect(unverified.body['error']).toBe('invalid_grant');
  },
);
