import { beforeEach, describe, expect, test } from 'vitest';
import { rejection } from '../../support/faults.ts';
import { until } from '../../support/until.ts';
import { harness, useBackground } from '../use-session.ts';

useBackground();
let asked: string[];
let answer: (url: string, init: RequestInit) => Promise<Response>;
beforeEach(() => {
  asked = [];
  answer = () => Promise.resolve(Response.json(metadata));
  Object.assign(harness.world, {
    fetch: (url: string, init: RequestInit) => {
      asked.push(url);
      return answer(url, init);
    },
  });
});

const issuer = 'https://as.example';
const metadata = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  userinfo_endpoint: `${issuer}/me`,
  revocation_endpoint: `${issuer}/revoke`,
  code_challenge_methods_supported: ['plain', 'S256'],
  token_endpoint_auth_methods_supported: ['private_key_jwt', 'client_secret_post'],
  scopes_supported: ['openid', 'email'],
  authorization_response_iss_parameter_supported: true,
};

const document = `${issuer}/.well-known/openid-configuration`;
const discover = (typed = issuer) => {
  harness.world.hosts.add(`${issuer}/*`);
  return harness.ui('client.discover', { issuer: typed });
};

describe('discovery', () => {
  test('sends no request before the browser allows the host', async () => {
    expect(await rejection(harness.ui('client.discover', { issuer }))).toMatchObject({
      code: 'permission_missing',
      subject: `${issuer}/*`,
    });
    expect(asked).toEqual([]);
  });

  test('returns the metadata of the server, and saves nothing', async () => {
    const before = harness.world.local.dump();
    expect(await discover(` ${document} `)).toEqual({ metadata });
    expect(asked).toEqual([document]);
    expect(harness.world.local.dump()).toBe(before);
  });

  test.each([
    ['nonsense', 'issuer_invalid'],
    ['ftp://as.example', 'issuer_invalid'],
    ['https://as.example.', 'issuer_invalid'],
  ])('of %s asks nobody', async (typed, problem) => {
    expect(await harness.ui('client.discover', { issuer: typed })).toEqual({ problem });
    expect(asked).toEqual([]);
  });

  test('does not ask without TLS unless that is allowed by name', async () => {
    const http = 'http://intranet.example';
    harness.world.hosts.add(`${http}/*`);
    expect(await harness.ui('client.discover', { issuer: http })).toEqual({
      problem: 'issuer_not_https',
    });
    expect(asked).toEqual([]);
    await harness.ui('client.discover', { issuer: http, isHttpAllowed: true });
    expect(asked[0]).toBe(`${http}/.well-known/openid-configuration`);
  });

  test('of another issuer is reported as such', async () => {
    answer = () => Promise.resolve(Response.json({ ...metadata, issuer: 'https://other.example' }));
    expect(await discover()).toEqual({ problem: 'issuer_mismatch' });
  });

  test('ends with the timeout if there is no response', async () => {
    answer = (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => {
          reject(new Error('aborted'));
        });
      });
    const found = discover();
    await until(() => Promise.resolve(asked.length === 1));
    harness.world.elapse(14_999);
    expect(asked).toHaveLength(1);
    harness.world.elapse(1);
    expect(await found).toEqual({ problem: 'unreachable' });
    expect(asked).toHaveLength(1);
  });
});
