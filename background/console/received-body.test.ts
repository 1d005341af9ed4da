import { expect, test } from 'vitest';
import { maxConsoleBytes } from '#wire/console.ts';
import { shownBody } from './received-body.ts';

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const json = 'application/json;charset=UTF-8';

test.each([
  ['UTF-8 in two pieces', [0xc3, 0xa4], json, 'ä'],
  ['UTF-8 without a type', [0xc3, 0xa4], undefined, 'ä'],
  ['Latin 1, as the type says', [0xe4], 'text/html; charset="iso-8859-1"', 'ä'],
  ['an encoding that browsers do not know', [0xc3, 0xa4], 'text/html;charset=klingon', 'ä'],
  ['other bytes', [0xff, 0xd8, 0xff], 'image/jpeg', undefined],
  ['a NUL', [0x61, 0x00], 'text/plain', undefined],
  ['nothing', [], json, ''],
])('%s', (_, bytes, contentType, text) => {
  const pieces = bytes.map((byte) => Uint8Array.of(byte));
  expect(shownBody({ pieces, isComplete: true, contentType })).toEqual({
    bodyBytes: bytes.length,
    isTruncated: false,
    ...(text === undefined ? {} : { text }),
  });
});

test('a body that goes on is cut, also within a character', () => {
  const pieces = [bytesOf('a'.repeat(maxConsoleBytes - 1)), bytesOf('ä')];
  const { text, ...rest } = shownBody({ pieces, isComplete: true, contentType: json });
  expect(rest).toEqual({ bodyBytes: maxConsoleBytes, isTruncated: true });
  expect(text).toBe('a'.repeat(maxConsoleBytes - 1));
  const whole = [bytesOf('a'.repeat(maxConsoleBytes))];
  expect(shownBody({ pieces: whole, isComplete: true, contentType: json }).isTruncated).toBe(false);
  expect(shownBody({ pieces: whole, isComplete: false, contentType: json }).isTruncated).toBe(true);
});
