import { beforeEach, expect, test } from 'vitest';
import { reveal, secret } from '#core/values/secret.ts';
import { faultOf } from '../../test/support/faults.ts';
import { client } from '../../test/support/samples/oauth-samples.ts';
import {
  createTokenService,
  type RefreshGrant,
  type RefreshResponse,
  type TokenService,
} from './token-service.ts';

const nowMs = 1_800_000_000_000;
const rule = { skewMs: 60_000, marginMs: 60_000 };
let service: TokenService;
let sent: number;
let answer: object;
beforeEach(() => {
  sent = 0;
  answer = { access_token: 'a2', refresh_token: 'r2', expires_in: 3600 };
  const consumer = {
    renew: () => Promise.reject(new Error('not OAuth 1.0a')),
    identity: () => Promise.reject(new Error('not OAuth 1.0a')),
  };
  service = createTokenService(consumer, {
    fetch: () => {
      sent += 1;
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
    client,
    clientSecret: secret('s'),
    refreshToken: secret('r1'),
    scopes: client.scopes,
    limitMs: 20_000,
  });
const ending = (inMs: number) => ({ issuedAtMs: nowMs - 1000, expiresAtMs: nowMs + inMs });
const ifNeeded = (current: ReturnType<typeof ending> | undefined) =>
  service.refreshIfNeeded(current, rule, grant);
const rotated = (response: RefreshResponse | undefined) =>
  response?.refreshToken && reveal(response.refreshToken);

test('a token that does not expire soon is not refreshed', async () => {
  expect(await ifNeeded(ending(120_001))).toBeUndefined();
  expect(sent).toBe(0);
});

test.each([
  ['expires within margin and skew', ending(120_000)],
  ['is missing', undefined],
])('a token that %s is refreshed', async (_, current) => {
  const response = await ifNeeded(current);
  expect([sent, rotated(response)]).toEqual([1, 'r2']);
  const tokens = response && service.processResponse(response);
  expect(tokens && reveal(tokens.accessToken)).toBe('a2');
});

test('the rotated token is returned before the rest of the response is rejected', async () => {
  answer = { access_token: 7, refresh_token: 'r2' };
  const response = await service.forceRefresh(await grant());
  expect(rotated(response)).toBe('r2');
  expect(faultOf(() => service.processResponse(response)).code).toBe('provider_answer_invalid');
});

test('the rotated token is returned although the response names an unknown error', async () => {
  answer = { error: 'quota_used_up', refresh_token: 'r2' };
  const response = await service.forceRefresh(await grant());
  expect(rotated(response)).toBe('r2');
  expect(faultOf(() => service.processResponse(response)).code).toBe('provider_answer_invalid');
});

test.each([
  ['the token that was sent', { error: 'quota_used_up', refresh_token: 'r1' }],
  ['a rejection', { error: 'invalid_grant', refresh_token: 'r2' }],
])('%s beside an error is not a rotated one', async (_, body) => {
  answer = body;
  await expect(service.forceRefresh(await grant())).rejects.toThrow();
});
