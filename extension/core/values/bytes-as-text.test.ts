import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBase64url, toBase64url } from './bytes-as-text.ts';

test.each([
  ['', []],
  ['Zg', [0x66]],
  ['Zm8', [0x66, 0x6f]],
  ['Zm9v', [0x66, 0x6f, 0x6f]],
  ['-_-_', [0xfb, 0xff, 0xbf]],
])('%j is %j', (text, bytes) => {
  expect(toBase64url(Uint8Array.from(bytes))).toBe(text);
  expect([...fromBase64url(text)]).toEqual(bytes);
});

test('the encoding equals that of Node, and decoding returns the same bytes', () => {
  const property = fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
    expect(toBase64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
    expect([...fromBase64url(toBase64url(bytes))]).toEqual([...bytes]);
  });
  fc.assert(property, { seed: 4648, numRuns: 500 });
});

test('decoding a text that is not base64url throws', () => {
  expect(() => fromBase64url('a?b')).toThrow();
});
