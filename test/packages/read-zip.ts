import { crc32, inflateRawSync } from 'node:zlib';

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_CENTRAL = 0x06054b50;
const DESCRIPTOR = 0x08074b50;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 0x0001;
/** Checksum and lengths follow the content, and may be 0 in the header before it. */
const DESCRIBED_BEHIND = 0x0008;
/** Extra fields in which some programs look for another length or another name: of zip64, and Info-ZIP's Unicode Path. */
const REFUSED_EXTRAS: readonly number[] = [0x0001, 0x7075];

/** Thrown when a file is no package; the message says why. */
export class NoPackageError extends Error {
  override readonly name = 'NoPackageError';
}

/** The zip in a CRX, whose header has the signatures (`Cr24`, version 3, length of the header); any other file as it is. */
export function withoutCrxHeader(file: Buffer): Buffer {
  if (file.toString('latin1', 0, 4) !== 'Cr24') return file;
  if (file.length < 12) throw new NoPackageError('It is a CRX whose end is missing.');
  const [version, headerLength] = [file.readUInt32LE(4), file.readUInt32LE(8)];
  if (version !== 3) throw new NoPackageError(`It is a CRX of version ${version}; known is 3.`);
  return file.subarray(12 + headerLength);
}

/**
 * The files of a zip, by name, without folders; checksums and names are checked. Throws `NoPackageError` for what two programs
 * may read differently: files of one name, two names of one file, bytes that belong to no file, two lists of the files, names that
 * lead out of a folder; and for what is not in a package: encryption, other compressions than deflate, 4 GiB and more.
 */
export function readZip(zip: Buffer): Map<string, Buffer> {
  try {
    const entries = listedEntries(zip);
    requireNoGap(zip, entries);
    const files = entries.filter(({ name }) => !name.endsWith('/'));
    return new Map(files.map((entry) => [entry.name, contentOf(zip, entry)]));
  } catch (error) {
    if (error instanceof NoPackageError) throw error;
    throw new NoPackageError(`It is damaged: ${String(error)}`, { cause: error });
  }
}

/** A file of a zip, as the list of its files has it. */
interface Entry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  /** Checksum, packed length and length, as both headers have them. */
  readonly sums: Buffer;
  /** Where its own header, its content and what follows that begin. */
  readonly start: number;
  readonly contentStart: number;
  readonly contentEnd: number;
}

/** Where the list of the files begins and ends, and how many there are. It has to end where the record at the end of the zip begins. */
function central(zip: Buffer): { readonly start: number; readonly end: number; count: number } {
  let end = zip.length - 22;
  while (end >= 0 && zip.readUInt32LE(end) !== END_OF_CENTRAL) end -= 1;
  if (end < 0) throw new NoPackageError('It is not a zip, a CRX or an XPI, or its end is missing.');
  if (end + 22 + zip.readUInt16LE(end + 20) !== zip.length)
    throw new NoPackageError('Something follows its end.');
  const [count, size, start] = [
    zip.readUInt16LE(end + 10),
    zip.readUInt32LE(end + 12),
    zip.readUInt32LE(end + 16),
  ];
  if (zip.readUInt32LE(end + 4) !== 0 || zip.readUInt16LE(end + 8) !== count)
    throw new NoPackageError('It is one of several parts.');
  if (start + size !== end) throw new NoPackageError('Something is missing before its end.');
  return { start, end, count };
}

function listedEntries(zip: Buffer): Entry[] {
  const { start, end, count } = central(zip);
  const entries: Entry[] = [];
  const names = new Set<string>();
  let at = start;
  for (let left = count; left > 0; left--) {
    if (zip.readUInt32LE(at) !== CENTRAL_HEADER) throw new NoPackageError('A header is missing.');
    const nameEnd = at + 46 + zip.readUInt16LE(at + 28);
    const extraEnd = nameEnd + zip.readUInt16LE(at + 30);
    const name = zip.toString('utf8', at + 46, nameEnd);
    if (names.has(name)) throw new NoPackageError(`${name} is in it twice.`);
    names.add(name);
    requirePlain(name, zip.subarray(nameEnd, extraEnd));
    entries.push(entryAt(zip, at, name));
    at = extraEnd + zip.readUInt16LE(at + 32);
  }
  if (at !== end) throw new NoPackageError('It has another number of files than it says.');
  return entries;
}

/** A file, from its header in the list, with which its own header has to agree: some programs read the one, others the other. */
function entryAt(zip: Buffer, at: number, name: string): Entry {
  const [flags, method] = [zip.readUInt16LE(at + 8), zip.readUInt16LE(at + 10)];
  if ((method !== STORED && method !== DEFLATED) || (flags & ENCRYPTED) !== 0)
    throw new NoPackageError(`${name} is encrypted or compressed in another way.`);
  const sums = zip.subarray(at + 16, at + 28);
  const start = zip.readUInt32LE(at + 42);
  if (zip.readUInt32LE(start) !== LOCAL_HEADER) throw new NoPackageError('A header is missing.');
  const nameEnd = start + 30 + zip.readUInt16LE(start + 26);
  if (zip.toString('utf8', start + 30, nameEnd) !== name)
    throw new NoPackageError(`${name} has two names.`);
  const isDescribed = (flags & DESCRIBED_BEHIND) !== 0;
  const own = zip.subarray(start + 14, start + 26);
  if (
    zip.readUInt16LE(start + 6) !== flags ||
    zip.readUInt16LE(start + 8) !== method ||
    !(own.equals(sums) || (isDescribed && own.equals(Buffer.alloc(12))))
  )
    throw new NoPackageError(`${name} has two headers that differ.`);
  const contentStart = nameEnd + zip.readUInt16LE(start + 28);
  requirePlain(name, zip.subarray(nameEnd, contentStart));
  const contentEnd = contentStart + sums.readUInt32LE(4);
  return { name, flags, method, sums, start, contentStart, contentEnd };
}

/** Refuses a name that another program may read as another place, and extra fields that change a name or a length. */
function requirePlain(name: string, extras: Buffer): void {
  const segments = name.replace(/\/$/u, '').split('/');
  const isPlain = segments.every((one) => /^(?!\.{0,2}$)[^\u0000-\u001f\\:]+$/u.test(one));
  if (!isPlain) throw new NoPackageError(`${JSON.stringify(name)} is no plain name.`);
  for (let at = 0; at < extras.length; at += 4 + extras.readUInt16LE(at + 2))
    if (REFUSED_EXTRAS.includes(extras.readUInt16LE(at)))
      throw new NoPackageError(`${name} has a second name or length.`);
}

/** Each byte before the list belongs to one file: another program may take a file from anywhere else. */
function requireNoGap(zip: Buffer, entries: readonly Entry[]): void {
  let at = 0;
  for (const entry of [...entries].sort((one, other) => one.start - other.start)) {
    if (entry.start !== at) throw new NoPackageError(`Something is before ${entry.name}.`);
    at = entry.contentEnd + descriptorLength(zip, entry);
  }
  if (at !== central(zip).start) throw new NoPackageError('Something is behind the last file.');
}

function descriptorLength(zip: Buffer, { flags, sums, contentEnd, name }: Entry): number {
  if ((flags & DESCRIBED_BEHIND) === 0) return 0;
  const head = zip.readUInt32LE(contentEnd) === DESCRIPTOR ? 4 : 0;
  if (!zip.subarray(contentEnd + head, contentEnd + head + 12).equals(sums))
    throw new NoPackageError(`${name} has two headers that differ.`);
  return head + 12;
}

function contentOf(zip: Buffer, { name, method, sums, contentStart, contentEnd }: Entry): Buffer {
  const [checksum, length] = [sums.readUInt32LE(0), sums.readUInt32LE(8)];
  const packed = zip.subarray(contentStart, contentEnd);
  const content =
    method === STORED ? packed : inflateRawSync(packed, { maxOutputLength: length || 1 });
  if (content.length !== length || crc32(content) !== checksum)
    throw new NoPackageError(`${name} is damaged.`);
  return content;
}
