import { beforeEach, describe, expect, test } from 'vitest';
import { api, refresh, signIn, type TokenAnswer } from './standin-session.ts';
import { startStandin, type Standin } from './standin.ts';
import { DEMO_APP } from './state/apps.ts';

let standin: Standin;
beforeEach(async () => {
  standin = await startStandin({ transport: 'memory' });
});

const rotated = async (token: string | undefined) =>
  (await (await refresh(standin, token)).json()) as TokenAnswer;
const tokenPath = { path: '/oauth/token', grantType: 'refresh_token' } as const;

describe('without sockets', () => {
  test('sign-in, calls and refreshes are answered and logged', async () => {
    const first = await signIn(standin);
    const second = await rotated(first.refresh_token);
    expect((await api(standin, second.access_token, '/me')).status).toBe(200);
    expect(standin.log.at(-1)).toMatchObject({ path: '/me', status: 200, outcome: 'answered' });
  });
  test('the clock stands unless it is moved', async () => {
    const startMs = standin.clock.nowMs();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(standin.clock.nowMs()).toBe(startMs);
    standin.clock.advance(7);
    expect(standin.clock.nowMs()).toBe(startMs + 7);
  });
  test('another host fails as an unreachable one, and is recorded', async () => {
    await expect(standin.fetch('https://other.example/')).rejects.toThrow(TypeError);
    expect(standin.refusedHosts).toEqual(['other.example']);
  });
  test.each(['drop-before', 'drop-after', 'truncate'] as const)(
    '%s loses the answer',
    async (kind) => {
      const { refresh_token: token } = await signIn(standin);
      standin.faults.add({ kind, match: tokenPath });
      const lost = refresh(standin, token).then((response) => response.text());
      await expect(lost).rejects.toThrow(TypeError);
      expect((await refresh(standin, token)).status).toBe(200);
      expect(standin.auditor.replaysInsideLeeway).toHaveLength(kind === 'drop-before' ? 0 : 1);
    },
  );
  test('a client that gives up does not stop the server', async () => {
    const { refresh_token: token } = await signIn(standin);
    const slow = standin.faults.add({
      kind: 'latency',
      until: new Promise(() => undefined),
      when: 'after',
      match: tokenPath,
    });
    const controller = new AbortController();
    const given = standin.fetch('https://auth.atlassian.com/oauth/token', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        grant_type: 'refresh_token',
        refresh_token: token,
        client_id: DEMO_APP.clientId,
        client_secret: DEMO_APP.clientSecret,
      }),
      signal: controller.signal,
    });
    await slow.arrived;
    controller.abort();
    await expect(given).rejects.toThrow('aborted');
    await slow.clientGone;
    expect(standin.log.at(-1)).toMatchObject({ aborted: true, outcome: 'aborted' });
  });
  test('a redirect is an error where it is to be one', async () => {
    const url = 'https://auth.atlassian.com/authorize';
    await expect(standin.fetch(url, { redirect: 'error' })).rejects.toThrow(TypeError);
    expect((await standin.fetch(url, { redirect: 'manual' })).status).toBe(302);
  });
});

describe('rotation', () => {
  test('never: the refresh token stays good, and no other comes', async () => {
    standin.rotation = 'never';
    const { refresh_token: token } = await signIn(standin);
    expect(await rotated(token)).not.toHaveProperty('refresh_token');
    standin.clock.advance(3_600_000);
    expect(await rotated(token)).not.toHaveProperty('refresh_token');
    expect(standin.auditor.replaysInsideLeeway).toEqual([]);
  });
  test('every second time', async () => {
    standin.rotation = 'every-second';
    const { refresh_token: token } = await signIn(standin);
    expect(await rotated(token)).not.toHaveProperty('refresh_token');
    expect(await rotated(token)).toHaveProperty('refresh_token');
    expect(standin.auditor.replaysInsideLeeway).toEqual([]);
  });
  test('of a token that is superseded already gives another, whatever the setting', async () => {
    const { refresh_token: token } = await signIn(standin);
    await rotated(token);
    standin.rotation = 'never';
    expect(await rotated(token)).toHaveProperty('refresh_token');
    expect(standin.auditor.replaysInsideLeeway).toHaveLength(1);
  });
});

test('without a leeway a superseded refresh token kills the family at once', async () => {
  standin.leewayMs = 0;
  const { refresh_token: token } = await signIn(standin);
  const { refresh_token: next } = await rotated(token);
  expect((await refresh(standin, token)).status).toBe(403);
  expect((await refresh(standin, next)).status).toBe(403);
  expect(standin.auditor.replaysOutsideLeeway).toHaveLength(1);
});
