import { createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OAuth1Provider } from './oauth1/oauth1-provider.ts';
import { baseStringOf, isSignedBy } from './oauth1/verify.ts';
import { startStandin, type Standin } from './standin.ts';

const CALLBACK = 'https://demo.threelo.test/callback';
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publicKeyPem = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();

let standin: Standin;
let jira: OAuth1Provider;
let thirdParty: OAuth1Provider;
beforeEach(async () => {
  standin = await startStandin();
  ({ jira, thirdParty } = standin.oauth1);
  jira.consumers.add({ key: 'ext-key', name: 'Threelo', publicKeyPem });
  thirdParty.consumers.add({ key: 'shared-key', name: 'Threelo', secret: 'shared-secret' });
});
afterEach(() => standin.close());

type Pairs = Readonly<Record<string, string>>;
interface Token {
  readonly oauth_token: string;
  readonly oauth_token_secret: string;
  readonly oauth_session_handle?: string;
}
interface Signed {
  readonly method?: string;
  readonly token?: Token | undefined;
  readonly oauth?: Pairs;
  readonly form?: Pairs;
  /** Signs for another address than the one that is called. */
  readonly signFor?: string;
  readonly secret?: string;
}

const escape = (value: string) =>
  encodeURIComponent(value).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** A small signer of its own: the server's base string comes from a package. */
function signed(url: string, options: Signed = {}): Promise<Response> {
  const { method = 'POST', token, form, signFor = url, secret = 'shared-secret' } = options;
  const isRsa = url.startsWith(jira.baseUrl);
  const oauth: Pairs = {
    oauth_consumer_key: isRsa ? 'ext-key' : 'shared-key',
    oauth_signature_method: isRsa ? 'RSA-SHA1' : 'HMAC-SHA1',
    oauth_timestamp: String(Math.floor(standin.clock.nowMs() / 1000)),
    oauth_nonce: crypto.randomUUID(),
    oauth_version: '1.0',
    ...(token ? { oauth_token: token.oauth_token } : {}),
    ...options.oauth,
  };
  const target = new URL(signFor);
  const pairs = [...Object.entries(oauth), ...target.searchParams, ...Object.entries(form ?? {})];
  const sorted = pairs.map((pair) => pair.map(escape).join('=')).sort();
  const base = [method, target.origin + target.pathname, sorted.join('&')].map(escape).join('&');
  const hmacKey = `${escape(secret)}&${escape(token?.oauth_token_secret ?? '')}`;
  const signature = isRsa
    ? createSign('sha1').update(base).sign(keys.privateKey, 'base64')
    : createHmac('sha1', hmacKey).update(base).digest('base64');
  const all = { realm: '', ...oauth, oauth_signature: signature };
  const list = Object.entries(all).map(([name, value]) => `${name}="${escape(value)}"`);
  const headers = { authorization: `OAuth ${list.join(', ')}` };
  return standin.fetch(url, {
    method,
    headers,
    ...(form ? { body: new URLSearchParams(form) } : {}),
  });
}

const pairOf = async (response: Response) =>
  Object.fromEntries(new URLSearchParams(await response.text())) as unknown as Token;

async function problemOf(response: Response): Promise<string | null> {
  expect(response.status).toBe(401);
  const body = new URLSearchParams(await response.text());
  const problem = body.get('oauth_problem');
  expect(response.headers.get('www-authenticate')).toContain(`oauth_problem="${problem}"`);
  return problem;
}

const begin = (provider: OAuth1Provider, oauth: Pairs = { oauth_callback: CALLBACK }) =>
  signed(provider.endpoints.requestToken, { oauth });

async function approve(provider: OAuth1Provider, choice = {}) {
  const token = await pairOf(await begin(provider));
  const url = `${provider.endpoints.authorize}?oauth_token=${token.oauth_token}`;
  const back = new URL(await standin.consent(url, choice)).searchParams;
  expect(back.get('oauth_token')).toBe(token.oauth_token);
  return { token, verifier: back.get('oauth_verifier') ?? '' };
}

const exchange = (provider: OAuth1Provider, token: Token, oauth: Pairs) =>
  signed(provider.endpoints.accessToken, { token, oauth });

async function signIn(provider: OAuth1Provider): Promise<Token> {
  const { token, verifier } = await approve(provider);
  return pairOf(await exchange(provider, token, { oauth_verifier: verifier }));
}

const myself = (token: Token, options: Signed = {}) =>
  signed(`${jira.baseUrl}/rest/api/2/myself`, { method: 'GET', token, ...options });

/** RFC 5849 §1.2 and §3.4.1.1 (whose printed signature has an erratum). */
const client = 'oauth_consumer_key="dpf43f3p2l4k3l03", oauth_signature_method="HMAC-SHA1"';
test.each([
  [
    'POST',
    'https://photos.example.net/initiate',
    `OAuth realm="Photos", ${client}, oauth_timestamp="137131200", oauth_nonce="wIjqoS", oauth_callback="http%3A%2F%2Fprinter.example.com%2Fready", oauth_signature="74KNZJeDHnMBp0EMJ9ZHt%2FXKycU%3D"`,
    '',
  ],
  [
    'POST',
    'https://photos.example.net/token',
    `OAuth realm="Photos", ${client}, oauth_token="hh5s93j4hdidpola", oauth_timestamp="137131201", oauth_nonce="walatlh", oauth_verifier="hfdp7dh39dks9884", oauth_signature="gKgrFCywp7rO0OXSjdot%2FIHF7IU%3D"`,
    'hdhd0244k9j7ao03',
  ],
  [
    'GET',
    'http://photos.example.net/photos?file=vacation.jpg&size=original',
    `OAuth realm="Photos", ${client}, oauth_token="nnch734d00sl2jdk", oauth_timestamp="137131202", oauth_nonce="chapoH", oauth_signature="MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D"`,
    'pfkkdhi9sl3r4s00',
  ],
] as const)('RFC 5849: %s %s', (method, url, authorization, tokenSecret) => {
  const key = { method: 'HMAC-SHA1', consumerSecret: 'kd94hf93k423kf44', tokenSecret } as const;
  expect(isSignedBy({ method, url, authorization }, key)).toBe(true);
  expect(isSignedBy({ method, url, authorization }, { ...key, tokenSecret: 'x' })).toBe(false);
  expect(isSignedBy({ method, url: `${url}?x`, authorization }, key)).toBe(false);
});

test('RFC 5849 §3.4.1.1: the base string', () => {
  const authorization =
    'OAuth realm="Example", oauth_consumer_key="9djdj82h48djs9d2", oauth_token="kkk9d7dh3k39sjv7", oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131201", oauth_nonce="7d8f3e4a", oauth_signature="r6%2FTJjbCOr97%2F%2BUU0NsvSne7s5g%3D"';
  const url = 'http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b';
  const request = { method: 'POST', url, formBody: 'c2&a3=2+q', authorization };
  expect(baseStringOf(request)).toBe(
    'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
  );
  const consumerSecret = 'j49sk3j29djd';
  const key = { method: 'HMAC-SHA1', consumerSecret, tokenSecret: 'dh893hdasih9' } as const;
  expect(isSignedBy(request, key)).toBe(true);
});

test('a person signs in to Jira, calls, renews', async () => {
  const started = await begin(jira);
  expect(started.headers.get('content-type')).toContain('text/plain');
  expect(await pairOf(started)).toMatchObject({ oauth_callback_confirmed: 'true' });
  const token = await signIn(jira);
  expect(token).toMatchObject({
    oauth_expires_in: '157680000',
    oauth_authorization_expires_in: '160272000',
  });
  expect(await (await myself(token)).json()).toMatchObject({ name: 'ada' });
  const jql = new URLSearchParams({ jql: 'project = "A&B" ORDER BY created', maxResults: '5' });
  const search = `${jira.baseUrl}/rest/api/2/search?${jql}`;
  expect(await (await signed(search, { method: 'GET', token })).json()).toMatchObject({ total: 3 });
  const whoami = await signed(`${jira.baseUrl}/plugins/servlet/applinks/whoami`, {
    method: 'GET',
    token,
  });
  expect(await whoami.text()).toBe('ada');
  const oauth = { oauth_session_handle: token.oauth_session_handle ?? '' };
  const fresh = await pairOf(await exchange(jira, token, oauth));
  expect(await problemOf(await myself(token))).toBe('token_rejected');
  expect((await myself(fresh)).status).toBe(200);
  expect(standin.auditor.crossings).toEqual([]);
});

test('a third party: HMAC-SHA1 with a form body, and no end in sight', async () => {
  const token = await signIn(thirdParty);
  expect(token).not.toHaveProperty('oauth_expires_in');
  const url = `${thirdParty.baseUrl}/api/echo?a=1&a=2`;
  const answer = await signed(url, { token, form: { "it's": 'a + b', empty: '' } });
  expect(await answer.json()).toMatchObject({
    owner: 'ada',
    query: [
      ['a', '1'],
      ['a', '2'],
    ],
  });
  expect(await problemOf(await signed(url, { token, secret: 'wrong' }))).toBe('signature_invalid');
});

test('a denial comes back as a verifier', async () => {
  const { token, verifier } = await approve(jira, { decision: 'cancel' });
  expect(verifier).toBe('denied');
  expect(await problemOf(await exchange(jira, token, { oauth_verifier: verifier }))).toBe(
    'permission_denied',
  );
});

test.each<[string, Pairs]>([
  ['consumer_key_unknown', { oauth_consumer_key: 'who' }],
  ['signature_method_rejected', { oauth_signature_method: 'HMAC-SHA1' }],
  ['version_rejected', { oauth_version: '2.0' }],
  ['timestamp_refused', { oauth_timestamp: '1' }],
  ['parameter_rejected', { oauth_callback: 'javascript:1' }],
])('%s', async (problem, oauth) => {
  expect(await problemOf(await begin(jira, { oauth_callback: CALLBACK, ...oauth }))).toBe(problem);
});

test('parameter_absent names what is absent', async () => {
  const answer = await begin(jira, {});
  expect(answer.headers.get('www-authenticate')).toContain(
    'oauth_parameters_absent="oauth_callback"',
  );
  expect(await problemOf(answer)).toBe('parameter_absent');
});

test('a nonce is used once', async () => {
  const token = await signIn(jira);
  const oauth = { oauth_nonce: 'n' };
  expect((await myself(token, { oauth })).status).toBe(200);
  expect(await problemOf(await myself(token, { oauth }))).toBe('nonce_used');
});

test('a server whose clock is ten minutes off says so', async () => {
  jira.settings.clockOffsetMs = 600_000;
  const answer = await begin(jira);
  const nowMs = standin.clock.nowMs();
  expect(Date.parse(answer.headers.get('date') ?? '') - nowMs).toBeGreaterThan(590_000);
  expect(await problemOf(answer)).toBe('timestamp_refused');
  const oauth_timestamp = String(Math.floor(nowMs / 1000) + 600);
  expect((await begin(jira, { oauth_callback: CALLBACK, oauth_timestamp })).status).toBe(200);
});

test('behind a proxy that does not forward, the sign-in fails by its signature', async () => {
  jira.settings.seenBaseUrl = 'http://jira-node-1:8080/jira';
  const answer = await begin(jira);
  expect(answer.headers.get('www-authenticate')).toContain('realm="http://jira-node-1:8080/jira"');
  expect(await problemOf(answer)).toBe('signature_invalid');
});

test('a base address without the context path fails by its signature', async () => {
  const token = await signIn(jira);
  const signFor = 'https://legacy.example.test/rest/api/2/myself';
  expect(await problemOf(await myself(token, { signFor }))).toBe('signature_invalid');
});

test('tokens: unapproved, wrong verifier, used, expired, revoked', async () => {
  const early = await pairOf(await begin(jira));
  const wrong = { oauth_verifier: 'x' };
  expect(await problemOf(await exchange(jira, early, wrong))).toBe('permission_unknown');
  const { token, verifier } = await approve(jira);
  expect(await problemOf(await exchange(jira, token, wrong))).toBe('token_rejected');
  expect(await problemOf(await exchange(jira, token, {}))).toBe('parameter_absent');
  const right = { oauth_verifier: verifier };
  const access = await pairOf(await exchange(jira, token, right));
  expect(await problemOf(await exchange(jira, token, right))).toBe('token_used');
  expect(await problemOf(await myself(token))).toBe('token_rejected');
  const late = await approve(jira);
  standin.clock.advance(600_001);
  expect(await problemOf(await exchange(jira, late.token, { oauth_verifier: late.verifier }))).toBe(
    'token_expired',
  );
  standin.clock.advance(157_680_000_000);
  expect(await problemOf(await myself(access))).toBe('token_expired');
  const handle = { oauth_session_handle: access.oauth_session_handle ?? '' };
  const renewed = await pairOf(await exchange(jira, access, handle));
  expect((await myself(renewed)).status).toBe(200);
  jira.revokeAll();
  expect(await problemOf(await myself(renewed))).toBe('token_rejected');
});

test('any problem can be forced', async () => {
  const token = await signIn(jira);
  jira.settings.refuse = { at: 'api', problem: 'additional_authorization_required' };
  expect(await problemOf(await myself(token))).toBe('additional_authorization_required');
  jira.settings.refuse = { at: 'request-token', problem: 'user_refused' };
  expect(await problemOf(await begin(jira))).toBe('user_refused');
});

test('no OAuth 2.0 there, and nobody is anonymous', async () => {
  expect((await standin.fetch(`${jira.baseUrl}/rest/oauth2/latest/authorize`)).status).toBe(404);
  expect((await standin.fetch(`${jira.baseUrl}/rest/api/2/myself`)).status).toBe(401);
});
