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
const hidden =
  /[\p{Cc}\p{Zl}\p{Zp}\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u2800\u3164\uFEFF\uFFA0\uFFF9-\uFFFC\u{1D173}-\u{1D17A}\u{E0000}-\u{E0FFF}]/u;

/**
 * Where such characters have a meaning that is seen: joiners inside of emoji and of words in scripts that have them, and the flags of
 * regions.
 */
const meaningful =
  /(?<=[\p{Extended_Pictographic}\uFE0F\u{1F3FB}-\u{1F3FF}])\u200D(?=\p{Extended_Pictographic})|(?<=[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}])[\u200C\u200D](?=[\p{L}\p{M}])|(?<=\u{1F3F4})[\u{E0020}-\u{E007E}]+\u{E007F}/u;

const pieces = new RegExp(`(${meaningful.source})|(${hidden.source})`, 'gu');

/** Splits a text from outside, so that every character of it is seen. */
export function visibleParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let shownTo = 0;
  for (const match of text.matchAll(pieces)) {
    const [, , invisible] = match;
    if (invisible === undefined) continue;
    if (match.index > shownTo) parts.push({ text: text.slice(shownTo, match.index), isCode: false });
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
