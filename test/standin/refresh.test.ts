import { afterEach, beforeEach, expect, test } from 'vitest';
import { ACME_CLOUD_ID, GLOBEX_CLOUD_ID } from './facts/sites.ts';
import {
  api,
  exchange,
  getCode,
  postToken,
  refresh,
  signIn,
  type TokenAnswer,
} from './standin-session.ts';
import { startStandin, type Standin } from './standin.ts';
import { DEMO_APP } from './state/apps.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const REVOKED = { error: 'unauthorized_client', error_description: 'refresh_token is invalid' };

let standin: Standin;
beforeEach(async () => {
  standin = await startStandin();
});
afterEach(() => standin.close());

const rotated = async (token: string | undefined) =>
  (await (await refresh(standin, token)).json()) as TokenAnswer;
const meStatus = async ({ access_token }: TokenAnswer) =>
  (await api(standin, access_token, '/me')).status;

test('a refresh returns a new pair', async () => {
  const first = await signIn(standin);
  const second = await rotated(first.refresh_token);
  expect(second.refresh_token).not.toBe(first.refresh_token);
  expect(second.access_token).not.toBe(first.access_token);
  expect(second.scope).toBe(first.scope);
  expect(await meStatus(second)).toBe(200);
  expect([...standin.auditor.refreshesByFamily.values()]).toEqual([1]);
});

test('access tokens can be ended before their time, and refreshed as ever', async () => {
  const first = await signIn(standin);
  standin.expireAccessTokens();
  expect(await meStatus(first)).toBe(401);
  const second = await rotated(first.refresh_token);
  expect(await meStatus(second)).toBe(200);
  expect(standin.auditor.deadRefreshes).toEqual([]);
});

test('a form works as well as JSON', async () => {
  const { refresh_token: token = '' } = await signIn(standin);
  const response = await standin.fetch('https://auth.atlassian.com/oauth/token', {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: token,
      client_id: DEMO_APP.clientId,
      client_secret: DEMO_APP.clientSecret,
    }),
  });
  expect(response.status).toBe(200);
});

test('without offline_access there is no refresh token', async () => {
  const code = await getCode(standin, { scope: 'read:jira-work' });
  expect(await (await exchange(standin, code)).json()).not.toHaveProperty('refresh_token');
});

test('the previous token may be used again inside the leeway', async () => {
  const first = await signIn(standin);
  const second = await rotated(first.refresh_token);
  standin.clock.advance(9 * MINUTE_MS);
  const again = await refresh(standin, first.refresh_token);
  expect(again.status).toBe(200);
  expect(standin.auditor.replaysInsideLeeway).toHaveLength(1);
  expect((await refresh(standin, second.refresh_token)).status).toBe(200);
});

test('outside the leeway the whole family dies', async () => {
  const first = await signIn(standin);
  const second = await rotated(first.refresh_token);
  standin.clock.advance(11 * MINUTE_MS);
  const replay = await refresh(standin, first.refresh_token);
  expect(replay.status).toBe(403);
  expect(await replay.json()).toEqual(REVOKED);
  expect((await refresh(standin, second.refresh_token)).status).toBe(403);
  expect(await meStatus(second)).toBe(401);
  expect(standin.auditor.replaysOutsideLeeway).toHaveLength(1);
  expect(standin.auditor.revokedFamilies).toHaveLength(1);
  expect(standin.auditor.deadRefreshes).toHaveLength(1);
});

test('the access token that came with a rotated refresh token dies with the leeway', async () => {
  const first = await signIn(standin);
  const second = await rotated(first.refresh_token);
  standin.clock.advance(9 * MINUTE_MS);
  expect(await meStatus(first)).toBe(200);
  standin.clock.advance(2 * MINUTE_MS);
  expect(await meStatus(first)).toBe(401);
  expect(await meStatus(second)).toBe(200);
});

test('an access token dies after an hour', async () => {
  const answer = await signIn(standin);
  standin.clock.advance(59 * MINUTE_MS);
  expect(await meStatus(answer)).toBe(200);
  standin.clock.advance(2 * MINUTE_MS);
  expect(await meStatus(answer)).toBe(401);
});

test('a refresh token dies after 90 days without use, and use resets that', async () => {
  const first = await signIn(standin);
  standin.clock.advance(89 * DAY_MS);
  const second = await rotated(first.refresh_token);
  standin.clock.advance(89 * DAY_MS);
  const third = await rotated(second.refresh_token);
  standin.clock.advance(91 * DAY_MS);
  const late = await refresh(standin, third.refresh_token);
  expect(await late.json()).toEqual(REVOKED);
});

test('a new consent replaces the old family and its scopes', async () => {
  const first = await signIn(standin);
  const code = await getCode(standin, { scope: 'offline_access read:me' });
  const second = (await (await exchange(standin, code)).json()) as TokenAnswer;
  expect(second.scope).toBe('offline_access read:me');
  expect((await refresh(standin, first.refresh_token)).status).toBe(403);
  expect((await refresh(standin, second.refresh_token)).status).toBe(200);
});

test('another account keeps its own grant', async () => {
  const ada = await signIn(standin);
  const bo = await signIn(standin, { account: 'bo' });
  expect((await refresh(standin, ada.refresh_token)).status).toBe(200);
  expect((await refresh(standin, bo.refresh_token)).status).toBe(200);
});

test('a token that was never issued has its own error', async () => {
  const response = await refresh(standin, 'no-such-token');
  expect(response.status).toBe(403);
  expect(await response.json()).toEqual({
    error: 'invalid_grant',
    error_description: 'Unknown or invalid refresh token.',
  });
  const missing = await postToken(standin, { grant_type: 'refresh_token' });
  expect(missing.status).toBe(400);
});

test('a wrong secret does not touch the token', async () => {
  const { refresh_token: token } = await signIn(standin);
  const wrong = await postToken(standin, {
    grant_type: 'refresh_token',
    refresh_token: token ?? '',
    client_secret: 'x',
  });
  expect(wrong.status).toBe(401);
  expect((await refresh(standin, token)).status).toBe(200);
  expect(standin.auditor.replaysInsideLeeway).toEqual([]);
});

test('secrets in the query are not looked at', async () => {
  const { refresh_token: token = '' } = await signIn(standin);
  const query = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token });
  const url = `https://auth.atlassian.com/oauth/token?${query}`;
  const response = await standin.fetch(url, { method: 'POST' });
  expect(response.status).toBe(400);
});

test('a revoked grant, a narrowed grant and the revocation endpoint', async () => {
  const first = await signIn(standin);
  standin.revokeGrant('ada', DEMO_APP.clientId);
  expect(await meStatus(first)).toBe(401);
  expect(await (await refresh(standin, first.refresh_token)).json()).toEqual(REVOKED);

  const second = await signIn(standin);
  standin.narrow({ scopes: ['offline_access', 'read:jira-user'], sites: [GLOBEX_CLOUD_ID] });
  const narrowed = await rotated(second.refresh_token);
  expect(narrowed.scope).toBe('offline_access read:jira-user');
  const acme = `/ex/jira/${ACME_CLOUD_ID}/rest/api/3/myself`;
  expect((await api(standin, narrowed.access_token, acme)).status).toBe(403);

  const revoke = await standin.fetch('https://auth.atlassian.com/oauth/revoke', {
    method: 'POST',
    body: new URLSearchParams({
      token: narrowed.refresh_token ?? '',
      client_id: DEMO_APP.clientId,
      client_secret: DEMO_APP.clientSecret,
    }),
  });
  expect(revoke.status).toBe(200);
  expect((await refresh(standin, narrowed.refresh_token)).status).toBe(403);
});

test('every secret given out is listed with a random end of 44 characters', async () => {
  const answer = await signIn(standin);
  await rotated(answer.refresh_token);
  expect(standin.issued.map(({ kind }) => kind)).toEqual([
    'code',
    'access',
    'refresh',
    'access',
    'refresh',
  ]);
  expect(standin.issued.map(({ value }) => value)).toContain(answer.access_token);
  for (const { value, canary } of standin.issued) {
    expect(canary).toHaveLength(44);
    expect(value.endsWith(canary)).toBe(true);
  }
  expect(new Set(standin.issued.map(({ canary }) => canary)).size).toBe(5);
});

test.each([
  ['ends-first', 403, undefined],
  ['keeps-both', 200, 'read:me offline_access'],
] as const)('a second consent of an account to an app %s', async (secondConsent, status, scope) => {
  standin.secondConsent = secondConsent;
  const first = await signIn(standin);
  await exchange(standin, await getCode(standin, { scope: 'read:me offline_access' }));
  const again = await refresh(standin, first.refresh_token);
  const answer = (await again.json()) as TokenAnswer & { error?: string };
  expect([again.status, answer.scope]).toEqual([status, scope]);
  expect(answer.error).toBe(status === 200 ? undefined : REVOKED.error);
});
