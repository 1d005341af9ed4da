/** The bytes of all pieces, in order. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

/** The bytes in a buffer that has nothing else. Copied only when theirs has. */
export function ownBuffer(bytes: Uint8Array<ArrayBuffer>): ArrayBuffer {
  return bytes.length === bytes.buffer.byteLength ? bytes.buffer : new Uint8Array(bytes).buffer;
}

/**
 * Collects bytes that arrive in pieces. A piece that arrives alone is taken over; several are copied together: a million
 * pieces of one byte need one MiB.
 */
export interface ByteCollector {
  /** How many bytes it holds. */
  readonly length: () => number;
  readonly add: (piece: Uint8Array<ArrayBuffer>) => void;
  /** Removes and returns the first bytes, as many as it takes at once. */
  readonly take: () => Uint8Array<ArrayBuffer>;
  /** Removes all bytes. */
  readonly clear: () => void;
}

/**
 * An empty collector. Its memory is at most twice the bytes that it holds.
 * @param takenBytes - how many bytes are taken at once
 */
export function byteCollector(takenBytes = Infinity): ByteCollector {
  let full: Uint8Array<ArrayBuffer>[] = [];
  let last: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  /** How much of `last` is in use. */
  let used = 0;
  /** Whether `last` may be written: a piece that was taken over may not. */
  let isOwn = false;
  const reserve = (bytes: number): void => {
    if (isOwn && bytes <= last.length) return;
    const larger = new Uint8Array(Math.min(takenBytes, Math.max(bytes, 2 * used)));
    larger.set(last.subarray(0, used));
    [last, isOwn] = [larger, true];
  };
  const removeLast = (): Uint8Array<ArrayBuffer> => {
    const removed = last.subarray(0, used);
    [last, used, isOwn] = [new Uint8Array(0), 0, false];
    return removed;
  };
  return {
    length: () => full.reduce((sum, { length }) => sum + length, used),
    add: (piece) => {
      for (let rest = piece; rest.length > 0;) {
        const part = rest.subarray(0, takenBytes - used);
        rest = rest.subarray(part.length);
        if (used === 0) [last, isOwn] = [part, false];
        else {
          reserve(used + part.length);
          last.set(part, used);
        }
        used += part.length;
        if (used === takenBytes) full.push(removeLast());
      }
    },
    take: () => full.shift() ?? removeLast(),
    clear: () => {
      full = [];
      removeLast();
    },
  };
}
