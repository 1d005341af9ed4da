import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { faultOf } from '../../test/support/faults.ts';
import { redirectUriSuffix, responseParameters } from './redirect-uri.ts';

const redirectUri = 'https://abcdefghijklmnop.chromiumapp.org/c2Nzb21lc3VmZml4MTI';

test('the suffix is the first 16 bytes of the SHA-256 of the authorization endpoint', async () => {
  const endpoint = 'https://auth.atlassian.com/authorize';
  const digest = createHash('sha256').update(endpoint).digest();
  const suffix = await redirectUriSuffix(endpoint, crypto);
  expect(suffix).toBe(digest.subarray(0, 16).toString('base64url'));
  expect(await redirectUriSuffix(`${endpoint}?tenant=other`, crypto)).not.toBe(suffix);
});

test.each(['?code=abc', '?code=abc#fragment', '#?code=abc', ''])(
  'accepts a response to the redirect URI itself: %s',
  (rest) => {
    const code = rest.startsWith('?') ? 'abc' : null;
    expect(responseParameters(redirectUri, `${redirectUri}${rest}`).get('code')).toBe(code);
  },
);

test.each([
  ['no URL', 'nonsense'],
  ['a longer path', `${redirectUri}/more?code=abc`],
  ['a longer last segment', `${redirectUri}more?code=abc`],
  ['a trailing slash', `${redirectUri}/?code=abc`],
  ['the suffix of another client', `${redirectUri.slice(0, -4)}abcd?code=abc`],
  ['an encoded letter', `${redirectUri.slice(0, -1)}%49?code=abc`],
  ['other letter case', `${redirectUri.toUpperCase()}?code=abc`],
  ['another host', redirectUri.replace('chromiumapp.org', 'evil.test')],
  ['another scheme', redirectUri.replace('https', 'http')],
  ['another port', redirectUri.replace('.org', '.org:8443')],
])('rejects %s', (_what, response) => {
  expect(faultOf(() => responseParameters(redirectUri, response)).code).toBe('redirect_rejected');
});
