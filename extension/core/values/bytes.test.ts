import { describe, expect, test } from 'vitest';
import { byteCollector, ownBuffer } from './bytes.ts';

describe('a byte collector', () => {
  test('gives the bytes of all pieces, in order, and begins again', () => {
    const collector = byteCollector();
    expect(collector.take()).toHaveLength(0);
    for (const piece of [[1, 2], [], [3], [4, 5, 6, 7]]) collector.add(Uint8Array.from(piece));
    expect(collector.length()).toBe(7);
    expect([...collector.take()]).toEqual([1, 2, 3, 4, 5, 6, 7]);
    collector.add(Uint8Array.of(8));
    expect([collector.length(), ...collector.take()]).toEqual([1, 8]);
  });
  test('needs at most twice the memory of its bytes, however small the pieces are', () => {
    const collector = byteCollector();
    for (let at = 0; at < 100_000; at += 1) collector.add(Uint8Array.of(at));
    const bytes = collector.take();
    expect([bytes.length, bytes[99_999]]).toEqual([100_000, 99_999 % 256]);
    expect(bytes.buffer.byteLength).toBeLessThanOrEqual(200_000);
  });
  test('takes over a piece that comes alone', () => {
    const collector = byteCollector();
    const piece = Uint8Array.of(1, 2);
    collector.add(piece);
    expect(collector.take().buffer).toBe(piece.buffer);
  });
  test('gives as many bytes at once as it takes, and never writes into a piece', () => {
    const collector = byteCollector(4);
    const pieces = [[1], [2, 3], [4, 5, 6, 7, 8, 9], [10]].map((bytes) => Uint8Array.from(bytes));
    for (const piece of pieces) collector.add(piece);
    expect(collector.length()).toBe(10);
    const taken = [collector.take(), collector.take(), collector.take(), collector.take()];
    expect(taken.map((bytes) => [...bytes])).toEqual([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10], []]);
    expect(pieces.map((piece) => [...piece])).toEqual([[1], [2, 3], [4, 5, 6, 7, 8, 9], [10]]);
    collector.add(Uint8Array.of(1, 2, 3, 4, 5));
    collector.clear();
    expect([collector.length(), collector.take().length]).toEqual([0, 0]);
  });
});

test('a buffer of its own is not copied, one that has more is', () => {
  const bytes = Uint8Array.of(1, 2, 3);
  expect(ownBuffer(bytes)).toBe(bytes.buffer);
  expect([...new Uint8Array(ownBuffer(bytes.subarray(1)))]).toEqual([2, 3]);
});
