import { expect, test } from 'vitest';
import { visibleParts, visibleText } from './visible-text.ts';

test.each([
  ['Acme \u202Emoc.live', 'Acme ‹U+202E›moc.live'],
  ['a\u200Bb', 'a‹U+200B›b'],
  ['line\nbreak\u2028', 'line‹U+000A›break‹U+2028›'],
  ['\u2066isolated\u2069', '‹U+2066›isolated‹U+2069›'],
  ['filler\u3164', 'filler‹U+3164›'],
  ['tag\u{E0041}', 'tag‹U+E0041›'],
  ['soft\u00ADhyphen', 'soft‹U+00AD›hyphen'],
  ['Latin\u200Djoiner', 'Latin‹U+200D›joiner'],
  ['a\uFE0Fb', 'a‹U+FE0F›b'],
  ['\u200E', '‹U+200E›'],
])('%j is shown as %s', (text, shown) => {
  expect(visibleText(text)).toBe(shown);
});

test.each([
  'Ada Lovelace',
  'Überprüfung – “Team”',
  'שלום עולם',
  '日本語 サイト',
  '👩‍👩‍👧 family',
  '❤️ 1️⃣',
  '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  'می‌خواهم',
  'क्‍ष',
  '',
])('%j is shown as it is', (text) => {
  expect(visibleText(text)).toBe(text);
});

test('names of characters are told from text that looks like one', () => {
  expect(visibleParts('U+202E\u202E!')).toEqual([
    { text: 'U+202E', isCode: false },
    { text: 'U+202E', isCode: true },
    { text: '!', isCode: false },
  ]);
});
