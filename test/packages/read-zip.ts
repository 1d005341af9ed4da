import { crc32, inflateRawSync } from 'node:zlib';

const END_OF_CENTRAL = 0x06054b50;
const CENTRAL_HEADER = 0x02014b50;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 0x0001;

/** Thrown when a file is no package; the message says why. */
export class NoPackageError extends Error {
  override readonly name = 'NoPackageError';
}

/** The zip in a CRX, whose header has the signatures (`Cr24`, version 3, length of the header); any other file as it is. */
export function withoutCrxHeader(file: Buffer): Buffer {
  if (file.toString('latin1', 0, 4) !== 'Cr24') return file;
  const [version, headerLength] = [file.readUInt32LE(4), file.readUInt32LE(8)];
  if (version !== 3) throw new NoPackageError(`It is a CRX of version ${version}; known is 3.`);
  return file.subarray(12 + headerLength);
}

/** Where the record at the end of a zip begins. */
function endOfCentral(zip: Buffer): number {
  for (let at = zip.length - 22; at >= Math.max(0, zip.length - 22 - 0xffff); at--)
    if (zip.readUInt32LE(at) === END_OF_CENTRAL) return at;
  throw new NoPackageError('It is not a zip, a CRX or an XPI, or its end is missing.');
}

/**
 * The files of a zip, by name, without folders; checksums and names are checked. Throws `NoPackageError` for what is not in a package: two
 * files of one name, of which two programs may see different ones, encryption, other compressions than deflate, 4 GiB and more.
 */
export function readZip(zip: Buffer): Map<string, Buffer> {
  try {
    return readEntries(zip);
  } catch (error) {
    if (error instanceof NoPackageError) throw error;
    throw new NoPackageError(`It is damaged: ${String(error)}`, { cause: error });
  }
}

function readEntries(zip: Buffer): Map<string, Buffer> {
  const end = endOfCentral(zip);
  const files = new Map<string, Buffer>();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    if (zip.readUInt32LE(at) !== CENTRAL_HEADER) throw new NoPackageError('A header is missing.');
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    if (files.has(name)) throw new NoPackageError(`${name} is in it twice.`);
    if (!name.endsWith('/')) files.set(name, readEntry(zip, at, name));
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return files;
}

/** The content of the file whose central header is at this place. */
function readEntry(zip: Buffer, at: number, name: string): Buffer {
  const method = zip.readUInt16LE(at + 10);
  const isReadable =
    (method === STORED || method === DEFLATED) && (zip.readUInt16LE(at + 8) & ENCRYPTED) === 0;
  if (!isReadable) throw new NoPackageError(`${name} is encrypted or compressed in another way.`);
  const [packedLength, length] = [zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 24)];
  const local = zip.readUInt32LE(at + 42);
  const nameLength = zip.readUInt16LE(local + 26);
  // Some programs read this name, others the one in the central directory.
  if (zip.toString('utf8', local + 30, local + 30 + nameLength) !== name)
    throw new NoPackageError(`${name} has two names.`);
  const start = local + 30 + nameLength + zip.readUInt16LE(local + 28);
  const packed = zip.subarray(start, start + packedLength);
  const content =
    method === STORED ? packed : inflateRawSync(packed, { maxOutputLength: length || 1 });
  if (content.length !== length || crc32(content) !== zip.readUInt32LE(at + 16))
    throw new NoPackageError(`${name} is damaged.`);
  return content;
}
