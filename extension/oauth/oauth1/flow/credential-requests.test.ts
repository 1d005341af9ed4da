import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { refreshFailure } from '#core/session/refresh-plan.ts';
import { reveal, secret } from '#core/values/secret.ts';
import { faultOf, rejection } from '../../../../test/support/faults.ts';
import { oauth1AuthorizationUrl, readOauth1Callback, type Oauth1Attempt } from './authorization.ts';
import {
  renewalRequest,
  temporaryCredentialsRequest,
  tokenCredentialsRequest,
  type CredentialRequestContext,
} from './credential-requests.ts';
import type { ServerResponse } from './credential-response.ts';
import {
  processRenewal,
  processTemporaryCredentials,
  processTokenCredentials,
  type TokenCredentials,
} from './credentials.ts';

const nowMs = 1_700_000_000_000;
const { signal } = new AbortController();
const endpoints = {
  requestTokenEndpoint: 'https://jira.example.com/jira/plugins/servlet/oauth/request-token',
  authorizationEndpoint: 'https://jira.example.com/jira/plugins/servlet/oauth/authorize',
  tokenEndpoint: 'https://jira.example.com/jira/plugins/servlet/oauth/access-token',
};
const pair = { token: secret('tok'), tokenSecret: secret('sec') };

interface Sent {
  url: string;
  init: RequestInit;
}
function context(answer: () => Response): { context: CredentialRequestContext; sent: Sent[] } {
  const sent: Sent[] = [];
  let clockMs = nowMs;
  return {
    sent,
    context: {
      subtle: crypto.subtle,
      consumer: {
        key: 'ext-key',
        signingKey: { method: 'HMAC-SHA1', consumerSecret: secret('shared') },
        sendsVersion: false,
      },
      endpoints,
      stamp: { nonce: 'n0nce', timestampS: nowMs / 1000 },
      fetch: (url, init) => {
        sent.push({ url, init });
        return Promise.resolve().then(answer);
      },
      signal,
      now: () => (clockMs += 1000),
    },
  };
}
const answered = (text: string, status = 200): ServerResponse => ({
  status,
  text,
  wwwAuthenticate: undefined,
  retryAfterMs: undefined,
  clockOffsetMs: undefined,
});
const good = 'oauth_token=tok2&oauth_token_secret=sec2';

describe('a request for credentials', () => {
  const authorizationOf = ({ init }: Sent): string =>
    new Headers(init.headers).get('authorization') ?? '';

  test('is one signed POST without body, cookies, cache and redirects', async () => {
    const { context: own, sent } = context(
      () => new Response(good, { headers: { date: 'Tue, 14 Nov 2023 22:13:31 GMT' } }),
    );
    const { answer, signed } = await temporaryCredentialsRequest(own, 'https://x.test/cb?a=1');
    expect(sent).toHaveLength(1);
    expect(sent[0]?.url).toBe('https://jira.example.com/jira/plugins/servlet/oauth/request-token');
    expect(sent[0]?.init).toMatchObject({
      method: 'POST',
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
      signal,
    });
    expect(sent[0]?.init.body).toBeUndefined();
    expect(authorizationOf(sent[0]!)).toContain(
      'oauth_callback="https%3A%2F%2Fx.test%2Fcb%3Fa%3D1"',
    );
    expect(authorizationOf(sent[0]!)).not.toContain('oauth_token=');
    expect(signed.baseUri).toBe(sent[0]?.url);
    expect(answer).toMatchObject({ status: 200, text: good, clockOffsetMs: 10_000 });
  });
  test('carries token and verifier, or token and session handle', async () => {
    const { context: own, sent } = context(() => new Response(good));
    await tokenCredentialsRequest(own, pair, secret('ver'));
    await renewalRequest(own, { ...pair, sessionHandle: secret('handle') });
    expect(sent.map(({ url }) => url)).toEqual([endpoints.tokenEndpoint, endpoints.tokenEndpoint]);
    expect(authorizationOf(sent[0]!)).toMatch(/oauth_token="tok".*oauth_verifier="ver"/u);
    expect(authorizationOf(sent[1]!)).toMatch(/oauth_token="tok".*oauth_session_handle="handle"/u);
  });
  test('without a response is reported as unreachable', async () => {
    const { context: own } = context(() => {
      throw new TypeError('Failed to fetch');
    });
    const fault = await rejection(temporaryCredentialsRequest(own, 'https://x.test/cb'));
    expect(fault.code).toBe('provider_unreachable');
  });
  test('resolves to the challenge of the response', async () => {
    const challenge = 'OAuth oauth_problem="token_rejected"';
    const headers = { 'www-authenticate': challenge };
    const { context: own } = context(() => new Response('', { status: 401, headers }));
    const { answer } = await temporaryCredentialsRequest(own, 'https://x.test/cb');
    expect(answer.wwwAuthenticate).toBe(challenge);
  });
  test('is not sent for a renewal without a session handle', async () => {
    const { context: own, sent } = context(() => new Response(good));
    expect((await rejection(renewalRequest(own, pair))).code).toBe('grant_rejected');
    expect(sent).toEqual([]);
  });
});

describe('a response with credentials', () => {
  const granted = (text: string): TokenCredentials => {
    const processed = processTokenCredentials(answered(text), nowMs);
    if ('problem' in processed) throw new Error(processed.problem.name);
    return processed.granted;
  };
  test('contains them with their expiry by our clock', () => {
    const credentials = granted(
      `${good}&oauth_expires_in=157680000&oauth_authorization_expires_in=160272000&oauth_session_handle=h\n`,
    );
    expect(credentials.expiresAtMs).toBe(nowMs + 157_680_000_000);
    const { token, tokenSecret, sessionHandle } = credentials;
    expect([token, tokenSecret, sessionHandle!].map(reveal)).toEqual(['tok2', 'sec2', 'h']);
    expect(inspect(credentials, { depth: 9, showHidden: true })).not.toMatch(/tok2|sec2/u);
  });
  test.each([
    '',
    '&oauth_expires_in=0',
    '&oauth_expires_in=soon',
    '&oauth_expires_in=1.5',
    '&oauth_expires_in=0x1',
    '&oauth_expires_in=3155760001',
    '&oauth_expires_in=999999999999',
  ])('has an unknown expiry with %j', (more) => {
    expect(granted(`${good}${more}`)).not.toHaveProperty('expiresAtMs');
  });
  test('may be valid for 100 years', () => {
    const { expiresAtMs } = granted(`${good}&oauth_expires_in=3155760000`);
    expect(expiresAtMs).toBe(nowMs + 3_155_760_000_000);
  });
  test('keeps the session handle if a renewal does not return one', () => {
    const previous = {
      ...pair,
      expiresAtMs: 1,
      sessionHandle: secret('h1'),
    };
    const kept = processRenewal(previous, answered(good), nowMs);
    expect('granted' in kept && reveal(kept.granted.sessionHandle!)).toBe('h1');
    expect('granted' in kept && kept.granted.expiresAtMs).toBeUndefined();
    const replaced = processRenewal(previous, answered(`${good}&oauth_session_handle=h2`), nowMs);
    expect('granted' in replaced && reveal(replaced.granted.sessionHandle!)).toBe('h2');
  });
  test('has to confirm the callback if they are temporary', () => {
    const process = (more: string) => processTemporaryCredentials(answered(`${good}${more}`));
    expect(process('&oauth_callback_confirmed=true')).toHaveProperty('granted.token');
    for (const more of ['', '&oauth_callback_confirmed=false']) {
      expect(faultOf(() => process(more))).toMatchObject({
        code: 'provider_answer_invalid',
        subject: 'oauth_callback_confirmed',
      });
    }
  });
});

test.each([
  ['<html><title>Log in</title></html>', 200, 'provider_answer_invalid', 'oauth_token'],
  ['', 200, 'provider_answer_invalid', 'oauth_token'],
  ['oauth_token=a', 200, 'provider_answer_invalid', 'oauth_token'],
  ['oauth_token=&oauth_token_secret=b', 200, 'provider_answer_invalid', 'oauth_token'],
  [`${good}&oauth_token=other`, 200, 'provider_answer_invalid', undefined],
  ['Not found', 404, 'provider_answer_invalid', '404'],
  [good, 300, 'provider_answer_invalid', '300'],
  ['', 302, 'provider_answer_invalid', '302'],
  [`${good}&oauth_problem=consumer_suspended`, 200, 'authorization_failed', 'consumer_suspended'],
  // No status is a refusal: an intermediary sends them, too.
  ['', 401, 'provider_answer_invalid', '401'],
  ['<html><a href="?a=b&oauth_problem=token_rejected&">', 401, 'provider_answer_invalid', '401'],
  ['', 403, 'provider_answer_invalid', '403'],
  ['', 407, 'provider_answer_invalid', '407'],
  ['', 500, 'provider_unreachable', undefined],
  ['', 503, 'provider_unreachable', '503'],
  ['', 429, 'rate_limited', undefined],
  ['', 408, 'provider_unreachable', undefined],
])('the response %j with %i is reported as %s', (text, status, code, subject) => {
  const fault = faultOf(() => processTokenCredentials(answered(text, status), nowMs));
  expect({ code: fault.code, subject: fault.subject }).toEqual({ code, subject });
});

test.each([200, 201, 299])('credentials are taken with %i', (status) => {
  expect(processTokenCredentials(answered(good, status), nowMs)).toHaveProperty('granted.token');
});

describe.each([400, 401, 403])('with %i', (status) => {
  const challenged = { ...answered('', status), wwwAuthenticate: 'OAuth realm="x"' };
  test('a challenge without a problem rejects the client', () => {
    const fault = faultOf(() => processRenewal(pair, challenged, nowMs));
    expect(fault).toMatchObject({ code: 'client_rejected', subject: String(status) });
  });
  test('an unknown problem is reported with its name, and does not end the grant', () => {
    const answer = answered('oauth_problem=consumer_suspended', status);
    expect(faultOf(() => processTokenCredentials(answer, nowMs))).toMatchObject({
      code: 'authorization_failed',
      subject: 'consumer_suspended',
    });
    expect(refreshFailure(faultOf(() => processRenewal(pair, answer, nowMs)))).toEqual({
      kind: 'transient',
      mayHaveRotated: false,
      unknownError: 'consumer_suspended',
    });
  });
});

test('a challenge beside the credentials does not reject them', () => {
  const answer = { ...answered(good), wwwAuthenticate: 'OAuth realm="x"' };
  expect(processTokenCredentials(answer, nowMs)).toHaveProperty('granted.token');
});

test.each([401, 400, 200, 500])('a problem is returned, not thrown, with status %i', (status) => {
  const answer = answered('oauth_problem=consumer_key_unknown', status);
  const problem = { problem: { name: 'consumer_key_unknown' } };
  expect(processTokenCredentials(answer, nowMs)).toEqual(problem);
  expect(processTemporaryCredentials(answer)).toEqual(problem);
  expect(processRenewal(pair, answer, nowMs)).toEqual(problem);
});

describe('the authorization in the browser', () => {
  const redirectUri = 'https://abc.chromiumapp.org/cb';
  const attempt: Oauth1Attempt = {
    consumerKey: 'ext-key',
    ...endpoints,
    redirectUri,
    requestToken: 'tok',
    requestTokenSecret: 'sec',
  };

  test('begins at the authorization endpoint, whose own query is kept', () => {
    expect(oauth1AuthorizationUrl(attempt).href).toBe(
      'https://jira.example.com/jira/plugins/servlet/oauth/authorize?oauth_token=tok',
    );
    const authorizationEndpoint = 'https://trello.test/authorize?name=Threelo&scope=read';
    const other = { ...attempt, authorizationEndpoint };
    expect(oauth1AuthorizationUrl(other).href).toBe(`${authorizationEndpoint}&oauth_token=tok`);
  });
  test('ends with the verifier', () => {
    const verifier = readOauth1Callback(
      attempt,
      `${redirectUri}?oauth_token=tok&oauth_verifier=v1`,
    );
    expect(reveal(verifier)).toBe('v1');
  });
  test.each([
    [`${redirectUri}?oauth_token=tok&oauth_verifier=denied`, 'consent_denied'],
    [`${redirectUri}?denied=tok`, 'consent_denied'],
    [`${redirectUri}?oauth_token=tok&denied=tok`, 'consent_denied'],
    [`${redirectUri}?oauth_token=tok&oauth_problem=user_refused`, 'consent_denied'],
    [`${redirectUri}?oauth_token=tok&oauth_problem=permission_denied`, 'authorization_failed'],
    [`${redirectUri}?oauth_token=other&oauth_verifier=v1`, 'state_mismatch'],
    [`${redirectUri}?oauth_token=other&oauth_verifier=denied`, 'state_mismatch'],
    [`${redirectUri}?denied=other`, 'state_mismatch'],
    [`${redirectUri}?oauth_verifier=v1`, 'state_mismatch'],
    [`${redirectUri}?oauth_token=tok&oauth_token=other&oauth_verifier=v1`, 'state_mismatch'],
    [`${redirectUri}?oauth_token=tok&oauth_verifier=v1&oauth_verifier=v2`, 'state_mismatch'],
    [`${redirectUri}?oauth_token=tok&oauth_verifier=`, 'state_mismatch'],
    [`${redirectUri}?oauth_token=tok`, 'state_mismatch'],
    [`${redirectUri}/?oauth_token=tok&oauth_verifier=v1`, 'redirect_rejected'],
    ['https://evil.chromiumapp.org/cb?oauth_token=tok&oauth_verifier=v1', 'redirect_rejected'],
    ['nonsense', 'redirect_rejected'],
  ])('%s is reported as %s', (redirect, code) => {
    expect(faultOf(() => readOauth1Callback(attempt, redirect)).code).toBe(code);
  });
  test('that fails is reported with the problem, if it is a known one', () => {
    const subjectOf = (problem: string) => {
      const redirect = `${redirectUri}?oauth_token=tok&oauth_problem=${problem}`;
      return faultOf(() => readOauth1Callback(attempt, redirect)).subject;
    };
    expect(subjectOf('permission_denied')).toBe('permission_denied');
    expect(subjectOf('odd')).toBeUndefined();
  });
});
