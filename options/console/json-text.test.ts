import { describe, expect, it } from 'vitest';
import { chanceOf } from '../../test/support/chance.ts';
import { formattedJson, jsonProblem } from './json-text.ts';

describe('a text that is not JSON', () => {
  it.each<[string, number, number]>([
    ['', 1, 1],
    ['  ', 1, 3],
    ['{', 1, 2],
    ['{"a"', 1, 5],
    ['{"a":1,}', 1, 8],
    ['{"a":1\n "b":2}', 2, 2],
    ['[1,\n2,\n,3]', 3, 1],
    ["{'a':1}", 1, 2],
    ['{"a":01}', 1, 6],
    ['{"a":nul}', 1, 6],
    ['[1 2]', 1, 4],
    ['[1]]', 1, 4],
    ['{"a":1}x', 1, 8],
    ['"a\nb"', 1, 1],
    ['"\\x"', 1, 1],
    ['[}', 1, 2],
    ['{"a":1]', 1, 7],
    ['{"a","b"}', 1, 5],
    ['{1:2}', 1, 2],
    ['{"ä":\u00a01}', 1, 6],
    [':', 1, 1],
    ['truefalse', 1, 1],
  ])('%j stops at line %i, column %i', (text, line, column) => {
    expect(jsonProblem(text)).toEqual({ line, column });
    expect(formattedJson(text)).toBeUndefined();
  });
});

it('is formatted with one member a line', () => {
  expect(formattedJson('{"a":[1,{"b":null}],"c":{},"d":[ ],"e":"x, {y}: \\" ä\u2028"}')).toBe(
    `{
  "a": [
    1,
    {
      "b": null
    }
  ],
  "c": {},
  "d": [],
  "e": "x, {y}: \\" ä\u2028"
}`,
  );
});

it('keeps numbers as they are written', () => {
  const numbers = ['12345678901234567890', '1.0', '-0', '1E+2', '0.10'];
  for (const number of numbers) expect(formattedJson(` ${number} `)).toBe(number);
});

it('agrees with JSON.parse on random texts', () => {
  const chance = chanceOf('JSON texts');
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"\\u00e4"',
    '1',
    '-1.5e3',
    'true',
    ' ',
    '\n',
    'x',
    '"',
    '\u007f',
    '"\u007f"',
    '"\u0001"',
  ];
  for (let count = 0; count < 20_000; count += 1) {
    const length = chance.below(9);
    const text = Array.from({ length }, () => pieces[chance.below(pieces.length)]).join('');
    let expected: string | undefined;
    try {
      expected = JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      expected = undefined;
    }
    const formatted = formattedJson(text);
    expect(formatted === undefined, text).toBe(expected === undefined);
    expect(jsonProblem(text) === undefined, text).toBe(expected !== undefined);
    if (formatted !== undefined)
      expect(JSON.stringify(JSON.parse(formatted), null, 2)).toBe(expected);
  }
});
