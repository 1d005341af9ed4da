import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Issuer } from './generic/issuer.ts';
import { startStandin, type Standin } from './standin.ts';

const CALLBACK = 'https://demo.threelo.test/callback';
const VERIFIER = 'v'.repeat(43);
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
const CLIENT = { clientId: 'generic', clientSecret: 'generic-secret-0123456789abcdef012345' };

let standin: Standin;
let first: Issuer;
beforeEach(async () => {
  standin = await startStandin();
  ({ first } = standin.generic);
  for (const issuer of Object.values(standin.generic) as Issuer[]) {
    const clientAuthentication = 'client_secret_post';
    issuer.clients.add({ ...CLIENT, redirectUris: [CALLBACK], clientAuthentication });
  }
});
afterEach(() => standin.close());

async function walk(issuer: Issuer, changes: Record<string, string> = {}, choice = {}) {
  const query = new URLSearchParams({
    client_id: CLIENT.clientId,
    redirect_uri: CALLBACK,
    response_type: 'code',
    scope: 'openid offline_access notes',
    prompt: 'consent',
    state: 'state-1',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...changes,
  });
  const back = await standin.consent(`${issuer.issuer}/auth?${query}`, choice);
  return new URL(back).searchParams;
}

function post(issuer: Issuer, fields: Record<string, string>, path = '/token') {
  const client = { client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret };
  const body = new URLSearchParams({ ...client, ...fields });
  return standin.fetch(issuer.issuer + path, { method: 'POST', body });
}

const exchange = (issuer: Issuer, code: string | null, verifier = VERIFIER) =>
  post(issuer, {
    grant_type: 'authorization_code',
    redirect_uri: CALLBACK,
    code: code ?? '',
    code_verifier: verifier,
  });

const renew = (refreshToken: string) =>
  post(first, { grant_type: 'refresh_token', refresh_token: refreshToken });

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

async function signIn(): Promise<Tokens> {
  return (await (await exchange(first, (await walk(first)).get('code'))).json()) as Tokens;
}

const notes = (token: string) =>
  standin.fetch(`${first.issuer}/api/notes`, { headers: { authorization: `Bearer ${token}` } });

test.each(['openid-configuration', 'oauth-authorization-server'])('publishes %s', async (name) => {
  const answer = await standin.fetch(`${first.issuer}/.well-known/${name}`);
  expect(await answer.json()).toMatchObject({
    issuer: 'https://issuer-one.example.test',
    authorization_endpoint: 'https://issuer-one.example.test/auth',
    token_endpoint: 'https://issuer-one.example.test/token',
    revocation_endpoint: 'https://issuer-one.example.test/token/revocation',
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  });
});

test('a person signs in, calls, refreshes and is signed out', async () => {
  const back = await walk(first, {}, { account: 'bo' });
  expect([back.get('iss'), back.get('state')]).toEqual([first.issuer, 'state-1']);
  const tokens = (await (await exchange(first, back.get('code'))).json()) as Tokens;
  expect(await (await notes(tokens.access_token)).json()).toMatchObject({ owner: 'bo' });
  const fresh = (await (await renew(tokens.refresh_token)).json()) as Tokens;
  expect(fresh.refresh_token).not.toBe(tokens.refresh_token);
  expect((await notes(fresh.access_token)).status).toBe(200);
  expect((await post(first, { token: fresh.refresh_token }, '/token/revocation')).status).toBe(200);
  expect((await renew(fresh.refresh_token)).status).toBe(400);
  expect(standin.auditor.crossings).toEqual([]);
  expect(standin.auditor.strayBearers).toEqual([]);
  expect(standin.issued.map(({ kind }) => kind)).toContain('refresh');
});

test('a rotated refresh token, used again, ends the whole grant', async () => {
  const old = await signIn();
  const fresh = (await (await renew(old.refresh_token)).json()) as Tokens;
  expect((await renew(old.refresh_token)).status).toBe(400);
  expect((await renew(fresh.refresh_token)).status).toBe(400);
  expect((await notes(fresh.access_token)).status).toBe(401);
});

test('expiry goes by the stand-in’s clock', async () => {
  const code = (await walk(first)).get('code');
  standin.clock.advance(61_000);
  expect((await exchange(first, code)).status).toBe(400);
  const tokens = await signIn();
  standin.clock.advance(3_601_000);
  expect((await notes(tokens.access_token)).status).toBe(401);
  expect((await renew(tokens.refresh_token)).status).toBe(200);
});

test('PKCE is required, and checked', async () => {
  expect((await exchange(first, (await walk(first)).get('code'), 'w'.repeat(43))).status).toBe(400);
  const plain = await walk(first, { code_challenge_method: 'plain' });
  expect(plain.get('error')).toBe('invalid_request');
});

test('a denial', async () => {
  expect((await walk(first, {}, { decision: 'cancel' })).get('error')).toBe('access_denied');
});

test('the redirect back can be spoiled', async () => {
  const { second } = standin.generic;
  const stolen = (await walk(second)).get('code') ?? '';
  first.tamper = { iss: second.issuer, dropState: true, code: stolen };
  const back = await walk(first);
  expect([back.get('iss'), back.get('state'), back.get('code')]).toEqual([
    second.issuer,
    null,
    stolen,
  ]);
  first.tamper = { dropIss: true };
  expect((await walk(first)).has('iss')).toBe(false);
  expect((await exchange(first, stolen)).status).toBe(400);
  expect(standin.auditor.crossings).toMatchObject([
    { issuer: second.issuer, seenAt: first.issuer, kind: 'code' },
  ]);
});
