import { recommendedKeyBits, publicKeyPem, readPrivateKeyPem, type KeyProblem } from './pem.ts';

/** RSA-SHA1 as a WebCrypto algorithm. @see RFC 5849, section 3.4.3; RFC 8017, section 8.2 */
const rsaSha1 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-1' } as const;

const keyPairParameters = {
  ...rsaSha1,
  modulusLength: recommendedKeyBits,
  publicExponent: Uint8Array.of(1, 0, 1),
} as const satisfies RsaHashedKeyGenParams;

/** The RSA keys of a consumer. The private key is not extractable, and is stored as a `CryptoKey`. */
export interface ConsumerKeyPair {
  readonly privateKey: CryptoKey;
  readonly publicKeyPem: string;
  /** Whether the key is shorter than recommended. */
  readonly isWeak: boolean;
}

/** Generates a key pair of the recommended length. */
export async function generateConsumerKeyPair(subtle: SubtleCrypto): Promise<ConsumerKeyPair> {
  const pair = await subtle.generateKey(keyPairParameters, false, ['sign', 'verify']);
  const spki = await subtle.exportKey('spki', pair.publicKey);
  return {
    privateKey: pair.privateKey,
    publicKeyPem: publicKeyPem(new Uint8Array(spki)),
    isWeak: false,
  };
}

/** Imports a private key in PEM and derives its public key. */
export async function importConsumerKeyPair(
  subtle: SubtleCrypto,
  pem: string,
): Promise<{ readonly pair: ConsumerKeyPair } | { readonly problem: KeyProblem }> {
  const read = readPrivateKeyPem(pem);
  if ('problem' in read) return read;
  const { pkcs8, spki, modulusBits } = read.key;
  try {
    const privateKey = await subtle.importKey('pkcs8', pkcs8, rsaSha1, false, ['sign']);
    const publicKey = await subtle.importKey('spki', spki, rsaSha1, false, ['verify']);
    if (!(await isPair(subtle, privateKey, publicKey))) return { problem: 'damaged' };
    const isWeak = modulusBits < recommendedKeyBits;
    return { pair: { privateKey, publicKeyPem: publicKeyPem(spki), isWeak } };
  } catch {
    // Valid DER, but the numbers are not an RSA key.
    return { problem: 'damaged' };
  } finally {
    pkcs8.fill(0);
  }
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
