import fc from 'fast-check';
import { createHmac, createVerify, generateKeyPairSync } from 'node:crypto';
import OAuth from 'oauth-1.0a';
import { expect, test } from 'vitest';
import { pkcs8PemOf } from '#core/rsa-key/pem.ts';
import { secret } from '#core/values/secret.ts';
import { generateConsumerKeyPair, importConsumerKeyPair } from '../keys/key-pair.ts';
import {
  signRequest,
  type Consumer,
  type SignedRequest,
  type TokenPair,
} from './signed-request.ts';

/** The same requests in every run. */
const seed = 20_261_121;
const { subtle } = crypto;

interface RandomRequest {
  readonly method: string;
  readonly base: string;
  readonly query: readonly (readonly [string, string])[];
  readonly form: readonly (readonly [string, string])[] | undefined;
  readonly space: '+' | '%20';
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly token: readonly [string, string] | undefined;
  readonly nonce: string;
  readonly timestampS: number;
  readonly callback: string | undefined;
}

const text = fc.string({ unit: 'grapheme', maxLength: 8 });
// The other implementation stores parameters in a plain object, which has inherited names.
const name = fc
  .oneof(text, fc.constantFrom('a', 'a-b', 'jql', 'a[]', 'ü', 'oauth_x', "!'()*", 'A', '~'))
  .filter((candidate) => candidate !== '' && !(candidate in {}));
const value = fc.oneof(text, fc.constantFrom('', '1', '10', '2', 'project = "A&B"', '%20', '+'));
const pairs = fc.array(fc.tuple(name, value), { maxLength: 6 });
const segment = fc.oneof(
  text.map(encodeURIComponent),
  fc.constantFrom('rest', 'api', '2', 'a;b=c', 'r%20v', '%7Euser', 'A'),
);
const randomRequest: fc.Arbitrary<RandomRequest> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'delete'),
  base: fc
    .tuple(
      fc.constantFrom('https://jira.example.com', 'http://localhost:2990', 'https://x.test:8443'),
      fc.constantFrom('', '/jira', '/confluence', '/a/b'),
      fc.array(segment, { minLength: 1, maxLength: 4 }),
    )
    .map(([origin, context, path]) => new URL(`${origin}${context}/${path.join('/')}`).href),
  query: pairs,
  form: fc.option(pairs, { nil: undefined }),
  space: fc.constantFrom('+', '%20'),
  consumerKey: text,
  consumerSecret: text,
  token: fc.option(fc.tuple(text, text), { nil: undefined }),
  nonce: fc.stringMatching(/^[a-z0-9]{1,32}$/u),
  timestampS: fc.integer({ min: 1, max: 4_000_000_000 }),
  callback: fc.option(fc.webUrl({ withQueryParameters: true }), { nil: undefined }),
});

const encoded = (list: RandomRequest['query'], space: string): string =>
  list
    .map((pair) => pair.map((part) => encodeURIComponent(part).replaceAll('%20', space)).join('='))
    .join('&');

async function signedByUs(
  request: RandomRequest,
  key: Consumer['signingKey'],
): Promise<SignedRequest> {
  const { method, base, query, form, space, token, nonce, timestampS, callback } = request;
  const pair: TokenPair | undefined = token && {
    token: secret(token[0]),
    tokenSecret: secret(token[1]),
  };
  const url = query.length === 0 ? base : `${base}?${encoded(query, space)}`;
  return signRequest(
    subtle,
    { key: request.consumerKey, signingKey: key, sendsVersion: true },
    { method, url, ...(form === undefined ? {} : { formBody: encoded(form, space) }) },
    { nonce, timestampS },
    pair,
    callback === undefined ? [] : [['oauth_callback', callback]],
  );
}

/** The other implementation with its header parameters as a server would read them from ours. */
function other(request: RandomRequest, authorization: string, method: string) {
  const header = new Map(
    [...authorization.matchAll(/(oauth_\w+)="([^"]*)"/gu)].map(
      ([, key = '', encodedValue = '']) => [key, decodeURIComponent(encodedValue)] as const,
    ),
  );
  const signature = header.get('oauth_signature') ?? '';
  header.delete('oauth_signature');
  const data: Record<string, string[]> = {};
  // Query and body are merged here: that package loses one of two equal names in different places.
  for (const [key, each] of [...request.query, ...(request.form ?? [])])
    (data[key] ??= []).push(each);
  const oauth = new OAuth({
    consumer: { key: request.consumerKey, secret: request.consumerSecret },
    signature_method: method,
    hash_function: (base, key) => createHmac('sha1', key).update(base).digest('base64'),
  });
  const message = { method: request.method, url: request.base, data };
  const parameters = Object.fromEntries(header) as unknown as OAuth.Data;
  return { oauth, message, parameters, signature };
}

test('10,000 random requests have the base string and signature of an independent implementation', async () => {
  const property = fc.asyncProperty(randomRequest, async (request) => {
    const consumerSecret = secret(request.consumerSecret);
    const ours = await signedByUs(request, { method: 'HMAC-SHA1', consumerSecret });
    const theirs = other(request, ours.authorization, 'HMAC-SHA1');
    expect(ours.baseString.text).toBe(
      theirs.oauth.getBaseString(theirs.message, theirs.parameters),
    );
    const tokenSecret = request.token?.[1];
    expect(theirs.signature).toBe(
      theirs.oauth.getSignature(theirs.message, tokenSecret, theirs.parameters),
    );
  });
  await fc.assert(property, { numRuns: 10_000, seed });
}, 120_000);

test('random requests signed by RSA-SHA1 are verified by an independent implementation', async () => {
  const { privateKey, publicKeyPem } = await generateConsumerKeyPair(subtle);
  const property = fc.asyncProperty(randomRequest, async (request) => {
    const ours = await signedByUs(request, { method: 'RSA-SHA1', privateKey });
    const theirs = other(request, ours.authorization, 'RSA-SHA1');
    const base = theirs.oauth.getBaseString(theirs.message, theirs.parameters);
    expect(ours.baseString.text).toBe(base);
    const verifier = createVerify('RSA-SHA1').update(base);
    expect(verifier.verify(publicKeyPem, theirs.signature, 'base64')).toBe(true);
  });
  await fc.assert(property, { numRuns: 1000, seed });
}, 120_000);

test('the signature with an imported key is valid, but not for a changed request', async () => {
  const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs1',
    format: 'pem',
  });
  const read = pkcs8PemOf(pem.toString());
  if ('problem' in read) throw new Error(read.problem);
  const imported = await importConsumerKeyPair(subtle, read.pem);
  if ('problem' in imported) throw new Error(imported.problem);
  const { privateKey, publicKeyPem } = imported.pair;
  const signed = await signRequest(
    subtle,
    { key: 'k', signingKey: { method: 'RSA-SHA1', privateKey }, sendsVersion: false },
    { method: 'GET', url: 'https://jira.example.com/jira/rest/api/2/myself' },
    { nonce: 'n', timestampS: 1_700_000_000 },
    { token: secret('tok'), tokenSecret: secret('unused') },
  );
  const [, signature = ''] = /oauth_signature="([^"]+)"/u.exec(signed.authorization) ?? [];
  const verifies = (base: string): boolean =>
    createVerify('RSA-SHA1')
      .update(base)
      .verify(publicKeyPem, decodeURIComponent(signature), 'base64');
  expect(verifies(signed.baseString.text)).toBe(true);
  expect(verifies(signed.baseString.text.replace('myself', 'others'))).toBe(false);
});
