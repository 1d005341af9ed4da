import { DerError } from './der.ts';
import { encodePem } from './encode-pem.ts';
import { minKeyBits } from './key-bits.ts';
import { fromPkcs1, fromPkcs8, type OtherAlgorithm, type RsaPrivateKey } from './rsa-key.ts';

/** What can be wrong with a private key from a person. The message key of each text is `problem_key_<name>`. */
export const keyProblems = [
  /** The text contains no PEM block. */
  'not_pem',
  /** The text contains several private keys. */
  'several_blocks',
  /** The key has to be decrypted with its passphrase first. */
  'encrypted',
  'public_key',
  /** A certificate, or a request for one. */
  'certificate',
  /** A key on an elliptic curve. */
  'ec_key',
  /** OpenSSH's own format, or another algorithm: RSA-SHA1 needs an RSA key. */
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

/** A private key as the worker accepts it, or why the text is not one. */
export type Pkcs8Pem = { readonly pem: string } | { readonly problem: KeyProblem };

type Reader = (der: Uint8Array<ArrayBuffer>) => ReadPrivateKey;

const readers: Readonly<Record<string, Reader>> = {
  'PRIVATE KEY': (der) => checkedKey(fromPkcs8(der)),
  'RSA PRIVATE KEY': (der) => checkedKey(fromPkcs1(der)),
};
/** What a block is that holds no RSA private key, by its label. The first pattern that fits decides. */
const otherBlocks: readonly (readonly [RegExp, KeyProblem])[] = [
  [/^ENCRYPTED PRIVATE KEY$/u, 'encrypted'],
  [/PUBLIC KEY$/u, 'public_key'],
  [/CERTIFICATE|^PKCS7$/u, 'certificate'],
  [/^EC(?:DSA)? /u, 'ec_key'],
  // `DSA PRIVATE KEY`, `OPENSSH PRIVATE KEY`, …
  [/KEY$/u, 'not_rsa'],
];
/** Problems of blocks that may stand beside a private key, e.g. in the export of a key store. */
const besideKey: readonly KeyProblem[] = [
  'not_pem',
  'public_key',
  'certificate',
  'ec_key',
  'not_rsa',
];

/** The maximum length of a text that is searched for a key, in UTF-16 code units. */
const maxTextLength = 65_536;

/**
 * Reads an RSA private key in PEM, PKCS#8 or PKCS#1. Text around the PEM blocks is ignored, and so are other blocks
 * beside exactly one RSA private key. Line breaks may be written as `\n`, as in JSON or in a variable of an environment.
 * @see RFC 7468; RFC 1421, section 4.6.1.1, for encrypted PKCS#1
 */
export function readPrivateKeyPem(text: string): ReadPrivateKey {
  if (text.length > maxTextLength) return { problem: 'damaged' };
  // From the beginning of a run of backslashes only: a long run would be searched again from each of them.
  const unescaped = text.replaceAll(/(?<!\\)\\+[rn]/gu, '\n').replaceAll(/(?<!\\)\\+\//gu, '/');
  const begins = [...unescaped.matchAll(/-----BEGIN ([A-Z0-9 ]{1,40})-----/gu)];
  const blocks = begins.map((begin, at) => {
    const start = begin.index + begin[0].length;
    return readBlock(begin[1] ?? '', unescaped.slice(start, begins[at + 1]?.index));
  });
  const keys = blocks.filter((block) => !('problem' in block && besideKey.includes(block.problem)));
  if (keys.length > 1) return { problem: 'several_blocks' };
  const [first] = blocks;
  // Of several blocks without such a key, a private key of another kind says more than what stands beside it.
  const other = blocks.find(
    (block) => 'problem' in block && ['ec_key', 'not_rsa'].includes(block.problem),
  );
  return keys[0] ?? other ?? first ?? { problem: 'not_pem' };
}

function readBlock(label: string, inner: string): ReadPrivateKey {
  const read = Object.hasOwn(readers, label) ? readers[label] : undefined;
  const other = otherBlocks.find(([pattern]) => pattern.test(label))?.[1] ?? 'not_pem';
  const end = inner.indexOf(`-----END ${label}-----`);
  if (end === -1 && (read !== undefined || !besideKey.includes(other)))
    return { problem: 'truncated' };
  const body = inner.slice(0, end);
  if (/Proc-Type\s*:[^:]*ENCRYPTED|DEK-Info\s*:/u.test(body)) return { problem: 'encrypted' };
  return read === undefined ? { problem: other } : readBody(body, read);
}

/** Reads a private key as {@link readPrivateKeyPem} does, and writes it as PKCS#8 in PEM. */
export function pkcs8PemOf(text: string): Pkcs8Pem {
  const read = readPrivateKeyPem(text);
  return 'problem' in read ? read : { pem: encodePem('PRIVATE KEY', read.key.pkcs8) };
}

function readBody(body: string, read: Reader): ReadPrivateKey {
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

function checkedKey(key: RsaPrivateKey | OtherAlgorithm): ReadPrivateKey {
  if (typeof key === 'string') return { problem: key };
  return key.modulusBits < minKeyBits ? { problem: 'too_small' } : { key };
}
