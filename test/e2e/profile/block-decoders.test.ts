import { expect, test } from 'vitest';
import {
  decodeFramedSnappy,
  decodeLevelDbTable,
  decodeLz4Block,
  decodeMozLz4,
  decodeSnappy,
} from './block-decoders.ts';

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/* Written by hand from the format descriptions, one element of each kind. */
const snappy = {
  // "abcd", then 6 more from 4 back: a copy that overlaps itself.
  oneByteOffset: [10, 3 << 2, ...ascii('abcd'), ((6 - 4) << 2) | 1, 4],
  twoByteOffset: [10, 3 << 2, ...ascii('abcd'), ((6 - 1) << 2) | 2, 4, 0],
  fourByteOffset: [10, 3 << 2, ...ascii('abcd'), ((6 - 1) << 2) | 3, 4, 0, 0, 0],
};

test.each(Object.entries(snappy))('Snappy: a copy with %s', (_name, bytes) => {
  expect(text(decodeSnappy(Uint8Array.from(bytes)))).toBe('abcdabcdab');
});

test.each([
  [61, [60 << 2, 60]],
  [300, [61 << 2, 43, 1]],
])('Snappy: a literal of %i bytes has its length after the tag', (length, tag) => {
  const body = 'x'.repeat(length);
  const announced = length < 128 ? [length] : [(length & 127) | 128, length >> 7];
  expect(
    text(decodeSnappy(Buffer.concat([Buffer.from([...announced, ...tag]), ascii(body)]))),
  ).toBe(body);
});

test('Snappy: a framed stream is the blocks one after the other', () => {
  const chunk = (type: number, body: number[]): number[] => [
    type,
    body.length + 4,
    0,
    0,
    0,
    0,
    0,
    0, // the checksum is not looked at
    ...body,
  ];
  const stream = [
    0xff,
    6,
    0,
    0,
    ...ascii('sNaPpY'),
    ...chunk(0, snappy.oneByteOffset),
    ...chunk(1, [...ascii('plain')]),
  ];
  expect(text(decodeFramedSnappy(Uint8Array.from(stream)))).toBe('abcdabcdabplain');
});

/* "abcd", 8 more from 4 back, then "!" as the last sequence, which has no match. */
const lz4 = [(4 << 4) | 4, ...ascii('abcd'), 4, 0, 1 << 4, ...ascii('!')];

test('LZ4: literals, a copy, the last literals', () => {
  expect(text(decodeLz4Block(Uint8Array.from(lz4), 13))).toBe('abcdabcdabcd!');
  const file = [...ascii('mozLz40\0'), 13, 0, 0, 0, ...lz4];
  expect(text(decodeMozLz4(Uint8Array.from(file)))).toBe('abcdabcdabcd!');
});

test('LZ4: lengths beyond 15 go on in further bytes', () => {
  const block = [15 << 4, 255, 30, ...ascii('y'.repeat(300))];
  expect(text(decodeLz4Block(Uint8Array.from(block), 300))).toBe('y'.repeat(300));
});

test('LevelDB: the blocks of a table, compressed or not', () => {
  const entry = (key: string, value: number[]): number[] => [
    0,
    key.length,
    value.length,
    ...ascii(key),
    ...value,
  ];
  const block = (...entries: number[][]): number[] => [...entries.flat(), 0, 0, 0, 0, 1, 0, 0, 0];
  const trailer = (type: number): number[] => [type, 0, 0, 0, 0];
  const plain = block(entry('k', [...ascii('a value')]));
  const data = [...plain, ...trailer(0), ...snappy.oneByteOffset, ...trailer(1)];
  const compressedAt = plain.length + 5;
  const meta = block();
  const index = block(
    entry('k', [0, plain.length]),
    entry('l', [compressedAt, snappy.oneByteOffset.length]),
  );
  const metaAt = data.length;
  const indexAt = metaAt + meta.length + 5;
  const handles = [metaAt, meta.length, indexAt, index.length];
  const footer = [...handles, ...new Array<number>(40 - handles.length).fill(0)];
  const magic = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb];
  const table = [...data, ...meta, ...trailer(0), ...index, ...trailer(0), ...footer, ...magic];
  const decoded = text(decodeLevelDbTable(Uint8Array.from(table)));
  expect(decoded).toContain('a value');
  expect(decoded).toContain('abcdabcdab');
});

test.each([
  ['Snappy', decodeSnappy],
  ['framed Snappy', decodeFramedSnappy],
  ['mozLz4', decodeMozLz4],
  ['LevelDB', decodeLevelDbTable],
] as const)('%s: what is something else is refused', (_name, decode) => {
  expect(() =>
    decode(ascii('{"this": "is JSON, and long enough for a footer of LevelDB"}')),
  ).toThrow();
});
