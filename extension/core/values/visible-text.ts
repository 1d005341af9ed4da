/** A part of a text as it is shown: the text itself, or the name of one character that would not be seen. */
export interface TextPart {
  readonly text: string;
  /** Whether `text` is the name of a character, such as `U+202E`. */
  readonly isCode: boolean;
}

/**
 * Characters that are not seen, or that change how others are seen: controls, bidi controls, zero-width characters, fillers, tags.
 * A name with them can look like another one, or change the text around it.
 * @see Unicode Standard Annex #9, Unicode Technical Report #36 (security considerations)
 */
const hidden = /[\p{Cc}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\uFFF9-\uFFFC]/u;

/** Scripts whose words have joiners. */
const joinedScripts = [
  'Arabic',
  'Devanagari',
  'Bengali',
  'Gurmukhi',
  'Gujarati',
  'Oriya',
  'Tamil',
  'Telugu',
  'Kannada',
  'Malayalam',
  'Sinhala',
  'Khmer',
]
  .map((script) => `\\p{Script=${script}}`)
  .join('');

/** Where such characters have a meaning that is seen: in emoji, in flags of regions, and in words of scripts with joiners. */
const meaningful = [
  String.raw`(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Variation_Selector}])\u200D(?=\p{Extended_Pictographic})`,
  String.raw`(?<=[\p{Emoji}\p{Ideographic}\p{Script=Mongolian}])\p{Variation_Selector}`,
  String.raw`(?<=\u{1F3F4})[\u{E0020}-\u{E007E}]+\u{E007F}`,
  String.raw`(?<=[${joinedScripts}])[\u200C\u200D](?=[\p{L}\p{M}])`,
].join('|');

const pieces = new RegExp(`(${meaningful})|(${hidden.source})`, 'gu');

/** Splits a text from outside, so that every character of it is seen. */
export function visibleParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let shownTo = 0;
  for (const match of text.matchAll(pieces)) {
    const [, , invisible] = match;
    if (invisible === undefined) continue;
    if (match.index > shownTo)
      parts.push({ text: text.slice(shownTo, match.index), isCode: false });
    parts.push({ text: nameOf(invisible), isCode: true });
    shownTo = match.index + invisible.length;
  }
  if (shownTo < text.length) parts.push({ text: text.slice(shownTo), isCode: false });
  return parts;
}

/** The same as plain text, for attributes, options and notifications: characters that are not seen as `‹U+202E›`. */
export function visibleText(text: string): string {
  return visibleParts(text)
    .map((part) => (part.isCode ? `‹${part.text}›` : part.text))
    .join('');
}

function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
