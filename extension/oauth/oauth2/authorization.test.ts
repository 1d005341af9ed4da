import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { faultOf } from '../../../test/support/faults.ts';
import { client, redirectUri, tuple } from '../../../test/support/samples/oauth-samples.ts';
import { authorizationUrl, newAttempt, readCallback } from './authorization.ts';

const attempt = newAttempt(client, tuple, redirectUri);
const { state } = attempt;

describe('the authorization URL', () => {
  test('requests a code with PKCE S256, state and the fixed parameters of Atlassian', async () => {
    const url = await authorizationUrl(attempt);
    const challenge = createHash('sha256').update(attempt.codeVerifier).digest('base64url');
    expect(`${url.origin}${url.pathname}`).toBe('https://auth.atlassian.com/authorize');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      audience: 'api.atlassian.com',
      prompt: 'consent',
      response_type: 'code',
      client_id: 'team-client',
      redirect_uri: redirectUri,
      scope: 'offline_access read:me',
      state,
      code_challenge: challenge,
      code_challenge_method: 'S256',
    });
    expect(url.href).not.toContain(attempt.codeVerifier);
  });
  test('has no scope parameter when no scope is requested', async () => {
    expect((await authorizationUrl({ ...attempt, scopes: [] })).searchParams.has('scope')).toBe(
      false,
    );
  });
  test('replaces parameters in the query of the endpoint', async () => {
    const authorizationEndpoint = `${tuple.authorizationEndpoint}?redirect_uri=https://evil.test&state=x&keep=1`;
    const url = await authorizationUrl({ ...attempt, tuple: { ...tuple, authorizationEndpoint } });
    expect(url.searchParams.getAll('redirect_uri')).toEqual([redirectUri]);
    expect(url.searchParams.getAll('state')).toEqual([state]);
    expect(url.searchParams.get('keep')).toBe('1');
  });
  test('verifiers and states are unique, long and of unreserved characters', () => {
    const attempts = Array.from({ length: 1000 }, () => newAttempt(client, tuple, redirectUri));
    for (const { codeVerifier } of attempts)
      expect(codeVerifier).toMatch(/^[A-Za-z0-9._~-]{43,128}$/u);
    expect(new Set(attempts.flatMap((one) => [one.codeVerifier, one.state])).size).toBe(2000);
  });
});

test.each([
  [`${redirectUri}?code=abc&state=${state}`],
  [`${redirectUri}?state=${state}&code=abc#fragment`],
  [`${redirectUri}?code=abc&state=${state}&iss=https://auth.atlassian.com`],
  [`${redirectUri}?code=abc&state=${state}&unknown=1`],
])('accepts a response that belongs to the attempt: %s', (redirect) => {
  expect(readCallback(attempt, redirect).get('code')).toBe('abc');
});

test("rejects another issuer than the client's, also one of the same origin", () => {
  const issuer = 'https://auth.atlassian.com/tenant-a';
  const ofTenant = newAttempt(client, { ...tuple, issuer }, redirectUri);
  const answer = `${redirectUri}?code=abc&state=${ofTenant.state}&iss=`;
  expect(readCallback(ofTenant, `${answer}${issuer}`).get('code')).toBe('abc');
  for (const iss of ['https://auth.atlassian.com/tenant-b', 'https://auth.atlassian.com'])
    expect(faultOf(() => readCallback(ofTenant, `${answer}${iss}`)).code).toBe('state_mismatch');
});

describe('rejects a redirect to another URL', () => {
  test.each([
    ['not a URL', 'nonsense'],
    ['more of the path', `${redirectUri}/cbevil?code=abc&state=${state}`],
    ['a longer last segment', `${redirectUri}evil?code=abc&state=${state}`],
    ['a trailing slash', `${redirectUri}/?code=abc&state=${state}`],
    ["another issuer's suffix", `${redirectUri.slice(0, -4)}abcd?code=abc&state=${state}`],
    ['an encoded letter', `${redirectUri.slice(0, -1)}%49?code=abc&state=${state}`],
    ['the suffix in capitals', `${redirectUri.toUpperCase()}?code=abc&state=${state}`],
    [
      'another host',
      `https://evil.test/${redirectUri.split('/').at(-1) ?? ''}?code=abc&state=${state}`,
    ],
    ['no TLS', `${redirectUri.replace('https', 'http')}?code=abc&state=${state}`],
    ['another port', `${redirectUri.replace('.org', '.org:8443')}?code=abc&state=${state}`],
  ])('%s', (_, redirect) => {
    expect(faultOf(() => readCallback(attempt, redirect)).code).toBe('redirect_rejected');
  });
});

describe('rejects a response that does not belong to the attempt', () => {
  test.each([
    ['a wrong state', `code=abc&state=${state}x`],
    ['no state', 'code=abc'],
    ['an empty state', 'code=abc&state='],
    ['the state twice', `code=abc&state=${state}&state=${state}`],
    ['a wrong and the right state', `code=abc&state=x&state=${state}`],
    ['two codes', `code=abc&code=def&state=${state}`],
    ['no code', `state=${state}`],
    ['an empty code', `code=&state=${state}`],
    ['nothing but a fragment', `#code=abc&state=${state}`],
    ['the issuer of another', `code=abc&state=${state}&iss=https://evil.example`],
    ['the issuer with a slash', `code=abc&state=${state}&iss=https://auth.atlassian.com/`],
    [
      'the issuer twice',
      `code=abc&state=${state}&iss=https://auth.atlassian.com&iss=https://auth.atlassian.com`,
    ],
    ['an error of another issuer', `error=access_denied&state=${state}&iss=https://evil.example`],
    ['an error with a wrong state', `error=access_denied&state=x`],
    ['an error without a state', `error=access_denied`],
    ['a whole JWT', `response=a.b.c`],
    ['an implicit token', `access_token=abc&token=abc&state=${state}`],
  ])('%s', (_, query) => {
    expect(faultOf(() => readCallback(attempt, `${redirectUri}?${query}`)).code).toBe(
      'state_mismatch',
    );
  });
});

test.each([
  ['error=access_denied', 'consent_denied', undefined],
  ['error=access_denied&code=abc', 'consent_denied', undefined],
  ['error=invalid_scope', 'authorization_failed', 'invalid_scope'],
  ['error=server_error&error_description=canary', 'authorization_failed', 'server_error'],
  ['error=Canary%20prose!', 'authorization_failed', undefined],
  ['error=invalid_request:%20canary', 'authorization_failed', 'invalid_request'],
  ['error=invalid_request&code=abc', 'authorization_failed', 'invalid_request'],
])('%s is reported as %s', (query, code, subject) => {
  const fault = faultOf(() => readCallback(attempt, `${redirectUri}?${query}&state=${state}`));
  expect([fault.code, fault.subject]).toEqual([code, subject]);
  expect(JSON.stringify(fault).toLowerCase()).not.toContain('canary');
});
