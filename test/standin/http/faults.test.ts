import { afterEach, beforeEach, expect, test } from 'vitest';
import { ACME_CLOUD_ID } from '../facts/sites.ts';
import { api, refresh, signIn, type TokenAnswer } from '../standin-session.ts';
import { startStandin, type Standin } from '../standin.ts';

let standin: Standin;
let session: TokenAnswer;
beforeEach(async () => {
  standin = await startStandin();
  session = await signIn(standin);
});
afterEach(() => standin.close());

const ME = { host: 'api.atlassian.com', path: '/me' };
const REFRESH = { grantType: 'refresh_token' };
const me = (init: RequestInit = {}) => api(standin, session.access_token, '/me', init);
const rotations = () => [...standin.auditor.refreshesByFamily.values()].reduce((a, b) => a + b, 0);

test('status answers without acting, the given number of times', async () => {
  const headers = { 'x-edge': 'yes' };
  standin.faults.add({
    kind: 'status',
    status: 502,
    body: 'bad',
    match: REFRESH,
    headers,
    times: 2,
  });
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const response = await refresh(standin, session.refresh_token);
    expect([response.status, await response.text()]).toEqual([502, 'bad']);
    expect(response.headers.get('x-edge')).toBe('yes');
  }
  expect(rotations()).toBe(0);
  expect((await refresh(standin, session.refresh_token)).status).toBe(200);
});

test('a fault can be removed', async () => {
  const remove = standin.faults.add({ kind: 'status', status: 500, times: Infinity });
  expect((await me()).status).toBe(500);
  expect((await me()).status).toBe(500);
  expect(remove.hits()).toBe(2);
  remove();
  expect((await me()).status).toBe(200);
});

test('drop-before does not act, drop-after does', async () => {
  standin.faults.add({ kind: 'drop-before', match: REFRESH });
  await expect(refresh(standin, session.refresh_token)).rejects.toThrow(TypeError);
  expect(rotations()).toBe(0);
  const fault = standin.faults.add({ kind: 'drop-after', match: REFRESH });
  await expect(refresh(standin, session.refresh_token)).rejects.toThrow(TypeError);
  await fault.arrived;
  expect(rotations()).toBe(1);
  const [dropped] = standin.log.filter((entry) => entry.faults.includes('drop-after'));
  expect(dropped).toMatchObject({ outcome: 'broken', aborted: false });
  expect((await refresh(standin, session.refresh_token)).status).toBe(200);
  expect(standin.auditor.replaysInsideLeeway).toHaveLength(1);
});

test('truncate announces more than it sends', async () => {
  standin.faults.add({ kind: 'truncate', match: ME });
  const response = await me();
  expect(Number(response.headers.get('content-length'))).toBeGreaterThan(100);
  await expect(response.text()).rejects.toThrow();
});

test('rate-limit carries the documented headers', async () => {
  standin.faults.add({
    kind: 'rate-limit',
    retryAfterSeconds: 7,
    reason: 'jira-quota-tenant-based',
  });
  const limited = await me();
  expect(limited.status).toBe(429);
  expect(limited.headers.get('retry-after')).toBe('7');
  expect(limited.headers.get('ratelimit-reason')).toBe('jira-quota-tenant-based');
  expect(limited.headers.get('x-ratelimit-reset')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\dZ$/);
  expect(limited.headers.get('beta-ratelimit')).toBe('"tenant-app-quota";r=0;t=7');
  standin.faults.add({ kind: 'rate-limit', retryAfterSeconds: null });
  const burst = await me();
  expect(['retry-after', 'beta-ratelimit'].map((name) => burst.headers.has(name))).toEqual([
    false,
    false,
  ]);
  expect(burst.headers.get('x-ratelimit-remaining')).toBe('0');
});

test('content-type and html', async () => {
  standin.faults.add({ kind: 'content-type', value: 'text/plain', match: ME });
  const odd = await me();
  expect(odd.headers.get('content-type')).toBe('text/plain');
  expect(JSON.parse(await odd.text())).toHaveProperty('account_id');
  standin.faults.add({ kind: 'html', match: REFRESH });
  const portal = await refresh(standin, session.refresh_token);
  expect(portal.status).toBe(200);
  expect(await portal.text()).toContain('Wi-Fi');
  expect(rotations()).toBe(0);
});

test('omit-refresh-token keeps the old one good, omit-token-type leaves the rest', async () => {
  standin.faults.add({ kind: 'omit-refresh-token', match: REFRESH });
  const first: unknown = await (await refresh(standin, session.refresh_token)).json();
  expect(first).not.toHaveProperty('refresh_token');
  expect(first).toHaveProperty('access_token');
  standin.clock.advance(20 * 60_000);
  standin.faults.add({ kind: 'omit-token-type', match: REFRESH });
  const second: unknown = await (await refresh(standin, session.refresh_token)).json();
  expect(second).not.toHaveProperty('token_type');
  expect(second).toHaveProperty('refresh_token');
});

test('redirect is refused by redirect: error', async () => {
  standin.faults.add({
    kind: 'redirect',
    status: 307,
    location: 'https://evil.example/',
    times: 2,
  });
  await expect(me({ redirect: 'error' })).rejects.toThrow(TypeError);
  const seen = await me({ redirect: 'manual' });
  expect([seen.status, seen.headers.get('location')]).toEqual([307, 'https://evil.example/']);
});

test('hang ends with the client, and the log says so', async () => {
  const fault = standin.faults.add({ kind: 'hang', match: ME });
  const controller = new AbortController();
  const call = me({ signal: controller.signal });
  await fault.arrived;
  controller.abort();
  await expect(call).rejects.toThrow(/abort/i);
  await fault.clientGone;
  const entry = await standin.log.waitFor(({ aborted }) => aborted);
  expect(entry).toMatchObject({ path: '/me', outcome: 'aborted' });
});

test('latency waits for the test, before or after the act', async () => {
  for (const when of ['before', 'after'] as const) {
    standin.auditor.clear();
    let release = (): void => undefined;
    const until = new Promise<void>((resolve) => (release = resolve));
    const fault = standin.faults.add({ kind: 'latency', until, when, match: REFRESH });
    const call = refresh(standin, session.refresh_token);
    await fault.arrived;
    await me(); // a round trip later the held request has acted, or has not
    expect(rotations()).toBe(when === 'before' ? 0 : 1);
    release();
    expect((await call).status).toBe(200);
  }
  standin.faults.add({ kind: 'latency', ms: 1, match: ME });
  standin.faults.add({ kind: 'status', status: 503, match: ME });
  expect((await me()).status).toBe(503);
});

test('echo-authorization shows the bearer in the body and a header', async () => {
  const path = `/ex/jira/${ACME_CLOUD_ID}/rest/api/3/status/404?shape=text`;
  standin.faults.add({ kind: 'echo-authorization', times: 2 });
  const bearer = `Bearer ${session.access_token}`;
  const answer = await me();
  expect(answer.headers.get('x-echo-authorization')).toBe(bearer);
  expect(await answer.json()).toMatchObject({ echoedAuthorization: bearer, name: 'Ada Example' });
  const plain = await api(standin, session.access_token, path);
  expect(await plain.text()).toContain(bearer);
});

test('stream sends pieces as they come, breaks off when they throw, and ends them when the client goes away', async () => {
  const first = Promise.withResolvers<undefined>();
  const ended: string[] = [];
  async function* pieces(last: Uint8Array | Error) {
    try {
      yield Buffer.from('a');
      await first.promise;
      if (last instanceof Error) throw last;
      for (;;) yield last;
    } finally {
      ended.push('ended');
    }
  }
  const serve = (last: Uint8Array | Error) =>
    standin.faults.add({
      kind: 'stream',
      pieces: () => pieces(last),
      contentType: 'text/x-pieces',
    });
  serve(new Error('broken'));
  const response = await me();
  expect(response.headers.get('content-type')).toBe('text/x-pieces');
  const reader = response.body?.getReader();
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('a');
  first.resolve(undefined);
  await expect(reader?.read()).rejects.toThrow(TypeError);
  const endless = serve(Buffer.alloc(65_536));
  await (await me()).body?.cancel();
  await endless.clientGone;
  await (await me()).text();
  expect(ended).toEqual(['ended', 'ended']);
  const outcomes = standin.log.requests(ME).map(({ outcome }) => outcome);
  expect(outcomes).toEqual(['broken', 'aborted', 'answered']);
});

test('a fault meets only what it matches', async () => {
  standin.faults.add({ kind: 'status', status: 500, match: { path: /^\/ex\//, method: 'POST' } });
  standin.faults.add({ kind: 'status', status: 500, match: { grantType: 'authorization_code' } });
  standin.faults.add({ kind: 'status', status: 500, match: { host: 'evil.example' } });
  expect((await me()).status).toBe(200);
  expect((await refresh(standin, session.refresh_token)).status).toBe(200);
  expect(standin.faults.pending()).toBe(3);
  standin.faults.clear();
  expect(standin.faults.pending()).toBe(0);
});
