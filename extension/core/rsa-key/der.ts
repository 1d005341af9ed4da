import { joinBytes } from '../values/bytes.ts';

/** One DER element. @see ITU-T X.690, section 8.1 */
export interface DerElement {
  /** The whole identifier octet, e.g. 0x30 for a SEQUENCE. */
  readonly tag: number;
  readonly content: Uint8Array<ArrayBuffer>;
}

/** The tags that occur in keys. */
export const derTag = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  sequence: 0x30,
} as const;

/** Thrown for bytes that are not DER. */
export class DerError extends Error {
  override readonly name = 'DerError';
  /** Whether the bytes end too early. */
  readonly isTruncated: boolean;

  constructor(isTruncated: boolean) {
    super(isTruncated ? 'the bytes end too early' : 'not DER');
    this.isTruncated = isTruncated;
  }
}

/**
 * Parses consecutive DER elements.
 * @throws DerError also for bytes after the last element
 */
export function readDer(bytes: Uint8Array<ArrayBuffer>): DerElement[] {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length;) {
    const { length, start } = readLength(bytes, at + 1);
    if (start + length > bytes.length) throw new DerError(true);
    elements.push({ tag: octet(bytes, at), content: bytes.slice(start, start + length) });
    at = start + length;
  }
  return elements;
}

/** Encodes one DER element. */
export function writeDer(tag: number, ...contents: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = contents.reduce((sum, content) => sum + content.length, 0);
  return joinBytes([Uint8Array.of(tag, ...writeLength(length)), ...contents]);
}

/** Reads a definite length in its shortest form, of at most 64 KiB; no key is longer. */
function readLength(bytes: Uint8Array, at: number): { length: number; start: number } {
  const first = octet(bytes, at);
  if (first < 0x80) return { length: first, start: at + 1 };
  if (first === 0x81) {
    const length = octet(bytes, at + 1);
    if (length < 0x80) throw new DerError(false);
    return { length, start: at + 2 };
  }
  if (first !== 0x82) throw new DerError(false);
  const length = octet(bytes, at + 1) * 256 + octet(bytes, at + 2);
  if (length < 0x100) throw new DerError(false);
  return { length, start: at + 3 };
}

function writeLength(length: number): number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}

function octet(bytes: Uint8Array, at: number): number {
  const value = bytes[at];
  if (value === undefined) throw new DerError(true);
  return value;
}
