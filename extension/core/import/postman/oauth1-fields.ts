import type { Secret } from '../../values/secret.ts';
import type { FieldReader } from './field-reader.ts';

/** An OAuth 1.0a consumer of a Postman collection, which does not contain the endpoints of the server. */
export interface PostmanOauth1Fields {
  readonly consumerKey: string;
  readonly consumerSecret?: Secret;
  /** In PEM; only if the consumer signs with it. */
  readonly privateKeyPem?: Secret;
  readonly signatureMethod: 'RSA-SHA1' | 'HMAC-SHA1';
  readonly realm?: string;
  /** Whether `oauth_version` is sent. */
  readonly sendsVersion: boolean;
}

const requestFields = 'timestamp nonce callback addParamsToHeader autoAddParam';
const sendingFields = 'addEmptyParamsToSign disableHeaderEncoding includeBodyHash';
/** Fields for a single request, or for the way in which Postman sends it. */
const ignoredFields = `${requestFields} ${sendingFields}`.split(' ');

/** Reads the fields of `oauth1`. */
export function readOauth1(reader: FieldReader): PostmanOauth1Fields {
  reader.ignore(ignoredFields);
  for (const token of ['token', 'tokenSecret', 'verifier']) {
    if (reader.secret(token) !== undefined) reader.warn('token_left_out', token);
  }
  // Postman's default is HMAC-SHA1.
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
