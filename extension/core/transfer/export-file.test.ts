import { crc32 as crc32OfNode } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { faultOf } from '../../../test/support/faults.ts';
import { crc32 } from './crc32.ts';
import {
  checkedPart,
  fileOf,
  headerOf,
  ivBytes,
  maxBodyBytes,
  readExportFile,
  rounds,
  saltBytes,
  type ExportParameters,
} from './export-file.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const body = Uint8Array.from({ length: 100 }, (_, index) => index);
const parameters: ExportParameters = {
  rounds: rounds.written,
  salt: new Uint8Array(saltBytes).fill(1),
  iv: new Uint8Array(ivBytes).fill(2),
  bodyLength: body.length,
};
const made = (changes: Partial<ExportParameters> = {}): Bytes =>
  fileOf(headerOf(checkedPart({ ...parameters, ...changes }), new Uint8Array(32).fill(3)), body);
const file = made();
const headerLength = 88;
const codeOf = (bytes: Bytes): string => faultOf(() => readExportFile(bytes)).code;

/** The same header for another version, with a checksum that fits. */
function ofVersion(version: number, length = headerLength): Bytes {
  const bytes = new Uint8Array(Math.max(file.length, length));
  bytes.set(file);
  const view = new DataView(bytes.buffer);
  view.setUint16(12, version);
  view.setUint16(14, length);
  view.setUint32(length - 4, crc32(bytes.subarray(0, length - 4)));
  return bytes;
}

test('the checksum is that of zlib', () => {
  for (const bytes of [new Uint8Array(0), body, file])
    expect(crc32(bytes)).toBe(crc32OfNode(bytes));
});

test('a file is taken apart into what it was made of', () => {
  const { header, checked, keyCheck, ...parts } = readExportFile(file);
  expect(parts).toEqual({ ...parameters, body });
  expect(header).toEqual(file.slice(0, headerLength));
  expect(checked).toEqual(checkedPart(parameters));
  expect(keyCheck).toEqual(new Uint8Array(32).fill(3));
});

describe('damage', () => {
  test('each changed bit is found, in the first bytes as a foreign file', () => {
    for (let bit = 0; bit < file.length * 8; bit += 1) {
      const changed = Uint8Array.from(file);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(codeOf(changed), `bit ${String(bit)}`).toBe(
        bit >> 3 < 12 ? 'file_foreign' : 'file_damaged',
      );
    }
  });

  test('each place where a file is cut is found', () => {
    for (let length = 0; length < file.length; length += 1)
      expect(codeOf(file.slice(0, length)), String(length)).toBe('file_cut');
  });

  test.each<[string, Bytes, string]>([
    ['bytes at its end', Uint8Array.from([...file, 0]), 'file_damaged'],
    ['another beginning', new TextEncoder().encode('{"clients":[]}'), 'file_foreign'],
    ['changed line ends', Uint8Array.from(file).with(9, 0x20), 'file_foreign'],
    ['a newer version', ofVersion(2), 'file_newer'],
    ['a newer version with a longer header', ofVersion(2, 200), 'file_newer'],
    ['a version with no header to speak of', ofVersion(2, 16), 'file_damaged'],
    ['a version with a header of 60,000 bytes', ofVersion(9, 60_000), 'file_damaged'],
    ['version 0', ofVersion(0), 'file_damaged'],
    ['4,294,967,295 rounds', made({ rounds: 0xffffffff }), 'file_beyond_limits'],
    ['one round', made({ rounds: 1 }), 'file_beyond_limits'],
    ['a claimed size of 4 GB', made({ bodyLength: 0xffffffff }), 'file_beyond_limits'],
    ['one byte more than the limit', made({ bodyLength: maxBodyBytes + 1 }), 'file_beyond_limits'],
    ['as many rounds as are allowed, and a cut body', made({ bodyLength: 101 }), 'file_cut'],
  ])('%s', (_, bytes, code) => {
    expect(codeOf(bytes)).toBe(code);
  });
});
