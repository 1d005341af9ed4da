import { DerError, derTag, readDer, writeDer, type DerElement } from './der.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** An RSA private key in the format that WebCrypto imports. `pkcs8` is secret. */
export interface RsaPrivateKey {
  readonly pkcs8: Bytes;
  /** The public key, as SubjectPublicKeyInfo. */
  readonly spki: Bytes;
  readonly modulusBits: number;
}

/** The algorithm identifier `rsaEncryption` with its NULL parameters. @see RFC 8017, appendix A.1 */
const rsaObjectIdentifier = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/** The beginnings of the identifiers of elliptic curves. @see RFC 5480, section 2.1.1; RFC 8410, section 3 */
const ecObjectIdentifiers = [
  [0x2a, 0x86, 0x48, 0xce, 0x3d],
  [0x2b, 0x65],
];
/** A key that is not an RSA key. */
export type OtherAlgorithm = 'ec_key' | 'not_rsa';

const rsaAlgorithm = writeDer(
  derTag.sequence,
  writeDer(derTag.objectIdentifier, Uint8Array.from(rsaObjectIdentifier)),
  writeDer(derTag.null),
);

/** The count of numbers in an RSAPrivateKey with two primes: version, n, e, d, p, q, dP, dQ, qInv. */
const numbersOfPrivateKey = 9;

/**
 * Reads a PKCS#1 RSAPrivateKey.
 * @throws DerError
 * @see RFC 8017, appendix A.1.2
 */
export function fromPkcs1(der: Bytes): RsaPrivateKey {
  const numbers = inside(only(readDer(der)), derTag.sequence);
  if (numbers.length !== numbersOfPrivateKey || numbers.some(({ tag }) => tag !== derTag.integer)) {
    throw new DerError(false);
  }
  const [version, modulus, exponent] = numbers.map(({ content }) => content);
  if (
    version === undefined ||
    modulus === undefined ||
    exponent === undefined ||
    !isZero(version)
  ) {
    throw new DerError(false);
  }
  const publicKey = writeDer(
    derTag.sequence,
    writeDer(derTag.integer, modulus),
    writeDer(derTag.integer, exponent),
  );
  return {
    pkcs8: writeDer(
      derTag.sequence,
      writeDer(derTag.integer, Uint8Array.of(0)),
      rsaAlgorithm,
      writeDer(derTag.octetString, der),
    ),
    spki: writeDer(
      derTag.sequence,
      rsaAlgorithm,
      writeDer(derTag.bitString, Uint8Array.of(0), publicKey),
    ),
    modulusBits: bitLength(modulus),
  };
}

/**
 * Reads a PKCS#8 PrivateKeyInfo.
 * @throws DerError
 * @see RFC 5958, section 2
 */
export function fromPkcs8(der: Bytes): RsaPrivateKey | OtherAlgorithm {
  const [version, algorithm, key] = inside(only(readDer(der)), derTag.sequence);
  if (version?.tag !== derTag.integer || key?.tag !== derTag.octetString) throw new DerError(false);
  const [identifier] = inside(algorithm, derTag.sequence);
  if (identifier?.tag !== derTag.objectIdentifier) throw new DerError(false);
  const { content } = identifier;
  if (content.join() === rsaObjectIdentifier.join()) return fromPkcs1(key.content);
  const isEc = ecObjectIdentifiers.some((prefix) =>
    prefix.every((octet, at) => content[at] === octet),
  );
  return isEc ? 'ec_key' : 'not_rsa';
}

function only(elements: readonly DerElement[]): DerElement | undefined {
  return elements.length === 1 ? elements[0] : undefined;
}

function inside(element: DerElement | undefined, tag: number): DerElement[] {
  if (element?.tag !== tag) throw new DerError(false);
  return readDer(element.content);
}

function isZero(integer: Bytes): boolean {
  return integer.length === 1 && integer[0] === 0;
}

function bitLength(integer: Bytes): number {
  const first = integer.findIndex((byte) => byte !== 0);
  const top = integer[first];
  return top === undefined ? 0 : (integer.length - first) * 8 - Math.clz32(top) + 24;
}
