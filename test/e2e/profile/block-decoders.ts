/*
 * Decoders of what browsers compress in a profile: Snappy (LevelDB tables, values of Firefox's IndexedDB) and LZ4
 * (Firefox's session files). Each throws on what is not its format, so a guess can be tried.
 */

/** Longest output that is believed, in bytes: what is not the format announces anything. */
const longestOutput = 1 << 26;

class NotThisFormat extends Error {
  override readonly name = 'NotThisFormat';
}

/**
 * Decodes one raw Snappy block.
 * @see https://github.com/google/snappy/blob/main/format_description.txt
 */
export function decodeSnappy(input: Uint8Array): Uint8Array {
  const { value: length, next } = readVarint(input, 0);
  if (length > longestOutput) throw new NotThisFormat('too long');
  const output = new Output(length);
  let at = next;
  while (at < input.length) {
    const tag = byteAt(input, at);
    const kind = tag & 3;
    if (kind === 0) {
      const short = tag >> 2;
      const extra = short < 60 ? 0 : short - 59;
      const size = extra === 0 ? short + 1 : littleEndian(input, at + 1, extra) + 1;
      output.literal(input, at + 1 + extra, size);
      at += 1 + extra + size;
    } else if (kind === 1) {
      output.copy(((tag >> 5) << 8) | byteAt(input, at + 1), ((tag >> 2) & 7) + 4);
      at += 2;
    } else {
      const width = kind === 2 ? 2 : 4;
      output.copy(littleEndian(input, at + 1, width), (tag >> 2) + 1);
      at += 1 + width;
    }
  }
  return output.whole();
}

/** First bytes of a framed Snappy stream, as Firefox writes large IndexedDB values. */
const framedMagic = Buffer.from([0xff, 6, 0, 0, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59]);

/** Decodes a framed Snappy stream: chunks of a type, a length, a checksum and one block. */
export function decodeFramedSnappy(input: Uint8Array): Uint8Array {
  if (!framedMagic.equals(input.subarray(0, framedMagic.length)))
    throw new NotThisFormat('no magic');
  const pieces: Uint8Array[] = [];
  for (let at = framedMagic.length; at + 4 <= input.length;) {
    const type = byteAt(input, at);
    const size = littleEndian(input, at + 1, 3);
    const body = input.subarray(at + 8, at + 4 + size);
    if (type === 0) pieces.push(decodeSnappy(body));
    else if (type === 1) pieces.push(body);
    at += 4 + size;
  }
  return Buffer.concat(pieces);
}

const mozLz4Magic = Buffer.from('mozLz40\0', 'latin1');

/** Decodes Firefox's `.jsonlz4`, `.baklz4` and the like: a magic, the length, one LZ4 block. */
export function decodeMozLz4(input: Uint8Array): Uint8Array {
  if (!mozLz4Magic.equals(input.subarray(0, 8))) throw new NotThisFormat('no magic');
  const length = littleEndian(input, 8, 4);
  if (length > longestOutput) throw new NotThisFormat('too long');
  return decodeLz4Block(input.subarray(12), length);
}

/** Decodes one LZ4 block. @see https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md */
export function decodeLz4Block(input: Uint8Array, length: number): Uint8Array {
  const output = new Output(length);
  let at = 0;
  const extended = (short: number): number => {
    let size = short;
    for (let more = short === 15; more; at += 1) {
      const byte = byteAt(input, at);
      size += byte;
      more = byte === 255;
    }
    return size;
  };
  while (at < input.length) {
    const token = byteAt(input, at);
    at += 1;
    const literals = extended(token >> 4);
    output.literal(input, at, literals);
    at += literals;
    if (at >= input.length) break; // the last sequence has no match
    const offset = littleEndian(input, at, 2);
    at += 2;
    output.copy(offset, extended(token & 15) + 4);
  }
  return output.whole();
}

const tableMagic = Buffer.from([0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb]);

/**
 * Every block of a LevelDB table (`.ldb`), decoded, one after the other. Keys stay prefix-compressed, values are whole.
 * @see https://github.com/google/leveldb/blob/main/doc/table_format.md
 */
export function decodeLevelDbTable(input: Uint8Array): Uint8Array {
  const footer = input.subarray(-48);
  if (!tableMagic.equals(footer.subarray(40))) throw new NotThisFormat('no magic');
  const metaOffset = readVarint(footer, 0);
  const metaSize = readVarint(footer, metaOffset.next);
  const indexOffset = readVarint(footer, metaSize.next);
  const indexSize = readVarint(footer, indexOffset.next);
  const meta = readBlock(input, metaOffset.value, metaSize.value);
  const index = readBlock(input, indexOffset.value, indexSize.value);
  const handles = [...blockValues(meta), ...blockValues(index)];
  const blocks = handles.map((handle) => {
    const offset = readVarint(handle, 0);
    return readBlock(input, offset.value, readVarint(handle, offset.next).value);
  });
  return Buffer.concat([index, ...blocks]);
}

function readBlock(input: Uint8Array, offset: number, size: number): Uint8Array {
  const content = input.subarray(offset, offset + size);
  const type = byteAt(input, offset + size);
  if (type === 0) return content;
  if (type === 1) return decodeSnappy(content);
  throw new Error(`a LevelDB block is compressed in a way (${type}) that is not read here`);
}

function blockValues(block: Uint8Array): Uint8Array[] {
  const restarts = littleEndian(block, block.length - 4, 4);
  const end = block.length - 4 * (restarts + 1);
  const values: Uint8Array[] = [];
  for (let at = 0; at < end;) {
    const shared = readVarint(block, at);
    const unshared = readVarint(block, shared.next);
    const size = readVarint(block, unshared.next);
    const from = size.next + unshared.value;
    values.push(block.subarray(from, from + size.value));
    at = from + size.value;
  }
  return values;
}

/** The bytes written so far, which later copies repeat. */
class Output {
  readonly #bytes: Uint8Array;
  #at = 0;
  constructor(length: number) {
    this.#bytes = new Uint8Array(length);
  }
  literal(input: Uint8Array, from: number, size: number): void {
    if (from + size > input.length || this.#at + size > this.#bytes.length)
      throw new NotThisFormat('a literal leaves its bounds');
    this.#bytes.set(input.subarray(from, from + size), this.#at);
    this.#at += size;
  }
  copy(offset: number, size: number): void {
    if (offset === 0 || offset > this.#at || this.#at + size > this.#bytes.length)
      throw new NotThisFormat('a copy leaves its bounds');
    for (let i = 0; i < size; i += 1, this.#at += 1)
      this.#bytes[this.#at] = this.#bytes[this.#at - offset] ?? 0;
  }
  whole(): Uint8Array {
    if (this.#at !== this.#bytes.length) throw new NotThisFormat('it ends too early');
    return this.#bytes;
  }
}

function byteAt(input: Uint8Array, at: number): number {
  const byte = input[at];
  if (byte === undefined) throw new NotThisFormat('it ends too early');
  return byte;
}

function littleEndian(input: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = width - 1; i >= 0; i -= 1) value = value * 256 + byteAt(input, at + i);
  return value;
}

function readVarint(input: Uint8Array, from: number): { value: number; next: number } {
  let value = 0;
  for (let at = from, weight = 1; at < from + 8; at += 1, weight *= 128) {
    const byte = byteAt(input, at);
    value += (byte & 127) * weight;
    if (byte < 128) return { value, next: at + 1 };
  }
  throw new NotThisFormat('a number does not end');
}
