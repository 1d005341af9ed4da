import { describe, expect, test } from 'vitest';
import { reveal } from '#core/values/secret.ts';
import { rejection } from '../../../test/support/faults.ts';
import { readTokenResponse } from './token-response.ts';

const refreshTokenOf = async (body: unknown, init?: ResponseInit): Promise<string | undefined> => {
  const received = await readTokenResponse(new Response(JSON.stringify(body), init));
  return received.refreshToken && reveal(received.refreshToken);
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
    expect(
      await refreshTokenOf({ refresh_token: 'r2' }, { headers: { 'content-type': 'text/html' } }),
    ).toBe('r2');
  });
});

test.each([[undefined], [''], [1], [null], [['r2']], [{}], ['r'.repeat(65_537)]])(
  'an invalid refresh token is removed, and the rest can be processed: %#',
  async (refresh_token) => {
    const received = await readTokenResponse(Response.json({ access_token: 'a', refresh_token }));
    expect(received.refreshToken).toBeUndefined();
    expect(await received.response.json()).toEqual({ access_token: 'a', token_type: 'Bearer' });
  },
);

test.each([
  ['r2', undefined],
  [undefined, undefined],
  [null, undefined],
  ['', true],
  [1, true],
  [['r2'], true],
  ['r'.repeat(65_537), true],
])('an invalid refresh token is reported as damaged: %#', async (refresh_token, isDamaged) => {
  const received = await readTokenResponse(Response.json({ access_token: 'a', refresh_token }));
  expect(received.isRefreshTokenDamaged).toBe(isDamaged);
});

test('a token type other than Bearer is left unchanged', async () => {
  const typed = await readTokenResponse(Response.json({ access_token: 'a', token_type: 'mac' }));
  expect(await typed.response.json()).toEqual({ access_token: 'a', token_type: 'mac' });
});

test.each(['', '<html>canary</html>', '[]', '"canary"', 'null', '{"refresh_token":"canary"'])(
  'a success that is not a JSON object is reported without its text: %j',
  async (text) => {
    const fault = await rejection(readTokenResponse(new Response(text)));
    expect(fault.code).toBe('provider_answer_invalid');
    expect(JSON.stringify(fault)).not.toContain('canary');
  },
);

test('an error response is returned unread', async () => {
  const response = Response.json({ error: 'invalid_grant', refresh_token: 'x' }, { status: 403 });
  const received = await readTokenResponse(response);
  expect(received).toEqual({ response });
  expect(received.response.bodyUsed).toBe(false);
});

test('a body that breaks off rejects', async () => {
  const broken = new ReadableStream({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode('{"refresh_token":"r'));
      controller.error(new TypeError('terminated'));
    },
  });
  await expect(readTokenResponse(new Response(broken))).rejects.toThrow('terminated');
});
