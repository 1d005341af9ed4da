import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createScrubber } from './byte-scrubber.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const stars = (needle: string): string => '*'.repeat(needle.length);

function scrubbed(needle: string, chunks: readonly Uint8Array[]): string {
  const scrubber = createScrubber([needle]);
  return [...chunks.map((chunk) => textOf(scrubber.push(chunk))), textOf(scrubber.end())].join('');
}

test('a token is found wherever the stream is cut', () => {
  const needle = 'tok.en-42';
  const text = `ab${needle}cd${needle}${needle}tok.en`;
  const clean = text.replaceAll(needle, stars(needle));
  for (let first = 0; first <= text.length; first += 1) {
    for (let second = first; second <= text.length; second += 1) {
      const chunks = [text.slice(0, first), text.slice(first, second), text.slice(second)].map(
        bytesOf,
      );
      expect(scrubbed(needle, chunks), `cut at ${String(first)} and ${String(second)}`).toBe(clean);
    }
  }
});

test('a token that comes byte by byte is found', () => {
  const text = 'xxsecretsecresecretyy';
  expect(
    scrubbed(
      'secret',
      [...bytesOf(text)].map((byte) => Uint8Array.of(byte)),
    ),
  ).toBe('xx******secre******yy');
});

test('bytes without the token come through as they are', () => {
  const bytes = Uint8Array.from({ length: 4096 }, (_, at) => (at * 7919) % 256);
  expect(scrubbed('not in there', [bytes.subarray(0, 1000), bytes.subarray(1000)])).toBe(
    textOf(bytes),
  );
});

test('a chunk that was handed in is not written to', () => {
  const chunk = bytesOf('a secret here');
  createScrubber(['secret']).push(chunk);
  expect(textOf(chunk)).toBe('a secret here');
});

test('no more than the length of the token less one is held back', () => {
  const scrubber = createScrubber(['secret']);
  expect(textOf(scrubber.push(bytesOf('12345secre')))).toBe('12345');
  expect(textOf(scrubber.push(bytesOf('12345')))).toBe('secre12345');
  expect(textOf(scrubber.end())).toBe('');
});

test('an empty token changes nothing', () => {
  expect(scrubbed('', [bytesOf('abc')])).toBe('abc');
});

test('cut anyhow, it equals a replacement in the whole text', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 60 });
  const needles = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 6 });
  const property = fc.property(needles, letters, fc.array(fc.nat(60)), (needle, text, cuts) => {
    const at = [
      0,
      ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b),
      text.length,
    ];
    const chunks = at.slice(1).map((end, index) => bytesOf(text.slice(at[index], end)));
    expect(scrubbed(needle, chunks)).toBe(text.replaceAll(needle, stars(needle)));
  });
  fc.assert(property, { seed: 36, numRuns: 5000 });
});

test('several texts are removed, each wherever the chunks end', () => {
  const texts = ['a+b', 'a%2Bb', 'a%252Bb'];
  const body = 'x a+b y a%2Bb z a%252Bb a+';
  const blanked = 'x *** y ***** z ******* a+';
  for (let size = 1; size <= body.length; size += 1) {
    const scrubber = createScrubber(texts);
    const bytes = new TextEncoder().encode(body);
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += size)
      pieces.push(scrubber.push(bytes.slice(at, at + size)));
    pieces.push(scrubber.end());
    expect(Buffer.concat(pieces).toString()).toBe(blanked);
  }
});
