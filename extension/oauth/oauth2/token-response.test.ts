import { describe, expect, test } from 'vitest';
import { reveal } from '#core/values/secret.ts';
import { readTokenResponse, type TokenResponse } from './token-response.ts';

const { signal } = new AbortController();
const read = (body: unknown, init?: ResponseInit): Promise<TokenResponse> =>
  readTokenResponse(new Response(JSON.stringify(body), init), 'generic', signal);
const refreshTokenOf = async (body: unknown, init?: ResponseInit): Promise<string | undefined> => {
  const { refreshToken } = await read(body, init);
  return refreshToken && reveal(refreshToken);
};

describe('the refresh token is read, whatever the rest is', () => {
  test.each([
    ['nothing else', {}],
    ['no token type', { access_token: 'a' }],
    ['another token type', { access_token: 'a', token_type: 'mac' }],
    ['a lifetime below zero', { access_token: 'a', expires_in: -1 }],
    ['an invalid lifetime', { access_token: 'a', expires_in: '3600abc' }],
    ['an endless lifetime', { access_token: 'a', expires_in: 1e308 }],
    ['an invalid ID token', { access_token: 'a', id_token: 1 }],
  ])('beside %s', async (_, rest) => {
    expect(await refreshTokenOf({ ...rest, refresh_token: 'r2' })).toBe('r2');
  });
  test('with the content type of a web page', async () => {
    const headers = { 'content-type': 'text/html' };
    expect(await refreshTokenOf({ refresh_token: 'r2' }, { headers })).toBe('r2');
  });
});

test.each([
  ['r2', undefined],
  [undefined, undefined],
  [null, undefined],
  ['', true],
  [1, true],
  [['r2'], true],
  [{}, true],
  ['r'.repeat(65_537), true],
])(
  'an invalid refresh token is reported as damaged, and the rest is used: %#',
  async (refresh_token, isDamaged) => {
    const received = await read({ access_token: 'a', refresh_token });
    expect(received.isRefreshTokenDamaged).toBe(isDamaged);
    expect(received.refreshToken && reveal(received.refreshToken)).toBe(
      refresh_token === 'r2' ? 'r2' : undefined,
    );
    expect(received.issued && reveal(received.issued.accessToken)).toBe('a');
  },
);

describe('an optional member', () => {
  const issued = async (members: object) => (await read({ access_token: 'a', ...members })).issued;
  test.each([
    ['expires_in', null, {}],
    ['expires_in', '', {}],
    ['expires_in', 0, {}],
    ['expires_in', -1, {}],
    ['expires_in', '3600abc', {}],
    ['expires_in', '0x10', {}],
    ['expires_in', '1e3', {}],
    ['expires_in', ' 3599.25 ', { lifetimeMs: 3_599_250 }],
    ['expires_in', [3600], {}],
    ['expires_in', {}, {}],
    ['expires_in', true, {}],
    ['expires_in', 3600, { lifetimeMs: 3_600_000 }],
    ['expires_in', '3600', { lifetimeMs: 3_600_000 }],
    ['expires_in', 3599.5, { lifetimeMs: 3_599_500 }],
    ['scope', null, {}],
    ['scope', '', {}],
    ['scope', 7, {}],
    ['scope', [], {}],
    ['scope', 'a b', { scopes: ['a', 'b'] }],
    ['scope', 'a,b', { scopes: ['a', 'b'] }],
    ['scope', ['a', 7, 'b'], { scopes: ['a', 'b'] }],
    ['token_type', null, {}],
    ['token_type', '', {}],
    ['token_type', 7, {}],
    ['token_type', 'Bearer ', {}],
    ['token_type', 'BEARER', {}],
    ['id_token', 'not a JWT', {}],
    ['id_token', 1, {}],
    ['refresh_token', '', {}],
  ])('%s: %j is repaired or ignored', async (name, value, expected) => {
    const { accessToken, ...rest } = (await issued({ [name]: value }))!;
    expect(reveal(accessToken)).toBe('a');
    expect(rest).toEqual(expected);
  });
  test('of another token type makes the access token unusable', async () => {
    expect(await issued({ token_type: 'mac' })).toBeUndefined();
  });
});

test.each([undefined, null, '', 7, ['a']])(
  'without an access token (%j) nothing is issued',
  async (token) => {
    expect((await read({ access_token: token, token_type: 'Bearer' })).issued).toBeUndefined();
  },
);

test.each([
  ['refresh_token_expires_in', 15_897_600, 15_897_600_000],
  ['refresh_expires_in', '1800', 1_800_000],
  ['refresh_expires_in', 0, undefined],
  ['refresh_expires_in', -1, undefined],
  ['refresh_expires_in', null, undefined],
])('the lifetime of the refresh token: %s %j', async (name, value, lifetimeMs) => {
  const { refreshLifetimeMs } = await read({
    access_token: 'a',
    refresh_token: 'r',
    [name]: value,
  });
  expect(refreshLifetimeMs).toBe(lifetimeMs);
});

test.each(['', '<html>canary</html>', '[]', '"canary"', 'null', '{"refresh_token":"canary"'])(
  'a success that is not an object issues nothing: %j',
  async (text) => {
    expect(await readTokenResponse(new Response(text), 'generic', signal)).toEqual({
      type: 'generic',
      status: 200,
      retryAfter: null,
    });
  },
);

test('a form is read like an object', async () => {
  const body = new URLSearchParams({ access_token: 'a', expires_in: '60', scope: 'a,b' });
  const { issued } = await readTokenResponse(new Response(body), 'generic', signal);
  expect(issued).toMatchObject({ lifetimeMs: 60_000, scopes: ['a', 'b'] });
});

test('an error response has an error and no tokens', async () => {
  const members = { error: 'invalid_grant', access_token: 'a', refresh_token: 'x' };
  expect(await read(members, { status: 403 })).toEqual({
    type: 'generic',
    status: 403,
    retryAfter: null,
    error: 'invalid_grant',
  });
});

test('an error in a success is one, and its refresh token is not used', async () => {
  expect(await read({ error: 'bad_refresh_token', refresh_token: 'x' })).toEqual({
    type: 'generic',
    status: 200,
    retryAfter: null,
    error: 'bad_refresh_token',
  });
});

test.each([
  ['quota_used_up', 'r2'],
  ['temporarily_unavailable', 'r2'],
  ['bad_refresh_token', undefined],
] as const)('beside the error %s in a success the refresh token is %s', async (error, expected) => {
  const members = { error, refresh_token: 'r2', refresh_token_expires_in: 60 };
  const response = await read(members);
  expect(response.refreshToken && reveal(response.refreshToken)).toBe(expected);
  expect(response.refreshLifetimeMs).toBe(expected && 60_000);
  expect(response).toMatchObject({ error });
  expect((await read(members, { status: 500 })).refreshToken).toBeUndefined();
});

test('beside an unknown error a refresh token that is none says nothing', async () => {
  const response = await read({ error: 'quota_used_up', refresh_token: 7 });
  expect(response).toEqual({
    type: 'generic',
    status: 200,
    retryAfter: null,
    error: 'quota_used_up',
  });
});

test('tokens in a success are used although it names an error', async () => {
  const { issued, refreshToken, error } = await read({
    error: 'warning',
    access_token: 'a',
    refresh_token: 'r2',
  });
  expect([issued === undefined, refreshToken && reveal(refreshToken), error]).toEqual([
    false,
    'r2',
    undefined,
  ]);
});

test('a redirect that the browser hides has the status of one', async () => {
  const hidden = Object.defineProperty(new Response(null), 'type', { value: 'opaqueredirect' });
  Object.defineProperty(hidden, 'status', { value: 0 });
  Object.defineProperty(hidden, 'ok', { value: false });
  expect((await readTokenResponse(hidden, 'generic', signal)).status).toBe(302);
});

test('of a longer body than 1 MiB nothing is used', async () => {
  const text = JSON.stringify({ error: 'invalid_grant', padding: 'x'.repeat(1_048_576) });
  expect(await readTokenResponse(new Response(text, { status: 400 }), 'generic', signal)).toEqual({
    type: 'generic',
    status: 400,
    retryAfter: null,
  });
});

test('a body that breaks off rejects', async () => {
  const broken = new ReadableStream({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode('{"refresh_token":"r'));
      controller.error(new TypeError('terminated'));
    },
  });
  await expect(readTokenResponse(new Response(broken), 'generic', signal)).rejects.toThrow(
    'terminated',
  );
});

test('a body that does not end is given up with the signal', async () => {
  const limit = new AbortController();
  const reading = readTokenResponse(new Response(new ReadableStream()), 'generic', limit.signal);
  limit.abort(new Error('too late'));
  await expect(reading).rejects.toThrow('too late');
});
