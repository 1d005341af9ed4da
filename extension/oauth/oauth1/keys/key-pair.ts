import { recommendedKeyBits, publicKeyPem, readPrivateKeyPem, type KeyProblem } from './pem.ts';

/** RSA-SHA1 in the words of WebCrypto. @see RFC 5849, section 3.4.3; RFC 8017, section 8.2 */
const rsaSha1 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-1' } as const;

/** How a key pair is generated. */
const keyPairParameters = {
  ...rsaSha1,
  modulusLength: recommendedKeyBits,
  publicExponent: Uint8Array.of(1, 0, 1),
} as const satisfies RsaHashedKeyGenParams;

/** The keys of a consumer. The private key cannot be exported, and may be stored as it is. */
export interface ConsumerKeyPair {
  readonly privateKey: CryptoKey;
  readonly publicKeyPem: string;
  /** Whether the key is shorter than is advised today. */
  readonly isWeak: boolean;
}

/** Makes a key pair. */
export async function generateConsumerKeyPair(subtle: SubtleCrypto): Promise<ConsumerKeyPair> {
  const pair = await subtle.generateKey(keyPairParameters, false, ['sign', 'verify']);
  const spki = await subtle.exportKey('spki', pair.publicKey);
  return {
    privateKey: pair.privateKey,
    publicKeyPem: publicKeyPem(new Uint8Array(spki)),
    isWeak: false,
  };
}

/** Takes a private key in PEM over; the public key follows from it. */
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
    if (!(await belongTogether(subtle, privateKey, publicKey))) return { problem: 'damaged' };
    const isWeak = modulusBits < recommendedKeyBits;
    return { pair: { privateKey, publicKeyPem: publicKeyPem(spki), isWeak } };
  } catch {
    // The form is right, but the numbers belong to no key.
    return { problem: 'damaged' };
  } finally {
    pkcs8.fill(0);
  }
}

/** A key with one wrong number is imported without complaint, and every signature would be invalid. */
async function belongTogether(
  subtle: SubtleCrypto,
  privateKey: CryptoKey,
  publicKey: CryptoKey,
): Promise<boolean> {
  const trial = new TextEncoder().encode('trial');
  const signature = await subtle.sign(rsaSha1.name, privateKey, trial);
  return subtle.verify(rsaSha1.name, publicKey, signature, trial);
}
