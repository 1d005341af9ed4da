import { BrokerError, type FaultCode } from '../values/fault.ts';
import { joinBytes } from '../values/bytes.ts';
import { crc32 } from './crc32.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** How an export is stored as a file. */
export const exportFileExtension = '.threelo-export';
export const exportMimeType = 'application/vnd.threelo.export';

/**
 * The first bytes of every export. As those of PNG, they show a transfer that drops the eighth bit, changes line ends or stops
 * at the first control character.
 */
const magic = Uint8Array.from([
  0x89,
  ...new TextEncoder().encode('THREELO'),
  0x0d,
  0x0a,
  0x1a,
  0x0a,
]);
/** The version that is written, and the highest that is read. */
const fileVersion = 1;

/** How often PBKDF2 is repeated: what is written, and the bounds of what is read. The upper one is seconds of work. */
export const rounds = { written: 600_000, lowest: 600_000, highest: 5_000_000 } as const;
/** The lengths of random values, in bytes. */
export const saltBytes = 16;
export const ivBytes = 12;
/** The length of the value that tells whether a passphrase is the right one, in bytes. */
const keyCheckBytes = 32;
/** The most bytes of the encrypted part. */
export const maxBodyBytes = 32 * 1024 * 1024;

/** Where each part of a header of version 1 begins. Numbers are unsigned and have the highest byte first. */
const at = {
  version: magic.length,
  headerLength: magic.length + 2,
  rounds: magic.length + 4,
  salt: magic.length + 8,
  iv: magic.length + 8 + saltBytes,
  bodyLength: magic.length + 8 + saltBytes + ivBytes,
  keyCheck: magic.length + 12 + saltBytes + ivBytes,
  checksum: magic.length + 12 + saltBytes + ivBytes + keyCheckBytes,
} as const;
const checksumBytes = 4;
const headerBytes = at.checksum + checksumBytes;
/** The longest header of any version that is looked at, in bytes. */
const maxHeaderBytes = 1024;

/** The most bytes of a file. */
export const maxFileBytes = headerBytes + maxBodyBytes + checksumBytes;

/** What the header of an export says before the key check. */
export interface ExportParameters {
  readonly rounds: number;
  readonly salt: Bytes;
  readonly iv: Bytes;
  /** The length of the encrypted part, in bytes. */
  readonly bodyLength: number;
}

/** The parts of an export. */
export interface ExportParts extends ExportParameters {
  /** The bytes that the key check is made of: the header up to it. */
  readonly checked: Bytes;
  readonly keyCheck: Bytes;
  /** The whole header, which is authenticated together with the encrypted part. */
  readonly header: Bytes;
  /** The encrypted part with its tag. */
  readonly body: Bytes;
}

/** The header up to the key check. */
export function checkedPart({ rounds: count, salt, iv, bodyLength }: ExportParameters): Bytes {
  const bytes = new Uint8Array(at.keyCheck);
  const view = new DataView(bytes.buffer);
  bytes.set(magic);
  view.setUint16(at.version, fileVersion);
  view.setUint16(at.headerLength, headerBytes);
  view.setUint32(at.rounds, count);
  bytes.set(salt, at.salt);
  bytes.set(iv, at.iv);
  view.setUint32(at.bodyLength, bodyLength);
  return bytes;
}

/** The whole header. */
export function headerOf(checked: Bytes, keyCheck: Bytes): Bytes {
  return withChecksum(joinBytes([checked, keyCheck]));
}

/** The whole file. */
export function fileOf(header: Bytes, body: Bytes): Bytes {
  return joinBytes([header, withChecksum(body)]);
}

/**
 * Parses a file. All checks that need no passphrase are made here: whether it is an export, was cut or changed, was written by a
 * newer Threelo, or requires more key derivation than any export of ours.
 * @throws BrokerError `file_foreign`, `file_cut`, `file_damaged`, `file_newer`, `file_beyond_limits`
 */
export function readExportFile(file: Bytes): ExportParts {
  const start = file.subarray(0, magic.length);
  if (!isSame(start, magic.subarray(0, start.length))) refuse('file_foreign');
  if (file.length < at.rounds) refuse('file_cut');
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const version = view.getUint16(at.version);
  const headerLength = view.getUint16(at.headerLength);
  const isLengthPossible =
    version === fileVersion
      ? headerLength === headerBytes
      : headerLength >= at.rounds + checksumBytes && headerLength <= maxHeaderBytes;
  if (!isLengthPossible) refuse('file_damaged');
  if (file.length < headerLength) refuse('file_cut');
  const header = file.subarray(0, headerLength);
  if (!hasChecksum(header)) refuse('file_damaged');
  // The version counts only now: a single changed bit can make any version.
  if (version > fileVersion) refuse('file_newer');
  const parameters = {
    rounds: view.getUint32(at.rounds),
    salt: file.slice(at.salt, at.iv),
    iv: file.slice(at.iv, at.bodyLength),
    bodyLength: view.getUint32(at.bodyLength),
  };
  const { rounds: count, bodyLength } = parameters;
  if (version < fileVersion) refuse('file_damaged');
  if (count < rounds.lowest || count > rounds.highest || bodyLength > maxBodyBytes)
    refuse('file_beyond_limits');
  const rest = file.subarray(headerBytes);
  if (rest.length < bodyLength + checksumBytes) refuse('file_cut');
  if (rest.length > bodyLength + checksumBytes || !hasChecksum(rest)) refuse('file_damaged');
  return {
    ...parameters,
    checked: file.slice(0, at.keyCheck),
    keyCheck: file.slice(at.keyCheck, at.checksum),
    header: file.slice(0, headerBytes),
    body: rest.slice(0, bodyLength),
  };
}

function refuse(code: FaultCode): never {
  throw new BrokerError(code);
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

function withChecksum(bytes: Bytes): Bytes {
  const checksum = new Uint8Array(checksumBytes);
  new DataView(checksum.buffer).setUint32(0, crc32(bytes));
  return joinBytes([bytes, checksum]);
}

/** Whether the last four bytes are the CRC-32 of those before. It detects accidental damage; AES-GCM detects deliberate changes. */
function hasChecksum(bytes: Uint8Array): boolean {
  const end = bytes.length - checksumBytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getUint32(end) === crc32(bytes.subarray(0, end));
}
