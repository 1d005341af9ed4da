import { expect, test } from 'vitest';
import { tokenFault } from './token-fault.ts';

test.each([
  ['refresh', 403, 'invalid_grant', 'grant_rejected'],
  ['refresh', 400, 'invalid_grant', 'grant_rejected'],
  ['refresh', 403, 'unauthorized_client', 'grant_rejected'],
  ['code', 403, 'invalid_grant', 'grant_rejected'],
  ['code', 403, 'unauthorized_client', 'client_rejected'],
  ['refresh', 401, 'access_denied', 'client_rejected'],
  ['refresh', 401, 'invalid_client', 'client_rejected'],
  ['code', 401, 'access_denied', 'client_rejected'],
  ['refresh', 500, undefined, 'provider_unreachable'],
  ['refresh', 503, 'temporarily_unavailable', 'provider_unreachable'],
  ['refresh', 429, undefined, 'rate_limited'],
  ['code', 429, 'rate_limited', 'rate_limited'],
  ['refresh', 408, undefined, 'provider_unreachable'],
  ['code', 400, 'invalid_request', 'authorization_failed'],
  ['code', 400, 'invalid_target', 'authorization_failed'],
  ['refresh', 403, undefined, 'provider_answer_invalid'],
  ['refresh', 200, undefined, 'provider_answer_invalid'],
  ['code', 302, undefined, 'provider_answer_invalid'],
] as const)('%s: %i %s means %s', (grant, status, error, code) => {
  expect(tokenFault(grant, status, error).fault.code).toBe(code);
});

test("a provider's free text is not repeated", () => {
  expect(JSON.stringify(tokenFault('code', 400, 'Canary prose').fault)).not.toContain('Canary');
});

test('the fault has the wait that the service asks for', () => {
  expect(tokenFault('refresh', 429, undefined, 5_000).fault.retryAfterMs).toBe(5_000);
});
