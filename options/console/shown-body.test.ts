import { describe, expect, it } from 'vitest';
import { maxFormattedLength, shownBody } from './shown-body.ts';

const json = 'application/json;charset=UTF-8';

describe('a body', () => {
  it.each([
    ['{"a":1}', json, '{\n  "a": 1\n}', true],
    ['{"a":1}', 'application/problem+json', '{\n  "a": 1\n}', true],
    ['{"a":1}', undefined, '{\n  "a": 1\n}', true],
    ['{"a":1}', 'text/plain', '{"a":1}', false],
    ['{"a":', json, '{"a":', false],
    ['', json, '', false],
  ])('%j of type %s is shown as %j', (text, contentType, shown, isFormatted) => {
    const body = shownBody(text, contentType);
    expect([body.pieces.join(''), body.isFormatted]).toEqual([shown, isFormatted]);
  });

  it('that is long is not formatted', () => {
    const ofLength = (length: number): string => `"${'a'.repeat(length - 2)}"`;
    expect(shownBody(ofLength(maxFormattedLength), json).isFormatted).toBe(true);
    expect(shownBody(ofLength(maxFormattedLength + 1), json).isFormatted).toBe(false);
  });
});

describe('the pieces', () => {
  const piecesOf = (text: string): readonly string[] => shownBody(text, 'text/plain').pieces;

  it('end with a line, and together are the text', () => {
    const text = 'a line of text\n'.repeat(5000);
    const pieces = piecesOf(text);
    expect(pieces.length).toBeGreaterThan(5);
    expect(pieces.every((piece) => piece.endsWith('\n'))).toBe(true);
    expect(pieces.join('')).toBe(text);
  });

  it('of a line that is too long end between characters', () => {
    const text = `a${'\u{1F600}'.repeat(20_000)}`;
    const pieces = piecesOf(text);
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces.every((piece) => piece.isWellFormed())).toBe(true);
    expect(pieces.join('')).toBe(text);
  });
});
