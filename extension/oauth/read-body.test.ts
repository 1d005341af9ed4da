import { describe, expect, test } from 'vitest';
import { rejection } from '../../test/support/faults.ts';
import { readBeginning, readBytes, type BodyLimits } from './read-body.ts';

const { signal } = new AbortController();
const textOf = async (response: Response, limits: BodyLimits): Promise<string> =>
  new TextDecoder().decode(await readBytes(response, limits));

/** A body without end, and how many pieces were requested of it. */
function endless(pieceBytes: number) {
  const seen = { pieces: 0, isCancelled: false };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        seen.pieces += 1;
        // Bytes of a network come in tasks of their own.
        if (seen.pieces % 1000 === 0) await new Promise((resolve) => setTimeout(resolve));
        controller.enqueue(new Uint8Array(pieceBytes).fill(0x61));
      },
      cancel: () => {
        seen.isCancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { response: new Response(stream), seen };
}

describe('a body', () => {
  test.each([
    ['', 0],
    ['äöü', 6],
    ['{"a":1}', 7],
  ])('%j of at most the limit is read whole', async (text, maxBytes) => {
    expect(await textOf(new Response(text), { maxBytes, signal })).toBe(text);
  });

  test('without a stream is empty', async () => {
    expect(await textOf(new Response(null), { maxBytes: 0, signal })).toBe('');
  });

  test.each(['abcd', 'äö'])('%j that is one byte longer is refused', async (text) => {
    expect(await rejection(readBytes(new Response(text), { maxBytes: 3, signal }))).toMatchObject({
      code: 'provider_answer_invalid',
    });
  });

  test('without end is requested up to the limit and no further', async () => {
    const { response, seen } = endless(1000);
    const { bytes, isComplete } = await readBeginning(response, { maxBytes: 10_500, signal });
    expect({ length: bytes.length, isComplete }).toEqual({ length: 10_500, isComplete: false });
    expect(seen).toEqual({ pieces: 11, isCancelled: true });
  });

  test('of pieces of 16 bytes is read in a time that grows with its length alone', async () => {
    const { response } = endless(16);
    const startedAtMs = performance.now();
    const { bytes } = await readBeginning(response, { maxBytes: 1_048_576, signal });
    expect(bytes.length).toBe(1_048_576);
    expect(performance.now() - startedAtMs).toBeLessThan(10_000);
  });
});

describe('the signal', () => {
  test('ends a body that stalls, although its source does not follow the signal', async () => {
    const controller = new AbortController();
    const reason = new Error('late');
    const read = readBytes(new Response(new ReadableStream()), {
      maxBytes: 10,
      signal: controller.signal,
    });
    controller.abort(reason);
    await expect(read).rejects.toBe(reason);
  });

  test('ends a body that arrives slowly and would never stall', async () => {
    const controller = new AbortController();
    const { response, seen } = endless(1);
    const read = readBytes(response, { maxBytes: 1_048_576, signal: controller.signal });
    setTimeout(() => {
      controller.abort(new Error('late'));
    });
    await expect(read).rejects.toThrow('late');
    expect(seen.isCancelled).toBe(true);
  });

  test('that was aborted before reads nothing', async () => {
    const { response, seen } = endless(1);
    const read = readBytes(response, {
      maxBytes: 10,
      signal: AbortSignal.abort(new Error('late')),
    });
    await expect(read).rejects.toThrow('late');
    expect(seen).toEqual({ pieces: 0, isCancelled: true });
  });
});

test('a connection that breaks is the error of the stream, not of the answer', async () => {
  const broken = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      controller.error(new TypeError('network error'));
    },
  });
  const read = readBytes(new Response(broken), { maxBytes: 10, signal });
  await expect(read).rejects.toThrow('network error');
});
