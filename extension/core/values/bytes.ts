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

/** Collects bytes that arrive in pieces. The pieces are copied: a million pieces of one byte need one MiB. */
export interface ByteCollector {
  /** How many bytes it holds. */
  readonly length: () => number;
  readonly add: (piece: Uint8Array) => void;
  /** Removes and returns all bytes. */
  readonly take: () => Uint8Array<ArrayBuffer>;
}

/** An empty collector. Its memory is at most twice the bytes that it holds. */
export function byteCollector(): ByteCollector {
  let memory = new Uint8Array(0);
  let length = 0;
  return {
    length: () => length,
    add: (piece) => {
      const needed = length + piece.length;
      if (needed > memory.length) {
        const larger = new Uint8Array(Math.max(needed, 2 * memory.length));
        larger.set(memory.subarray(0, length));
        memory = larger;
      }
      memory.set(piece, length);
      length = needed;
    },
    take: () => {
      const taken = memory.subarray(0, length);
      memory = new Uint8Array(0);
      length = 0;
      return taken;
    },
  };
}
