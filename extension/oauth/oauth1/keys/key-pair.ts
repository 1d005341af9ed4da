import { encodePem } from '#core/rsa-key/encode-pem.ts';
import { minKeyBits } from '#core/rsa-key/key-bits.ts';
import type { KeyProblem } from '#core/rsa-key/pem.ts';

/** RSA-SHA1 as a WebCrypto algorithm. @see RFC 5849, section 3.4.3; RFC 8017, section 8.2 */
const rsaSha1 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-1' } as const;

const keyPairParameters = {
  ...rsaSha1,
  modulusLength: 2048,
  publicExponent: Uint8Array.of(1, 0, 1),
} as const satisfies RsaHashedKeyGenParams;

/** The RSA keys of a consumer. The private key is not extractable, and is stored as a `CryptoKey`. */
export interface ConsumerKeyPair {
  readonly privateKey: CryptoKey;
  readonly publicKeyPem: string;
}

/** Generates a key pair. */
export async function generateConsumerKeyPair(subtle: SubtleCrypto): Promise<ConsumerKeyPair> {
  const pair = await subtle.generateKey(keyPairParameters, false, ['sign', 'verify']);
  return { privateKey: pair.privateKey, publicKeyPem: await pemOf(subtle, pair.publicKey) };
}

/**
 * Imports a private key and derives its public key.
 * @param pem PKCS#8 in PEM, without text around it: pages read other forms of a key and send this one
 */
export async function importConsumerKeyPair(
  subtle: SubtleCrypto,
  pem: string,
): Promise<{ readonly pair: ConsumerKeyPair } | { readonly problem: KeyProblem }> {
  const [, body] =
    /^-----BEGIN PRIVATE KEY-----([\w+/=\s]+)-----END PRIVATE KEY-----\s*$/u.exec(pem) ?? [];
  if (body === undefined) return { problem: 'not_pem' };
  let pkcs8: Uint8Array<ArrayBuffer> | undefined;
  try {
    pkcs8 = Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
    const privateKey = await subtle.importKey('pkcs8', pkcs8, rsaSha1, false, ['sign']);
    const publicKey = await publicKeyOf(subtle, pkcs8);
    const { modulusLength } = privateKey.algorithm as unknown as { readonly modulusLength: number };
    if (modulusLength < minKeyBits) return { problem: 'too_small' };
    if (!(await isPair(subtle, privateKey, publicKey))) return { problem: 'damaged' };
    return { pair: { privateKey, publicKeyPem: await pemOf(subtle, publicKey) } };
  } catch {
    // Not base64, not an RSA key, or one with wrong numbers.
    return { problem: 'damaged' };
  } finally {
    pkcs8?.fill(0);
  }
}

/** WebCrypto derives no public key, but exports the numbers of a private one. */
async function publicKeyOf(
  subtle: SubtleCrypto,
  pkcs8: Uint8Array<ArrayBuffer>,
): Promise<CryptoKey> {
  const readable = await subtle.importKey('pkcs8', pkcs8, rsaSha1, true, ['sign']);
  const { n = '', e = '' } = await subtle.exportKey('jwk', readable);
  return subtle.importKey('jwk', { kty: 'RSA', n, e }, rsaSha1, true, ['verify']);
}

async function pemOf(subtle: SubtleCrypto, publicKey: CryptoKey): Promise<string> {
  return encodePem('PUBLIC KEY', new Uint8Array(await subtle.exportKey('spki', publicKey)));
}

/** WebCrypto imports a key with a wrong number without an error; every signature would be invalid. */
async function isPair(
  subtle: SubtleCrypto,
  privateKey: CryptoKey,
  publicKey: CryptoKey,
): Promise<boolean> {
  const trial = new TextEncoder().encode('trial');
  const signature = await subtle.sign(rsaSha1.name, privateKey, trial);
  return subtle.verify(rsaSha1.name, publicKey, signature, trial);
}
