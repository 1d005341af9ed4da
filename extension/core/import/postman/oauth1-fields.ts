import type { Secret } from '../../values/secret.ts';
import type { FieldReader } from './field-reader.ts';

/** An OAuth 1.0a consumer as Postman has it. It does not know the three addresses of the server. */
export interface PostmanOauth1Fields {
  readonly consumerKey: string;
  readonly consumerSecret?: Secret;
  /** In PEM, when the consumer signs with it. */
  readonly privateKeyPem?: Secret;
  readonly signatureMethod: 'RSA-SHA1' | 'HMAC-SHA1';
  readonly realm?: string;
  /** Whether `oauth_version` is sent. */
  readonly sendsVersion: boolean;
}

/** What belongs to one request, or to how Postman sends it. */
const withoutMeaning = [
  ...['timestamp', 'nonce', 'callback', 'addParamsToHeader', 'autoAddParam'],
  ...['addEmptyParamsToSign', 'disableHeaderEncoding', 'includeBodyHash'],
];

/** Reads the fields of `oauth1`. */
export function readOauth1(reader: FieldReader): PostmanOauth1Fields {
  reader.pass(withoutMeaning);
  for (const token of ['token', 'tokenSecret', 'verifier']) {
    if (reader.secret(token) !== undefined) reader.warn('token_left_out', token);
  }
  // Postman signs with HMAC-SHA1 unless told otherwise.
  const method = reader.text('signatureMethod').toUpperCase() || 'HMAC-SHA1';
  if (method !== 'RSA-SHA1' && method !== 'HMAC-SHA1') {
    reader.warn('signature_method_unsupported', method);
  }
  const consumerSecret = reader.secret('consumerSecret');
  const privateKeyPem = reader.secret('privateKey');
  const realm = reader.text('realm');
  return {
    consumerKey: reader.text('consumerKey'),
    ...(consumerSecret === undefined ? {} : { consumerSecret }),
    ...(privateKeyPem === undefined ? {} : { privateKeyPem }),
    signatureMethod: method.startsWith('RSA') ? 'RSA-SHA1' : 'HMAC-SHA1',
    ...(realm === '' ? {} : { realm }),
    sendsVersion: reader.text('version') !== '',
  };
}
