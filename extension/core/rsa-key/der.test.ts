import { expect, test } from 'vitest';
import { DerError, derTag, readDer, writeDer } from './der.ts';

test.each([0, 1, 127, 128, 255, 256, 65_535])(
  'an element of %i bytes is read as written',
  (length) => {
    const content = new Uint8Array(length).fill(7);
    const bytes = writeDer(derTag.octetString, content);
    expect(readDer(bytes)).toEqual([{ tag: derTag.octetString, content }]);
  },
);

test.each([
  ['an indefinite length', [0x80, 0, 0]],
  ['a length of 127 in its long form', [0x81, 127, ...Array<number>(127).fill(0)]],
  ['a length of 255 in its longer form', [0x82, 0, 255, ...Array<number>(255).fill(0)]],
  ['a length of three bytes', [0x83, 1, 0, ...Array<number>(256).fill(0)]],
])('%s is not DER', (_, rest) => {
  const read = () => readDer(Uint8Array.of(derTag.octetString, ...rest));
  expect(read).toThrow(new DerError(false));
});

test.each([
  ['no length', []],
  ['half of a length', [0x82, 1]],
  ['less content than its length', [2, 0]],
])('an element with %s is truncated', (_, rest) => {
  expect(() => readDer(Uint8Array.of(derTag.octetString, ...rest))).toThrow(new DerError(true));
});
