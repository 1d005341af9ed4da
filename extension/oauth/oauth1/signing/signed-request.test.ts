import { describe, expect, test } from 'vitest';
import { reveal, secret } from '#core/values/secret.ts';
import { rejection } from '../../../../test/support/faults.ts';
import { diagnosticsOf } from './base-string-report.ts';
import { authorizationHeader, signRequest, stampAt, type Consumer } from './signed-request.ts';

const { subtle } = crypto;
const consumer: Consumer = {
  key: 'dpf43f3p2l4k3l03',
  signingKey: { method: 'HMAC-SHA1', consumerSecret: secret('kd94hf93k423kf44') },
  sendsVersion: false,
};
const token = (name: string, shared: string) => ({
  token: secret(name),
  tokenSecret: secret(shared),
});
const signatureIn = (authorization: string): string =>
  decodeURIComponent(/oauth_signature="([^"]+)"/u.exec(authorization)?.[1] ?? '');

describe('the vectors of RFC 5849', () => {
  test.each([
    [
      'temporary credentials',
      { method: 'POST', url: 'https://photos.example.net/initiate' },
      { nonce: 'wIjqoS', timestampS: 137131200 },
      undefined,
      [['oauth_callback', 'http://printer.example.com/ready']],
      '74KNZJeDHnMBp0EMJ9ZHt/XKycU=',
    ],
    [
      'token credentials',
      { method: 'POST', url: 'https://photos.example.net/token' },
      { nonce: 'walatlh', timestampS: 137131201 },
      token('hh5s93j4hdidpola', 'hdhd0244k9j7ao03'),
      [['oauth_verifier', 'hfdp7dh39dks9884']],
      'gKgrFCywp7rO0OXSjdot/IHF7IU=',
    ],
    [
      'a resource',
      {
        method: 'GET',
        url: 'http://photos.example.net/photos?file=vacation.jpg&size=original',
      },
      { nonce: 'chapoH', timestampS: 137131202 },
      token('nnch734d00sl2jdk', 'pfkkdhi9sl3r4s00'),
      [],
      'MdpQcU8iPSUjWoN/UDMsK2sui9I=',
    ],
  ] as const)('%s', async (_, message, stamp, pair, extra, signature) => {
    const signed = await signRequest(subtle, consumer, message, stamp, pair, extra);
    expect(signatureIn(signed.authorization)).toBe(signature);
  });

  const section3411 = (consumerSecret: string, tokenSecret: string) =>
    signRequest(
      subtle,
      {
        key: '9djdj82h48djs9d2',
        signingKey: { method: 'HMAC-SHA1', consumerSecret: secret(consumerSecret) },
        sendsVersion: false,
        realm: 'Example',
      },
      {
        method: 'POST',
        url: 'http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b',
        formBody: 'c2&a3=2+q',
      },
      { nonce: '7d8f3e4a', timestampS: 137131201 },
      token('kkk9d7dh3k39sjv7', tokenSecret),
    );
  test('section 3.4.1.1, with the signature that follows from its base string', async () => {
    const signed = await section3411('j49sk3j29djd', 'dh893hdasih9');
    expect(signed.authorization).toBe(
      'OAuth realm="Example", oauth_consumer_key="9djdj82h48djs9d2", oauth_token="kkk9d7dh3k39sjv7", oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131201", oauth_nonce="7d8f3e4a", oauth_signature="r6%2FTJjbCOr97%2F%2BUU0NsvSne7s5g%3D"',
    );
  });
  test('section 3.4.1.1, with secrets that have to be encoded, equals the signature of OpenSSL', async () => {
    const secrets = ['ECrDNoq1VYzzzzzzzzzyAK7TwZNtPnkqatqZZZZ', 'just-a-string    asdasd'] as const;
    const signed = await section3411(...secrets);
    expect(signatureIn(signed.authorization)).toBe('wsdNmjGB7lvis0UJuPAmjvX/PXw=');
  });
});

test('a version is sent and signed if the consumer sends it', async () => {
  const signed = await signRequest(
    subtle,
    { ...consumer, sendsVersion: true },
    { method: 'GET', url: 'https://x.test/' },
    { nonce: 'n', timestampS: 1 },
  );
  expect(signed.authorization).toContain('oauth_version="1.0"');
  expect(signed.baseString.text).toContain('oauth_version%3D1.0');
});

test.each([
  ['https://x.test/?oauth_token=mine', undefined, 'oauth_token'],
  ['https://x.test/?oauth%5Fnonce=1', undefined, 'oauth_nonce'],
  ['https://x.test/', 'a=1&oauth_signature=x', 'oauth_signature'],
])('a request that contains a protocol parameter is rejected: %s %s', async (...parts) => {
  const [url, formBody, subject] = parts;
  const message = { method: 'POST', url, ...(formBody === undefined ? {} : { formBody }) };
  const work = signRequest(
    subtle,
    consumer,
    message,
    { nonce: 'n', timestampS: 1 },
    token('t', 's'),
  );
  expect(await rejection(work)).toMatchObject({ code: 'invalid_request', subject });
});

test('the header quotes the realm and encodes everything else', () => {
  expect(authorizationHeader([['oauth_x', 'a "b" ü']], 'say "hi" \\ bye')).toBe(
    'OAuth realm="say \\"hi\\" \\\\ bye", oauth_x="a%20%22b%22%20%C3%BC"',
  );
});

test('a timestamp is by the clock of the server, in whole seconds', () => {
  const random = Uint8Array.of(0, 1, 171, 255);
  expect(stampAt(1_700_000_000_999, 0, random)).toEqual({
    nonce: '0001abff',
    timestampS: 1_700_000_000,
  });
  expect(stampAt(1_700_000_000_999, -600_000, random).timestampS).toBe(1_699_999_400);
});

test('diagnostics contain what was signed, without token, verifier and session handle', async () => {
  const pair = token('canary-token', 'canary-secret');
  const signed = await signRequest(
    subtle,
    consumer,
    { method: 'GET', url: 'https://jira.example.com/jira/rest?q=a%20b' },
    { nonce: 'n', timestampS: 1 },
    pair,
    [
      ['oauth_verifier', 'canary-verifier'],
      ['oauth_session_handle', 'canary-handle'],
    ],
  );
  expect(signed.baseString.text).toContain(reveal(pair.token));
  const shown = diagnosticsOf(signed.baseString);
  expect(JSON.stringify(shown)).not.toContain('canary');
  expect(shown).toEqual({
    method: 'GET',
    baseUri: 'https://jira.example.com/jira/rest',
    parameters: [
      { name: 'oauth_consumer_key', value: 'dpf43f3p2l4k3l03' },
      { name: 'oauth_nonce', value: 'n' },
      { name: 'oauth_session_handle', value: '[oauth_session_handle]' },
      { name: 'oauth_signature_method', value: 'HMAC-SHA1' },
      { name: 'oauth_timestamp', value: '1' },
      { name: 'oauth_token', value: '[oauth_token]' },
      { name: 'oauth_verifier', value: '[oauth_verifier]' },
      { name: 'q', value: 'a b' },
    ],
    baseString: expect.stringMatching(
      /^GET&https%3A%2F%2Fjira\.example\.com%2Fjira%2Frest&.*q%3Da%2520b$/u,
    ) as string,
    baseStringLength: signed.baseString.text.length,
  });
});
