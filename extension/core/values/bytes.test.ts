import { describe, expect, test } from 'vitest';
import { byteCollector } from './bytes.ts';

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
});
