import { expect, test } from 'vitest';
import { responseBodyReader } from './response-body.ts';

const mebibyte = 1_048_576;

test('a body in pieces of 16 bytes is delivered without its tokens, and does not block the worker', async () => {
  const token = `${'e'.repeat(8000)}x`;
  const text = `${'e'.repeat(mebibyte)}x${'e'.repeat(mebibyte / 2)}y`;
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.slice(at, (at += 16)));
    },
  });
  const read = responseBodyReader(stream, {
    tokenForms: [token, `${token}%3D`],
    isReading: true,
    controller: new AbortController(),
    end: () => undefined,
    world: { after: () => () => undefined },
  });
  const startedAtMs = performance.now();
  const received: Uint8Array[] = [];
  for (let isComplete = false; !isComplete;) {
    const piece = await read();
    received.push(new Uint8Array(piece.chunk));
    ({ isComplete } = piece);
  }
  // A search that begins again in each piece takes more than ten seconds.
  expect(performance.now() - startedAtMs).toBeLessThan(5000);
  expect(received.every(({ length }) => length <= mebibyte)).toBe(true);
  const expected = text.replaceAll(token, '*'.repeat(token.length));
  expect(Buffer.concat(received).toString() === expected).toBe(true);
});
