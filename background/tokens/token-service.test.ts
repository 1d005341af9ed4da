import { beforeEach, expect, test } from 'vitest';
import { reveal, secret } from '../../extension/core/values/secret.ts';
import { client } from '../../test/support/samples/oauth-samples.ts';
import { createTokenService, type RefreshGrant, type TokenService } from './token-service.ts';

const nowMs = 1_800_000_000_000;
const rule = { skewMs: 60_000, marginMs: 60_000 };
let service: TokenService;
let sent: number;
let kept: string[];
beforeEach(() => {
  sent = 0;
  kept = [];
  const consumer = {
    renew: () => Promise.reject(new Error('not OAuth 1.0a')),
    identity: () => Promise.reject(new Error('not OAuth 1.0a')),
  };
  service = createTokenService(consumer, {
    fetch: () => {
      sent += 1;
      const answer = { access_token: 'a2', refresh_token: 'r2', expires_in: 3600 };
      return Promise.resolve(Response.json(answer));
    },
    nowMs: () => nowMs,
    after: () => () => undefined,
    identity: {
      redirectUri: (suffix) => `https://callback.example/${suffix}`,
      authorize: () => Promise.resolve({ ended: 'closed' }),
    },
  });
});

const grant = (): Promise<RefreshGrant> =>
  Promise.resolve({
    ...{ client, clientSecret: secret('s'), refreshToken: secret('r1'), scopes: client.scopes },
    limitMs: 20_000,
  });
const ending = (inMs: number) => ({ issuedAtMs: nowMs - 1000, expiresAtMs: nowMs + inMs });
const ifNeeded = (current: ReturnType<typeof ending> | undefined) =>
  service.refreshIfNeeded(current, rule, grant, ({ refreshToken }) => {
    kept.push(refreshToken === undefined ? '' : reveal(refreshToken));
    return Promise.resolve();
  });

test('a token that lasts is left alone', async () => {
  expect(await ifNeeded(ending(120_001))).toBeUndefined();
  expect([sent, kept]).toEqual([0, []]);
});

test.each([
  ['ends within margin and skew', ending(120_000)],
  ['is not there', undefined],
])('a token that %s is renewed, and what came is kept first', async (_, current) => {
  const tokens = await ifNeeded(current);
  expect(tokens && reveal(tokens.accessToken)).toBe('a2');
  expect([sent, kept]).toEqual([1, ['r2']]);
});
