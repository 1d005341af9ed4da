import { reveal, type Secret } from '#core/values/secret.ts';
import { percentEncode } from './form-encoding.ts';

/** The key with which a consumer signs: its private key, or the secret that it shares with the server. */
export type SigningKey =
  | { readonly method: 'RSA-SHA1'; readonly privateKey: CryptoKey }
  | { readonly method: 'HMAC-SHA1'; readonly consumerSecret: Secret };

/**
 * Signs a base string and returns `oauth_signature`, in base64. Only HMAC-SHA1 uses the token secret.
 * @throws DOMException from `subtle` when the key cannot be used with the method
 */
export async function sign(
  subtle: SubtleCrypto,
  key: SigningKey,
  tokenSecret: Secret | undefined,
  baseString: string,
): Promise<string> {
  const bytes = new TextEncoder().encode(baseString);
  if (key.method === 'RSA-SHA1') {
    return toBase64(await subtle.sign('RSASSA-PKCS1-v1_5', key.privateKey, bytes));
  }
  const secrets = [key.consumerSecret, tokenSecret];
  const text = secrets.map((part) => (part ? percentEncode(reveal(part)) : '')).join('&');
  const hmac = await subtle.importKey(
    'raw',
    new TextEncoder().encode(text),
    { name: 'HMAC', hash: 'SHA-1' },
    false,
    ['sign'],
  );
  return toBase64(await subtle.sign('HMAC', hmac, bytes));
}

function toBase64(buffer: ArrayBuffer): string {
  return btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(''));
}
