import { joinBytes } from '../values/bytes.ts';

const asterisk = 0x2a;

/**
 * Overwrites every occurrence of a text in a stream of bytes with asterisks, also where an occurrence spans two
 * chunks. Other bytes are unchanged. Keeps an access token that a server echoes in its response from reaching a page.
 */
export interface TokenRedactor {
  /** The bytes up to which the redaction is complete. Up to the length of the text less one byte is held back. */
  push(chunk: Uint8Array): Uint8Array;
  /** The bytes that were held back. */
  end(): Uint8Array;
}

/** @param texts - the texts to redact, e.g. a token in its different encodings */
export function createTokenRedactor(texts: readonly string[]): TokenRedactor {
  const redactors = texts.map(redactorOf);
  return {
    push: (chunk) => redactors.reduce((bytes, each) => each.push(bytes), chunk),
    // Bytes that one redactor held back may contain the beginning of the next one's text.
    end: () =>
      redactors.reduce<Uint8Array>(
        (rest, each) => joinBytes([each.push(rest), each.end()]),
        new Uint8Array(0),
      ),
  };
}

/**
 * Searches as Knuth, Morris and Pratt do, in a time that depends on the length of the stream alone: the server chooses
 * the token, the body and the size of the chunks.
 */
function redactorOf(text: string): TokenRedactor {
  const needle = new TextEncoder().encode(text);
  const [first] = needle;
  const borders = borderLengths(needle);
  /** How many bytes of the needle the stream ends with. They are held back. */
  let matched = 0;
  return {
    push: (chunk) => {
      if (first === undefined) return chunk;
      let at = matched;
      const bytes = joinBytes([needle.subarray(0, matched), chunk]);
      while (at < bytes.length) {
        if (matched === 0) {
          at = bytes.indexOf(first, at);
          if (at === -1) return bytes;
        }
        matched = extended(matched, bytes[at], needle, borders);
        at += 1;
        if (matched < needle.length) continue;
        bytes.fill(asterisk, at - matched, at);
        matched = 0;
      }
      return bytes.subarray(0, bytes.length - matched);
    },
    end: () => {
      const rest = needle.slice(0, matched);
      matched = 0;
      return rest;
    },
  };
}

/** How many bytes of the needle a text ends with when a byte is appended to one that ends with `matched` of them. */
function extended(
  matched: number,
  byte: number | undefined,
  needle: Uint8Array,
  borders: Uint32Array,
): number {
  let length = matched;
  while (length > 0 && needle[length] !== byte) length = borders[length - 1] ?? 0;
  return needle[length] === byte ? length + 1 : length;
}

/** For each beginning of the needle, the length of the longest shorter one that it ends with. */
function borderLengths(needle: Uint8Array): Uint32Array {
  const borders = new Uint32Array(needle.length);
  for (let at = 1; at < needle.length; at += 1)
    borders[at] = extended(borders[at - 1] ?? 0, needle[at], needle, borders);
  return borders;
}
