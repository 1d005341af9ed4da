import { toHex } from '#core/values/bytes-as-text.ts';
import { BrokerError } from '#core/values/fault.ts';
import { reveal, type Secret } from '#core/values/secret.ts';
import { percentEncode, type Parameter } from './form-encoding.ts';
import {
  requestParameters,
  signatureBaseString,
  type SignatureBaseString,
  type SignedMessage,
} from './signature-base-string.ts';
import { sign, type SigningKey } from './signature.ts';

/** What a consumer (RFC 5849: client) needs to sign requests. */
export interface Consumer {
  readonly key: string;
  readonly signingKey: SigningKey;
  /** Sent in the header but not signed; most servers do not need it. */
  readonly realm?: string;
  /** Whether the optional `oauth_version=1.0` is sent. */
  readonly sendsVersion: boolean;
}

/** A token and its shared secret: temporary credentials or token credentials. */
export interface TokenPair {
  readonly token: Secret;
  readonly tokenSecret: Secret;
}

/** Nonce and timestamp of one request. A retry needs new ones. @see RFC 5849, section 3.3 */
export interface Stamp {
  readonly nonce: string;
  /** Seconds since 1970 by the server's clock. */
  readonly timestampS: number;
}

/** The signature of a request, and what was signed. */
export interface SignedRequest {
  /** The value of the `Authorization` header. */
  readonly authorization: string;
  /** Contains the token; only the result of `diagnosticsOf` may be shown. */
  readonly baseString: SignatureBaseString;
}

/**
 * Creates the nonce and the timestamp of a request.
 * @param nowMs by our clock, in epoch milliseconds
 * @param clockOffsetMs how far the server's clock is ahead of ours, in milliseconds
 * @param random at least 16 random bytes
 * @see RFC 5849, section 3.3
 */
export function stampAt(nowMs: number, clockOffsetMs: number, random: Uint8Array): Stamp {
  return {
    nonce: toHex(random),
    timestampS: Math.floor((nowMs + clockOffsetMs) / 1000),
  };
}

/**
 * Signs a request.
 * @param extra `oauth_` parameters of a request for credentials, e.g. `oauth_callback`
 * @throws BrokerError `invalid_request` when the URL is invalid, or when query or body already contain one of the
 *   protocol parameters, which may occur only once
 * @see RFC 5849, sections 3.1, 3.4 and 3.5.1
 */
export async function signRequest(
  subtle: SubtleCrypto,
  consumer: Consumer,
  message: SignedMessage,
  stamp: Stamp,
  token?: TokenPair,
  extra: readonly Parameter[] = [],
): Promise<SignedRequest> {
  const parameters: Parameter[] = [
    ['oauth_consumer_key', consumer.key],
    ...(token === undefined ? [] : [['oauth_token', reveal(token.token)] as const]),
    ['oauth_signature_method', consumer.signingKey.method],
    ['oauth_timestamp', String(stamp.timestampS)],
    ['oauth_nonce', stamp.nonce],
    ...(consumer.sendsVersion ? [['oauth_version', '1.0'] as const] : []),
    ...extra,
  ];
  refuseRepeated(message, parameters);
  const baseString = signatureBaseString(message, parameters);
  const signature = await sign(subtle, consumer.signingKey, token?.tokenSecret, baseString.text);
  const signed: Parameter[] = [...parameters, ['oauth_signature', signature]];
  return { authorization: authorizationHeader(signed, consumer.realm), baseString };
}

/** The value of the `Authorization` header. @see RFC 5849, section 3.5.1 */
export function authorizationHeader(parameters: readonly Parameter[], realm?: string): string {
  const quoted = realm?.replaceAll(/["\\]/gu, (character) => `\\${character}`);
  const parts = parameters.map(
    ([name, value]) => `${percentEncode(name)}="${percentEncode(value)}"`,
  );
  return `OAuth ${[...(quoted === undefined ? [] : [`realm="${quoted}"`]), ...parts].join(', ')}`;
}

function refuseRepeated(message: SignedMessage, parameters: readonly Parameter[]): void {
  const names = new Set([...parameters.map(([name]) => name), 'oauth_signature']);
  const repeated = requestParameters(message).find(([name]) => names.has(name));
  if (repeated !== undefined) throw new BrokerError('invalid_request', { subject: repeated[0] });
}
