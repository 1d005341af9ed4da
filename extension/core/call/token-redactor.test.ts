import fc from 'fast-check';
import { expect, test } from 'vitest';
import { secret } from '../values/secret.ts';
import { createTokenRedactor } from './token-redactor.ts';

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const stars = (needle: string): string => '*'.repeat(needle.length);

function redacted(needle: string, chunks: readonly Uint8Array<ArrayBuffer>[]): string {
  const redactor = createTokenRedactor([secret(needle)]);
  return [...chunks.map((chunk) => textOf(redactor.push(chunk))), textOf(redactor.end())].join('');
}

test('a token is redacted wherever the stream is split', () => {
  const needle = 'tok.en-42';
  const text = `ab${needle}cd${needle}${needle}tok.en`;
  const clean = text.replaceAll(needle, stars(needle));
  for (let first = 0; first <= text.length; first += 1) {
    for (let second = first; second <= text.length; second += 1) {
      const chunks = [text.slice(0, first), text.slice(first, second), text.slice(second)].map(
        bytesOf,
      );
      expect(redacted(needle, chunks), `split at ${String(first)} and ${String(second)}`).toBe(
        clean,
      );
    }
  }
});

test('a token that arrives byte by byte is redacted', () => {
  const text = 'xxsecretsecresecretyy';
  expect(
    redacted(
      'secret',
      [...bytesOf(text)].map((byte) => Uint8Array.of(byte)),
    ),
  ).toBe('xx******secre******yy');
});

test('bytes without the token are unchanged', () => {
  const bytes = Uint8Array.from({ length: 4096 }, (_, at) => (at * 7919) % 256);
  expect(redacted('not in there', [bytes.subarray(0, 1000), bytes.subarray(1000)])).toBe(
    textOf(bytes),
  );
});

test('the chunk is overwritten in place, not copied', () => {
  const chunk = bytesOf('a secret here');
  expect(createTokenRedactor([secret('secret')]).push(chunk)).toBe(chunk);
  expect(textOf(chunk)).toBe('a ****** here');
});

test('at most the length of the token less one is held back', () => {
  const redactor = createTokenRedactor([secret('secret')]);
  expect(textOf(redactor.push(bytesOf('12345secre')))).toBe('12345');
  expect(textOf(redactor.push(bytesOf('12345')))).toBe('secre12345');
  expect(textOf(redactor.end())).toBe('');
});

test('an empty token changes nothing', () => {
  expect(redacted('', [bytesOf('abc')])).toBe('abc');
});

test('the result equals a replacement in the whole text, for every split', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 60 });
  const needles = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 6 });
  const property = fc.property(needles, letters, fc.array(fc.nat(60)), (needle, text, cuts) => {
    const at = [
      0,
      ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b),
      text.length,
    ];
    const chunks = at.slice(1).map((end, index) => bytesOf(text.slice(at[index], end)));
    expect(redacted(needle, chunks)).toBe(text.replaceAll(needle, stars(needle)));
  });
  fc.assert(property, { seed: 36, numRuns: 5000 });
});

test('several texts are redacted, for every chunk size', () => {
  const texts = ['a+b', 'a%2Bb', 'a%252Bb'];
  const body = 'x a+b y a%2Bb z a%252Bb a+';
  const expected = 'x *** y ***** z ******* a+';
  for (let size = 1; size <= body.length; size += 1) {
    const redactor = createTokenRedactor(texts.map(secret));
    const bytes = new TextEncoder().encode(body);
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += size)
      pieces.push(redactor.push(bytes.slice(at, at + size)));
    pieces.push(redactor.end());
    expect(Buffer.concat(pieces).toString()).toBe(expected);
  }
});

test('a token of equal bytes in a body of the same bytes is redacted in linear time', () => {
  const needle = `${'e'.repeat(8000)}x`;
  const chunk = bytesOf('e'.repeat(1_048_576));
  const redactor = createTokenRedactor([secret(needle)]);
  const startedAtMs = performance.now();
  const received = redactor.push(chunk).length + redactor.push(bytesOf('x')).length;
  // A search that begins again at each byte compares eight billion bytes.
  expect(performance.now() - startedAtMs).toBeLessThan(2000);
  expect(received + redactor.end().length).toBe(1_048_577);
});

test('a token whose end is like the body is redacted in linear time', () => {
  const needle = `x${'e'.repeat(8000)}`;
  const chunk = bytesOf(`${'e'.repeat(524_288)}${needle}${'e'.repeat(524_288)}`);
  const startedAtMs = performance.now();
  const clean = textOf(createTokenRedactor([secret(needle)]).push(chunk));
  // A search that compares from the end of the token at each byte compares eight billion bytes.
  expect(performance.now() - startedAtMs).toBeLessThan(2000);
  expect(clean === `${'e'.repeat(524_288)}${stars(needle)}${'e'.repeat(524_288)}`).toBe(true);
});

test('a token that contains its own beginning again is redacted', () => {
  const letters = fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 8 });
  const texts = fc.array(fc.constantFrom('a', 'b'), { maxLength: 40 });
  fc.assert(
    fc.property(letters, texts, (needleLetters, textLetters) => {
      const needle = needleLetters.join('');
      const text = textLetters.join('');
      expect(redacted(needle, [bytesOf(text)])).toBe(text.replaceAll(needle, stars(needle)));
    }),
    { numRuns: 1000, seed: 20_261_126 },
  );
  expect(redacted('aaab', [bytesOf('aaaaab')])).toBe('aa****');
});
