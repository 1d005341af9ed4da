import { DerError } from './der.ts';
import { fromPkcs1, fromPkcs8, type RsaPrivateKey } from './rsa-key.ts';

/** What can be wrong with a private key from a person. The message key of each text is `problem_key_<name>`. */
export const keyProblems = [
  /** The text contains no PEM block. */
  'not_pem',
  /** The text contains several PEM blocks. */
  'several_blocks',
  /** The key has to be decrypted with its passphrase first. */
  'encrypted',
  /** A public key or a certificate. */
  'public_key',
  /** An elliptic curve, OpenSSH's own format, or another algorithm: RSA-SHA1 needs an RSA key. */
  'not_rsa',
  /** The end is missing. */
  'truncated',
  /** Not base64, or not a key inside. */
  'damaged',
  /** Shorter than 1024 bits, which servers do not accept. */
  'too_small',
] as const;
/** One of {@link keyProblems}. */
export type KeyProblem = (typeof keyProblems)[number];

/** A private key, or why the text is not one. */
export type ReadPrivateKey = { readonly key: RsaPrivateKey } | { readonly problem: KeyProblem };

/** Shorter RSA keys are rejected, in bits. */
const minKeyBits = 1024;
/** Shorter RSA keys are accepted with a warning, in bits: old application links have them. */
export const recommendedKeyBits = 2048;

const readers: Readonly<Record<string, (der: Uint8Array<ArrayBuffer>) => ReadPrivateKey>> = {
  'PRIVATE KEY': (der) => checkedKey(fromPkcs8(der)),
  'RSA PRIVATE KEY': (der) => checkedKey(fromPkcs1(der)),
  'ENCRYPTED PRIVATE KEY': () => ({ problem: 'encrypted' }),
  'PUBLIC KEY': () => ({ problem: 'public_key' }),
  'RSA PUBLIC KEY': () => ({ problem: 'public_key' }),
  CERTIFICATE: () => ({ problem: 'public_key' }),
};

/**
 * Reads an RSA private key in PEM, PKCS#8 or PKCS#1. Text around the PEM block is ignored.
 * @see RFC 7468; RFC 1421, section 4.6.1.1, for encrypted PKCS#1
 */
export function readPrivateKeyPem(text: string): ReadPrivateKey {
  const begins = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]{1,40})-----/gu)];
  const [begin] = begins;
  const label = begin?.[1] ?? '';
  if (begin === undefined) return { problem: 'not_pem' };
  if (begins.length > 1) return { problem: 'several_blocks' };
  const inner = text.slice(begin.index + begin[0].length);
  const end = inner.indexOf(`-----END ${label}-----`);
  if (end === -1) return { problem: 'truncated' };
  const body = inner.slice(0, end);
  if (/^Proc-Type:.*ENCRYPTED/mu.test(body)) return { problem: 'encrypted' };
  const read = Object.hasOwn(readers, label) ? readers[label] : undefined;
  // `EC PRIVATE KEY`, `DSA PRIVATE KEY`, `OPENSSH PRIVATE KEY`, …
  if (read === undefined) return { problem: / ?KEY$/u.test(label) ? 'not_rsa' : 'not_pem' };
  return readBody(body, read);
}

/** Encodes a public key (SubjectPublicKeyInfo) as PEM, as an application link needs it. @see RFC 7468, section 13 */
export function publicKeyPem(spki: Uint8Array): string {
  const binary = Array.from(spki, (byte) => String.fromCharCode(byte)).join('');
  const lines = btoa(binary).match(/.{1,64}/gu) ?? [];
  return ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----', ''].join('\n');
}

function readBody(
  body: string,
  read: (der: Uint8Array<ArrayBuffer>) => ReadPrivateKey,
): ReadPrivateKey {
  const base64 = body.replaceAll(/\s/gu, '');
  if (base64 === '') return { problem: 'truncated' };
  if (!/^[A-Za-z0-9+/]+={0,2}$/u.test(base64)) return { problem: 'damaged' };
  if (base64.length % 4 !== 0) return { problem: 'truncated' };
  try {
    return read(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
  } catch (thrown) {
    return { problem: thrown instanceof DerError && thrown.isTruncated ? 'truncated' : 'damaged' };
  }
}

function checkedKey(key: RsaPrivateKey | undefined): ReadPrivateKey {
  if (key === undefined) return { problem: 'not_rsa' };
  return key.modulusBits < minKeyBits ? { problem: 'too_small' } : { key };
}
