import { chunkBytes, type ApiChunk } from '#wire/api-call.ts';

/** Reads a body in pieces of at most one message each. The function may be called several times at once. */
export function pieceReader(stream: ReadableStream<Uint8Array>): () => Promise<ApiChunk> {
  const reader = stream.getReader();
  let ready = new Uint8Array(0);
  const next = async (): Promise<ApiChunk> => {
    if (ready.length === 0) {
      const { value, done } = await reader.read();
      if (done) return { chunk: new ArrayBuffer(0), isComplete: true };
      ready = new Uint8Array(value);
    }
    const chunk = ready.slice(0, chunkBytes).buffer;
    ready = ready.subarray(chunkBytes);
    return { chunk, isComplete: false };
  };
  let last: Promise<ApiChunk> | undefined;
  return () => (last = last === undefined ? next() : last.then(next));
}
