import type { Text, Texts } from './locale-texts.ts';

/** The tag of the pseudo-locale: English for `Intl`. */
const pseudoTag = 'en-XA';

const plain = 'ABCDEFGHIJKLMNOPRSTUWYZabcdefghijklmnoprstuwyz';
const accents = 'ÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞŔŠŢÛŴÝŽåƀçðéƒĝĥîĵķļɱñöþŕšţûŵýž';

/**
 * English that shows what a translation would break: letters with accents, vowels and n twice, which makes words about 40 % longer, as
 * German is, and brackets around each text, so that a text that is cut, built from pieces or not translatable is seen.
 */
export function pseudoTexts(english: Texts): Texts {
  const entries = Object.entries(english).map(([key, text]) => [key, pseudoText(key, text)]);
  return Object.fromEntries(entries) as Texts;
}

function pseudoText(key: string, { message }: Text): Text {
  if (key === 'language_tag') return { message: pseudoTag };
  // The browser limits their length.
  if (key === 'extension_name' || key === 'extension_description') return { message };
  const parts = message.split(/(\$\w+)/u);
  const changed = parts.map((part, at) => (at % 2 === 1 ? part : longer(part)));
  return { message: `⟦${changed.join('')}⟧` };
}

function longer(text: string): string {
  return text
    .replaceAll(/[aeinouy]/giu, (letter) => letter + letter.toLowerCase())
    .replaceAll(/[a-z]/giu, (letter) => accents[plain.indexOf(letter)] ?? letter);
}
