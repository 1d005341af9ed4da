import { describe, expect, test } from 'vitest';
import { profileOf } from '#core/provider/provider-profile.ts';
import { providerTypes, type ProviderType } from '#core/provider/provider-type.ts';
import { refreshFailure } from '#core/session/refresh-plan.ts';
import type { FaultCode } from '#core/values/fault.ts';
import { isKnownError, tokenFault } from './token-fault.ts';

const statuses = [200, 302, 400, 401, 403, 404, 407, 408, 429, 500, 502, 503, 504];

describe.each(statuses)('with status %i', (status) => {
  test.each<[string, FaultCode, FaultCode]>([
    ['invalid_grant', 'grant_rejected', 'grant_rejected'],
    ['unauthorized_client', 'client_rejected', 'client_rejected'],
    ['access_denied', 'client_rejected', 'client_rejected'],
    ['invalid_client', 'client_rejected', 'client_rejected'],
    ['incorrect_client_credentials', 'client_rejected', 'client_rejected'],
    ['bad_refresh_token', 'grant_rejected', 'grant_rejected'],
    ['bad_verification_code', 'grant_rejected', 'grant_rejected'],
    ['expired_token', 'grant_rejected', 'grant_rejected'],
    ['invalid_request', 'authorization_failed', 'authorization_failed'],
    ['invalid_target', 'authorization_failed', 'authorization_failed'],
    ['slow_down', 'rate_limited', 'rate_limited'],
  ])('%s means %s at refresh, %s at exchange', (error, atRefresh, atExchange) => {
    expect(tokenFault('generic', 'refresh', { status, error }).fault.code).toBe(atRefresh);
    expect(tokenFault('generic', 'code', { status, error }).fault.code).toBe(atExchange);
  });
});

describe('only the providers whose documentation says so reject by', () => {
  const oauth2 = providerTypes.filter((type) => profileOf(type).protocol === 'oauth2');
  test.each<[string, readonly ProviderType[]]>([
    ['invalid_grant', oauth2],
    ['unauthorized_client', oauth2],
    ['invalid_client', oauth2],
    ['access_denied', ['atlassian-cloud', 'atlassian-gov-cloud', 'generic']],
    ['interaction_required', ['microsoft', 'generic']],
    ['consent_required', ['microsoft', 'generic']],
    ['login_required', ['microsoft', 'generic']],
    ['bad_token', ['microsoft', 'generic']],
    ['bad_refresh_token', ['generic']],
    ['expired_token', ['generic']],
    ['token_expired', []],
    ['token_revoked', []],
  ])('%s', (error, types) => {
    const rejecting = oauth2.filter((type) => {
      const { fault } = tokenFault(type, 'refresh', { status: 400, error });
      return refreshFailure(fault).unknownError === undefined;
    });
    expect([...rejecting].sort()).toEqual([...types].sort());
    expect(oauth2.filter((type) => isKnownError(type, error))).toEqual(rejecting);
  });
});

test('unauthorized_client at a refresh means the grant on Atlassian Cloud alone', () => {
  const codeOf = (type: ProviderType, grant: 'code' | 'refresh') =>
    tokenFault(type, grant, { status: 403, error: 'unauthorized_client' }).fault.code;
  expect(codeOf('atlassian-cloud', 'refresh')).toBe('grant_rejected');
  expect(codeOf('atlassian-cloud', 'code')).toBe('client_rejected');
  expect(codeOf('microsoft', 'refresh')).toBe('client_rejected');
});

test.each([
  [200, 'provider_answer_invalid', true],
  [204, 'provider_answer_invalid', true],
  [302, 'provider_answer_invalid', true],
  [308, 'provider_answer_invalid', true],
  [400, 'provider_answer_invalid', true],
  [401, 'provider_answer_invalid', true],
  [403, 'provider_answer_invalid', true],
  [404, 'provider_answer_invalid', true],
  [407, 'provider_answer_invalid', true],
  [408, 'provider_unreachable', true],
  [451, 'provider_answer_invalid', true],
  [500, 'provider_unreachable', true],
  [502, 'provider_unreachable', true],
  [503, 'provider_unreachable', false],
  [504, 'provider_unreachable', true],
  [511, 'provider_unreachable', true],
] as const)(
  'status %i without an OAuth error is %s: a transient error, the token may be rotated: %s',
  (status, code, mayHaveRotated) => {
    const { fault } = tokenFault('generic', 'refresh', { status, error: undefined });
    expect(fault.code).toBe(code);
    const isIntermediary =
      status >= 300 && status < 500 && status !== 408 ? { isIntermediary: true } : {};
    expect(refreshFailure(fault)).toEqual({ kind: 'transient', mayHaveRotated, ...isIntermediary });
    expect(tokenFault('generic', 'code', { status, error: undefined }).fault.code).toBe(code);
  },
);

test.each([
  ['server_error', 200, true],
  ['server_error', 500, true],
  ['temporarily_unavailable', 503, false],
])('%s with status %i is a transient error', (error, status, mayHaveRotated) => {
  const { fault } = tokenFault('generic', 'refresh', { status, error });
  expect(fault.code).toBe('provider_unreachable');
  expect(refreshFailure(fault)).toEqual({ kind: 'transient', mayHaveRotated });
});

test.each([
  [200, false],
  [400, false],
  [418, false],
  [500, true],
])(
  'an unknown error with status %i is a transient error with its code',
  (status, mayHaveRotated) => {
    const { fault } = tokenFault('generic', 'refresh', { status, error: 'quota_used_up' });
    const unknownError = 'quota_used_up';
    expect(refreshFailure(fault)).toEqual({ kind: 'transient', mayHaveRotated, unknownError });
  },
);

test('an unknown error at an exchange is reported with its code', () => {
  const { fault } = tokenFault('generic', 'code', { status: 200, error: 'quota_used_up' });
  expect(fault).toMatchObject({ code: 'authorization_failed', subject: 'quota_used_up' });
});

test('the name of a member that every object has is an unknown error', () => {
  const { fault } = tokenFault('generic', 'refresh', { status: 400, error: 'constructor' });
  expect(fault.code).toBe('provider_answer_invalid');
});

test('the fault has the wait that the service asks for', () => {
  const { fault } = tokenFault('generic', 'refresh', {
    status: 429,
    error: undefined,
    retryAfterMs: 5_000,
  });
  expect(fault).toMatchObject({ code: 'rate_limited', retryAfterMs: 5_000 });
});
