import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { neverMs } from '#core/session/session.ts';
import { BrokerError } from '#core/values/fault.ts';
import { reveal, secret } from '#core/values/secret.ts';
import { faultOf, rejection } from '../../../test/support/faults.ts';
import { client, redirectUri, tuple } from '../../../test/support/samples/oauth-samples.ts';
import type { Fetch } from '../fetch.ts';
import type { TokenSet } from '../token-set.ts';
import { clientAuthentication, serverMetadata } from './authorization-server.ts';
import { newAttempt, readCallback } from './authorization.ts';
import {
  exchangeRequest,
  processExchange,
  processRefresh,
  refreshRequest,
  type TokenRequestContext,
} from './token-endpoint.ts';

const granted = { redirectUri, scopes: client.scopes };
const nowMs = 1_800_000_000_000;
const { signal } = new AbortController();
interface Sent {
  url: string;
  init: RequestInit;
}

function context(respond: () => Response | Promise<Response>): {
  context: TokenRequestContext;
  sent: Sent[];
} {
  const sent: Sent[] = [];
  const fetch: Fetch = (url, init) => {
    sent.push({ url, init });
    return Promise.resolve(respond());
  };
  return { context: { client, clientSecret: secret('team-secret'), fetch, signal }, sent };
}
const refreshed = async (respond: () => Response): Promise<TokenSet> =>
  processRefresh(
    await refreshRequest(context(respond).context, tuple, secret('r1'), granted),
    nowMs,
  );
const good = {
  access_token: 'a2',
  refresh_token: 'r2',
  token_type: 'Bearer',
  expires_in: 3600,
  scope: 'b a',
};

describe('a refresh', () => {
  test('is one JSON request with secret and token, without cookies, cache and redirects', async () => {
    const { context: own, sent } = context(() => Response.json(good));
    await refreshRequest(own, tuple, secret('r1'), granted);
    expect(sent).toHaveLength(1);
    const [{ url, init } = { url: '', init: {} }] = sent;
    expect(url).toBe(tuple.tokenEndpoint);
    expect(init).toMatchObject({
      method: 'POST',
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
      signal,
    });
    expect(new Headers(init.headers).get('content-type')).toBe('application/json');
    expect(JSON.parse(init.body as string)).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'r1',
      client_id: 'team-client',
      client_secret: 'team-secret',
    });
  });
  test('returns the tokens with their expiry by our clock', async () => {
    const set = await refreshed(() => Response.json(good));
    expect(set).toMatchObject({ expiresAtMs: nowMs + 3_600_000, scopes: ['b', 'a'] });
    expect([reveal(set.accessToken), set.refreshToken && reveal(set.refreshToken)]).toEqual([
      'a2',
      'r2',
    ]);
    expect(inspect(set, { depth: 9, showHidden: true })).not.toMatch(/'[ar]2'/u);
  });
  test('accepts a response without refresh token, scope, lifetime and type', async () => {
    const set = await refreshed(() => Response.json({ access_token: 'a2' }));
    expect(Object.keys(set).sort()).toEqual(['accessToken', 'expiresAtMs']);
    expect(set.expiresAtMs).toBe(nowMs + 3_600_000);
  });
  test.each([
    ['a text', '3600', 3_600_000],
    ['half a second', 0.5, 30_000],
    ['zero, which says nothing,', 0, 3_600_000],
    ['below zero, which says nothing,', -1, 3_600_000],
    ['empty', '', 3_600_000],
    ['beyond a day', 1e9, 86_400_000],
    ['endless', 1e308, 86_400_000],
  ])('a lifetime that is %s is clamped', async (_, expires_in, lifetimeMs) => {
    const set = await refreshed(() => Response.json({ ...good, expires_in }));
    expect(set.expiresAtMs - nowMs).toBe(lifetimeMs);
  });
  test.each([
    ['no access token', { ...good, access_token: undefined }],
    ['an empty access token', { ...good, access_token: '' }],
    ['another token type', { ...good, token_type: 'mac' }],
  ])('with %s in its response is rejected, without the tokens in the error', async (_, body) => {
    const thrown: unknown = await refreshed(() => Response.json(body)).catch(
      (error: unknown) => error,
    );
    expect(thrown).toBeInstanceOf(BrokerError);
    expect(thrown).toHaveProperty('fault.code', 'provider_answer_invalid');
    expect(inspect(thrown, { depth: 9, showHidden: true })).not.toMatch(/'[ar]2'/u);
  });
  test.each([
    [
      403,
      { error: 'invalid_grant', error_description: 'Unknown or invalid refresh token.' },
      'grant_rejected',
    ],
    [403, { error: 'unauthorized_client' }, 'grant_rejected'],
    [401, { error: 'access_denied' }, 'client_rejected'],
    [400, { error: 'invalid_request' }, 'authorization_failed'],
    [503, { error: 'temporarily_unavailable' }, 'provider_unreachable'],
    [500, 'oops', 'provider_unreachable'],
    [429, {}, 'rate_limited'],
    [403, {}, 'provider_answer_invalid'],
  ])('with the response %i %j', async (status, body, code) => {
    expect((await rejection(refreshed(() => Response.json(body, { status })))).code).toBe(code);
  });
  test('whose response contains a challenge for the client', async () => {
    const headers = { 'www-authenticate': 'Basic realm="OAuth"' };
    const refused = Response.json({ error: 'invalid_client' }, { status: 401, headers });
    expect(await rejection(refreshed(() => refused))).toMatchObject({
      code: 'client_rejected',
      subject: 'invalid_client',
    });
  });
  test('whose response is a web page', async () => {
    const page = (status: number) => () =>
      new Response('<html>', { status, headers: { 'content-type': 'text/html' } });
    expect((await rejection(refreshed(page(200)))).code).toBe('provider_answer_invalid');
    expect((await rejection(refreshed(page(502)))).code).toBe('provider_unreachable');
  });
  test('without a network', async () => {
    const offline = (): never => {
      throw new TypeError('fetch failed');
    };
    expect((await rejection(refreshed(offline))).code).toBe('provider_unreachable');
  });
});

test('an exchange without a refresh token gives an access token as long as the provider says', async () => {
  const answered = async (body: object): Promise<TokenSet> => {
    const attempt = newAttempt(client, tuple, redirectUri);
    const callback = readCallback(attempt, `${redirectUri}?code=c1&state=${attempt.state}`);
    const { context: own } = context(() => Response.json(body));
    return processExchange(await exchangeRequest(own, attempt, callback), nowMs);
  };
  const { refresh_token: _none, expires_in: _unknown, ...alone } = good;
  const sixtyDays = 5_184_000;
  const endOf = async (body: object): Promise<number> => (await answered(body)).expiresAtMs;
  expect(await endOf({ ...alone, expires_in: sixtyDays })).toBe(nowMs + sixtyDays * 1000);
  expect(await endOf({ ...alone, expires_in: 0 })).toBe(neverMs);
  expect(await endOf(alone)).toBe(neverMs);
  expect(await endOf({ ...good, expires_in: sixtyDays })).toBe(nowMs + 86_400_000);
  expect(await answered({ ...good, refresh_token_expires_in: 1800 })).toMatchObject({
    refreshTokenExpiresAtMs: nowMs + 1_800_000,
  });
});

describe('an exchange', () => {
  const attempt = newAttempt(client, tuple, redirectUri);
  const callback = readCallback(attempt, `${redirectUri}?code=c1&state=${attempt.state}`);

  test('sends code, verifier and redirect URI, and never `resource`', async () => {
    const { context: own, sent } = context(() => Response.json(good));
    const set = processExchange(await exchangeRequest(own, attempt, callback), nowMs);
    expect(reveal(set.accessToken)).toBe('a2');
    expect(JSON.parse(sent[0]?.init.body as string)).toEqual({
      grant_type: 'authorization_code',
      code: 'c1',
      code_verifier: attempt.codeVerifier,
      redirect_uri: redirectUri,
      client_id: 'team-client',
      client_secret: 'team-secret',
    });
  });
  test('without a secret sends no request', async () => {
    const { context: own, sent } = context(() => Response.json(good));
    const { code } = await rejection(
      exchangeRequest({ ...own, clientSecret: undefined }, attempt, callback),
    );
    expect([code, sent.length]).toEqual(['client_rejected', 0]);
  });
});

test('a client authenticates as it is configured', async () => {
  const proof = async (method: 'post' | 'basic' | 'none'): Promise<string> => {
    const body = new URLSearchParams();
    const headers = new Headers();
    const authenticate = clientAuthentication({ clientAuthentication: method }, secret('s'));
    await authenticate(serverMetadata(tuple), { client_id: 'c' }, body, headers);
    return `${body.toString()} ${headers.get('authorization') ?? ''}`;
  };
  expect(await proof('post')).toBe('client_id=c&client_secret=s ');
  expect(await proof('basic')).toBe(` Basic ${btoa('c:s')}`);
  expect(await proof('none')).toBe('client_id=c ');
  expect(
    faultOf(() => clientAuthentication({ clientAuthentication: 'basic' }, undefined)).code,
  ).toBe('client_rejected');
});
