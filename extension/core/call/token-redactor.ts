import { joinBytes } from '../values/bytes.ts';
import { reveal, type Secret } from '../values/secret.ts';

const asterisk = 0x2a;

/**
 * Overwrites every occurrence of a text in a stream of bytes with asterisks, also where an occurrence spans two
 * chunks. Other bytes are unchanged. Keeps an access token that a server echoes in its response from reaching a page.
 */
export interface TokenRedactor {
  /**
   * The bytes up to which the redaction is complete. Up to the length of the text less one byte is held back. The chunk
   * is overwritten where it has the text, not copied.
   */
  push(chunk: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>;
  /** The bytes that were held back. */
  end(): Uint8Array<ArrayBuffer>;
}

/** @param tokenForms - the texts to redact: a token in its different encodings */
export function createTokenRedactor(tokenForms: readonly Secret[]): TokenRedactor {
  const redactors = tokenForms.map((form) => redactorOf(needleOf(form)));
  return {
    push: (chunk) => redactors.reduce((bytes, each) => each.push(bytes), chunk),
    // Bytes that one redactor held back may contain the beginning of the next one's text.
    end: () =>
      redactors.reduce<Uint8Array<ArrayBuffer>>(
        (rest, each) => joinBytes([each.push(rest), each.end()]),
        new Uint8Array(0),
      ),
  };
}

/** A text that is searched, and what speeds up its search. */
interface Needle {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** For each beginning of it, the length of the longest shorter one that it ends with. */
  readonly borders: Uint32Array;
  /** For each byte, its distance from the end of the needle, without the last byte; the needle's length when it is not in it. */
  readonly shifts: Uint32Array;
}

/** Of the tokens that are in use: every call needs them again. */
const needles = new WeakMap<Secret, Needle>();

function needleOf(form: Secret): Needle {
  const known = needles.get(form);
  if (known !== undefined) return known;
  const bytes = new TextEncoder().encode(reveal(form));
  const needle = { bytes, borders: bordersOf(bytes), shifts: shiftsOf(bytes) };
  needles.set(form, needle);
  return needle;
}

function redactorOf(needle: Needle): TokenRedactor {
  const { bytes: text } = needle;
  /** How many bytes of the needle the stream ends with. They are held back. */
  let matched = 0;
  return {
    push: (chunk) => {
      if (text.length === 0) return chunk;
      const bytes = matched === 0 ? chunk : joinBytes([text.subarray(0, matched), chunk]);
      const end = overwriteAll(bytes, needle);
      matched = 0;
      for (let at = Math.max(end, bytes.length - text.length + 1); at < bytes.length; at += 1)
        matched = extended(matched, bytes[at], needle);
      return matched === 0 ? bytes : bytes.subarray(0, bytes.length - matched);
    },
    end: () => {
      const rest = text.slice(0, matched);
      matched = 0;
      return rest;
    },
  };
}

/**
 * Overwrites every occurrence; returns the end of the last one. Searches as Boyer, Moore and Horspool do, which skips most
 * bytes. The server chooses the token and the body: when they need too many comparisons, it goes on as Knuth, Morris and
 * Pratt do, in a time that depends on the length alone.
 */
function overwriteAll(bytes: Uint8Array, needle: Needle): number {
  const { bytes: text, shifts } = needle;
  const last = text.length - 1;
  let comparisons = 0;
  let end = 0;
  let at = 0;
  while (at + last < bytes.length) {
    if (comparisons > bytes.length) return overwriteInLinearTime(bytes, needle, at) ?? end;
    let index = last;
    while (index >= 0 && bytes[at + index] === text[index]) index -= 1;
    comparisons += last - index;
    if (index >= 0) at += shifts[bytes[at + last] ?? 0] ?? 1;
    else {
      end = at + text.length;
      bytes.fill(asterisk, at, end);
      at = end;
    }
  }
  return end;
}

/** As {@link overwriteAll}, from an offset; undefined when there is no occurrence. */
function overwriteInLinearTime(
  bytes: Uint8Array,
  needle: Needle,
  from: number,
): number | undefined {
  const { length } = needle.bytes;
  let end: number | undefined;
  let matched = 0;
  for (let at = from; at < bytes.length; at += 1) {
    matched = extended(matched, bytes[at], needle);
    if (matched < length) continue;
    end = at + 1;
    bytes.fill(asterisk, end - length, end);
    matched = 0;
  }
  return end;
}

/** How many bytes of the needle a text ends with when a byte is appended to one that ends with `matched` of them. */
function extended(
  matched: number,
  byte: number | undefined,
  { bytes, borders }: Pick<Needle, 'bytes' | 'borders'>,
): number {
  let length = matched;
  while (length > 0 && bytes[length] !== byte) length = borders[length - 1] ?? 0;
  return bytes[length] === byte ? length + 1 : length;
}

function bordersOf(bytes: Uint8Array<ArrayBuffer>): Uint32Array {
  const borders = new Uint32Array(bytes.length);
  for (let at = 1; at < bytes.length; at += 1)
    borders[at] = extended(borders[at - 1] ?? 0, bytes[at], { bytes, borders });
  return borders;
}

function shiftsOf(bytes: Uint8Array): Uint32Array {
  const last = bytes.length - 1;
  const shifts = new Uint32Array(256).fill(bytes.length);
  for (const [at, byte] of bytes.subarray(0, last).entries()) shifts[byte] = last - at;
  return shifts;
}
