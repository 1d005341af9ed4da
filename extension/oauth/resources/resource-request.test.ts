import { expect, test } from 'vitest';
import { blankDraft } from '#core/client/client-configuration.ts';
import { secret } from '#core/values/secret.ts';
import { rejection } from '../../../test/support/faults.ts';
import { client } from '../../../test/support/samples/oauth-samples.ts';
import { bearer } from './authorization-header.ts';
import { isOfProvider, type ResourceContext } from './resource-request.ts';
import { userinfoAccount } from './userinfo.ts';

test.each<[string, Record<string, string>, boolean]>([
  ['{"code":401,"message":"Unauthorized"}', {}, true],
  ['', { 'www-authenticate': 'Bearer error="insufficient_scope"' }, true],
  ['<html>', { 'www-authenticate': 'Basic realm="x", bearer' }, true],
  ['<html>', { 'www-authenticate': 'Basic realm="Bearer proxy"' }, false],
  ['<html>', { 'www-authenticate': 'Negotiate' }, false],
  ['"Unauthorized"', {}, false],
  ['[]', {}, false],
  ['null', {}, false],
  ['', {}, false],
])('a refusal with the body %j and %j is the provider’s: %s', async (body, headers, expected) => {
  const response = new Response(body, { status: 403, headers });
  expect(await isOfProvider(response)).toBe(expected);
  expect(response.bodyUsed).toBe(false);
});

const asked = (response: Response): ResourceContext => ({
  client: {
    ...client,
    ...blankDraft('generic'),
    userinfoEndpoint: 'https://as.example/me',
  },
  authorize: () => Promise.resolve(bearer(secret('a'))),
  scopes: [],
  fetch: () => Promise.resolve(response),
  subtle: crypto.subtle,
  signal: new AbortController().signal,
});

test.each([
  ['{"error":"insufficient_scope"}', 403],
  ['<h1>Not found</h1>', 404],
])('userinfo with %s and %i has no account', async (body, status) => {
  expect(await userinfoAccount(asked(new Response(body, { status })))).toEqual({});
});

test.each([401, 403, 407])(
  'a web page with %i is not a userinfo without account',
  async (status) => {
    const page = asked(new Response('<h1>Sign in</h1>', { status }));
    expect((await rejection(userinfoAccount(page))).code).toBe('provider_answer_invalid');
  },
);

test('userinfo that is a list cannot be read', async () => {
  const list = asked(new Response('[]'));
  expect((await rejection(userinfoAccount(list))).code).toBe('provider_answer_invalid');
});
