import { constants, createHmac, timingSafeEqual, verify } from 'node:crypto';
import OAuth from 'oauth-1.0a';

/** A signed request as the server sees it. */
export interface SignedRequest {
  readonly method: string;
  /** The address by which the server knows itself, with the query as it was sent. */
  readonly url: string;
  /** Present when the body is a form. */
  readonly formBody?: string;
  readonly authorization?: string;
}

/** What a signature is checked with. */
export type VerificationKey =
  | { readonly method: 'HMAC-SHA1'; readonly consumerSecret: string; readonly tokenSecret: string }
  | { readonly method: 'RSA-SHA1'; readonly publicKeyPem: string };

/** All parameters of a request, apart from `realm`. */
export interface RequestParameters {
  /** The `oauth_…` ones, wherever they were. */
  readonly oauth: ReadonlyMap<string, string>;
  /** Every pair that is signed: all but `oauth_signature`. */
  readonly signed: readonly (readonly [string, string])[];
  /** Names of `oauth_…` parameters that occur more than once. */
  readonly repeated: readonly string[];
}

/** Collects the parameters of header, query and form body (RFC 5849 §3.4.1.3.1). */
export function readParameters({ url, formBody, authorization }: SignedRequest): RequestParameters {
  const all = [
    ...headerPairs(authorization ?? ''),
    ...new URL(url).searchParams,
    ...new URLSearchParams(formBody ?? ''),
  ];
  const own = all.filter(([name]) => name.startsWith('oauth_'));
  const names = own.map(([name]) => name);
  return {
    oauth: new Map(own),
    signed: all.filter(([name]) => name !== 'oauth_signature'),
    repeated: names.filter((name, at) => names.indexOf(name) !== at),
  };
}

/** The signature base string (RFC 5849 §3.4.1), put together by the `oauth-1.0a` package. */
export function baseStringOf(request: SignedRequest): string {
  const { origin, pathname } = new URL(request.url);
  const grouped: Record<string, string | string[]> = {};
  for (const [name, value] of readParameters(request).signed) {
    const earlier = grouped[name];
    grouped[name] = earlier === undefined ? value : [earlier, value].flat();
  }
  const library = new OAuth({ consumer: { key: '', secret: '' } });
  const { method } = request;
  const target = { url: origin + pathname, method, data: grouped };
  return library.getBaseString(target, {} as OAuth.Data);
}

/** Whether the request carries a signature by this key. */
export function isSignedBy(request: SignedRequest, key: VerificationKey): boolean {
  const signature = Buffer.from(
    readParameters(request).oauth.get('oauth_signature') ?? '',
    'base64',
  );
  const text = Buffer.from(baseStringOf(request));
  if (key.method === 'RSA-SHA1') {
    const padded = { key: key.publicKeyPem, padding: constants.RSA_PKCS1_PADDING };
    return verify('sha1', text, padded, signature);
  }
  const library = new OAuth({ consumer: { key: '', secret: key.consumerSecret } });
  const expected = createHmac('sha1', library.getSigningKey(key.tokenSecret)).update(text).digest();
  return signature.length === expected.length && timingSafeEqual(signature, expected);
}

/** The pairs of `Authorization: OAuth …` without `realm` (RFC 5849 §3.5.1). */
function headerPairs(authorization: string): [string, string][] {
  const [, list = ''] = /^OAuth\s+(.*)$/is.exec(authorization) ?? [];
  return [...list.matchAll(/([^\s,="]+)="([^"]*)"/g)].flatMap(([, name = '', value = '']) =>
    name.toLowerCase() === 'realm' ? [] : [[decodeURIComponent(name), decodeURIComponent(value)]],
  );
}
