const star = 0x2a;

/**
 * Removes every occurrence of a text from a stream of bytes and leaves all other bytes as they are,
 * also where an occurrence lies across two chunks. Used to keep an access token that a server echoes
 * from reaching a page.
 */
export interface Scrubber {
  /** The bytes that are certain by now; up to the text's length less one is held back. */
  push(chunk: Uint8Array): Uint8Array;
  /** The rest. */
  end(): Uint8Array;
}

/** Makes a scrubber for some texts, none of which may be empty. */
export function createScrubber(texts: readonly string[]): Scrubber {
  const scrubbers = texts.map(scrubberOf);
  return {
    push: (chunk) => scrubbers.reduce((bytes, each) => each.push(bytes), chunk),
    // What one held back, the next may hold a part of.
    end: () =>
      scrubbers.reduce<Uint8Array>(
        (rest, each) => joined(each.push(rest), each.end()),
        new Uint8Array(0),
      ),
  };
}

function scrubberOf(text: string): Scrubber {
  const needle = new TextEncoder().encode(text);
  let held = new Uint8Array(0);
  return {
    push: (chunk) => {
      const bytes = joined(held, chunk);
      blank(bytes, needle);
      const certain = Math.max(0, bytes.length - longestPartialEnd(bytes, needle));
      held = bytes.slice(certain);
      return bytes.subarray(0, certain);
    },
    end: () => {
      const rest = held;
      held = new Uint8Array(0);
      return rest;
    },
  };
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(one.length + other.length);
  bytes.set(one);
  bytes.set(other, one.length);
  return bytes;
}

function blank(bytes: Uint8Array, needle: Uint8Array): void {
  const first = needle[0];
  if (first === undefined) return;
  for (let at = bytes.indexOf(first); at !== -1; at = bytes.indexOf(first, at + 1)) {
    if (isAt(bytes, at, needle, needle.length)) bytes.fill(star, at, at + needle.length);
  }
}

/** Length of the longest beginning of the needle that the bytes end with. */
function longestPartialEnd(bytes: Uint8Array, needle: Uint8Array): number {
  for (let length = Math.min(needle.length - 1, bytes.length); length > 0; length -= 1) {
    if (isAt(bytes, bytes.length - length, needle, length)) return length;
  }
  return 0;
}

function isAt(bytes: Uint8Array, at: number, needle: Uint8Array, length: number): boolean {
  if (at + length > bytes.length) return false;
  for (let i = 0; i < length; i += 1) {
    if (bytes[at + i] !== needle[i]) return false;
  }
  return true;
}
