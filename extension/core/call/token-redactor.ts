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

function redactorOf(text: string): TokenRedactor {
  const needle = new TextEncoder().encode(text);
  let held = new Uint8Array(0);
  return {
    push: (chunk) => {
      const bytes = joinBytes([held, chunk]);
      overwrite(bytes, needle);
      const completeBytes = Math.max(0, bytes.length - partialMatchAtEnd(bytes, needle));
      held = bytes.slice(completeBytes);
      return bytes.subarray(0, completeBytes);
    },
    end: () => {
      const rest = held;
      held = new Uint8Array(0);
      return rest;
    },
  };
}

function overwrite(bytes: Uint8Array, needle: Uint8Array): void {
  const first = needle[0];
  if (first === undefined) return;
  for (let at = bytes.indexOf(first); at !== -1; at = bytes.indexOf(first, at + 1)) {
    if (isMatch(bytes, at, needle, needle.length)) bytes.fill(asterisk, at, at + needle.length);
  }
}

/** Length of the longest beginning of the needle that the bytes end with. */
function partialMatchAtEnd(bytes: Uint8Array, needle: Uint8Array): number {
  for (let length = Math.min(needle.length - 1, bytes.length); length > 0; length -= 1) {
    if (isMatch(bytes, bytes.length - length, needle, length)) return length;
  }
  return 0;
}

/** Whether the first `length` bytes of the needle are in `bytes` at the index `at`. */
function isMatch(bytes: Uint8Array, at: number, needle: Uint8Array, length: number): boolean {
  if (at + length > bytes.length) return false;
  for (let i = 0; i < length; i += 1) {
    if (bytes[at + i] !== needle[i]) return false;
  }
  return true;
}
