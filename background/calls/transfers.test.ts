import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Origin } from '../../extension/core/values/origin.ts';
import { faultOf, rejection } from '../../test/support/faults.ts';
import type { PageCaller } from '../messages/caller.ts';
import { createTransfers, type Transfers } from './transfers.ts';

const mebibyte = 1_048_576;
const caller: PageCaller = {
  kind: 'page',
  origin: 'https://a.example' as Origin,
  tabId: 1,
  documentId: 'one',
};
const other: PageCaller = { ...caller, documentId: 'two' };
const small = { callId: 'a', body: null, writtenBytes: 0 };
let transfers: Transfers;
beforeEach(() => {
  vi.useFakeTimers();
  transfers = createTransfers();
});
afterEach(() => vi.useRealTimers());

const piece = (offsetBytes: number, bytes: readonly number[]) => ({
  ...{ callId: 'a', offsetBytes, chunk: Uint8Array.from(bytes).buffer },
});
const streamOf = (...chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
/** As the body of a `fetch` whose server stopped: it breaks when the signal fires. */
const stalledUntil = (signal: AbortSignal): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start: (controller) => {
      signal.addEventListener('abort', () => {
        controller.error(new DOMException('aborted', 'AbortError'));
      });
    },
  });
const textOf = (chunk: ArrayBuffer): string => Buffer.from(chunk).toString();

describe('a body that is written in pieces', () => {
  test('is put together in order', () => {
    transfers.write(caller, piece(0, [1, 2]));
    transfers.write(caller, piece(2, [3]));
    expect([...(transfers.open(caller, { ...small, writtenBytes: 3 }).body ?? [])]).toEqual([
      1, 2, 3,
    ]);
  });
  test('is taken once', () => {
    transfers.write(caller, piece(0, [1]));
    transfers.open(caller, { ...small, writtenBytes: 1 }).end();
    expect(faultOf(() => transfers.open(caller, { ...small, writtenBytes: 1 })).code).toBe(
      'unavailable',
    );
  });
  test.each([1, 3])('is not taken when the page says it has %i bytes', (writtenBytes) => {
    transfers.write(caller, piece(0, [1, 2]));
    expect(faultOf(() => transfers.open(caller, { ...small, writtenBytes })).code).toBe(
      'unavailable',
    );
  });
  test('is forgotten after a minute', () => {
    transfers.write(caller, piece(0, [1]));
    vi.advanceTimersByTime(60_000);
    expect(faultOf(() => transfers.write(caller, piece(1, [2]))).code).toBe('unavailable');
  });
  test('is not ended by an earlier attempt that was refused', () => {
    expect(faultOf(() => transfers.write(caller, piece(5, [1]))).code).toBe('unavailable');
    vi.advanceTimersByTime(30_000);
    transfers.write(caller, piece(0, [1]));
    vi.advanceTimersByTime(30_000);
    expect(transfers.open(caller, { ...small, writtenBytes: 1 }).body).toHaveLength(1);
  });
  test('goes with the origin', () => {
    transfers.write(caller, piece(0, [1]));
    transfers.abortOrigin(caller.origin);
    expect(faultOf(() => transfers.open(caller, { ...small, writtenBytes: 1 })).code).toBe(
      'unavailable',
    );
  });
});

describe('an answer', () => {
  test('comes in pieces of at most 1 MiB, the last of which says so', async () => {
    const bytes = new Uint8Array(2 * mebibyte + 5).map((_, at) => at % 251);
    const transfer = transfers.open(caller, small);
    const first = await transfer.answer(streamOf(bytes.subarray(0, 100), bytes.subarray(100)), [
      'token',
    ]);
    const second = await transfers.read(caller, 'a');
    const third = await transfers.read(caller, 'a');
    expect(
      [first, second, third].map(({ chunk, isComplete }) => [chunk.byteLength, isComplete]),
    ).toEqual([
      ...[
        [mebibyte, false],
        [mebibyte, false],
        [5, true],
      ],
    ]);
    const all = Buffer.concat([first, second, third].map(({ chunk }) => Buffer.from(chunk)));
    expect(all.equals(bytes)).toBe(true);
    expect((await rejection(transfers.read(caller, 'a'))).code).toBe('unavailable');
  });
  test('of exactly 1 MiB is complete at once', async () => {
    const { chunk, isComplete } = await transfers
      .open(caller, small)
      .answer(streamOf(new Uint8Array(mebibyte)), ['t']);
    expect([chunk.byteLength, isComplete]).toEqual([mebibyte, true]);
  });
  test.each([[null], [streamOf()]])('without a body is complete at once', async (body) => {
    const { chunk, isComplete } = await transfers.open(caller, small).answer(body, ['token']);
    expect([chunk.byteLength, isComplete]).toEqual([0, true]);
  });
  test('loses the token, also across two pieces of the stream', async () => {
    const chunks = ['{"a":"to', 'ken","b":"tok'].map((text) => new TextEncoder().encode(text));
    const { chunk } = await transfers.open(caller, small).answer(streamOf(...chunks), ['token']);
    expect(textOf(chunk)).toBe('{"a":"*****","b":"tok');
  });
  test('above 8 MiB is too large, and its request ends', async () => {
    const transfer = transfers.open(caller, small);
    await transfer.answer(
      streamOf(new Uint8Array(mebibyte), new Uint8Array(7 * mebibyte), new Uint8Array(1)),
      ['t'],
    );
    const codes: string[] = [];
    for (let at = 0; at < 8 && codes.length === 0; at += 1) {
      await transfers
        .read(caller, 'a')
        .catch((thrown: unknown) => codes.push((thrown as { fault: { code: string } }).fault.code));
    }
    expect([codes, transfer.signal.aborted]).toEqual([['too_large'], true]);
  });
  test('that breaks off is `offline`', async () => {
    const broken = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        controller.error(new TypeError('canary'));
      },
    });
    const transfer = transfers.open(caller, small);
    const fault = await rejection(transfer.answer(broken, ['t']));
    expect(fault.code).toBe('offline');
    expect(JSON.stringify(fault)).not.toContain('canary');
    expect(transfer.signal.aborted).toBe(false);
    expect(textOf((await transfer.answer(streamOf(Buffer.from('whole')), ['t'])).chunk)).toBe(
      'whole',
    );
  });
  test('of a write that breaks off is `outcome_unknown`, and so is one that stalls', async () => {
    const broken = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        controller.error(new TypeError('broken'));
      },
    });
    const first = transfers.open(caller, small);
    expect((await rejection(first.answer(broken, ['t'], false))).code).toBe('outcome_unknown');
    const second = transfers.open(other, small);
    const work = rejection(second.answer(stalledUntil(second.signal), ['t'], false));
    await vi.advanceTimersByTimeAsync(25_000);
    expect((await work).code).toBe('outcome_unknown');
  });
  test('that breaks off after its first piece ends the call', async () => {
    let pulls = 0;
    const broken = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulls += 1;
        if (pulls < 3) controller.enqueue(new Uint8Array(mebibyte));
        else controller.error(new TypeError('broken'));
      },
    });
    const transfer = transfers.open(caller, small);
    await transfer.answer(broken, ['t']);
    expect((await rejection(transfers.read(caller, 'a'))).code).toBe('offline');
    expect(transfer.signal.aborted).toBe(true);
  });
  test('that the page does not fetch for a minute is given up', async () => {
    const transfer = transfers.open(caller, small);
    await transfer.answer(streamOf(new Uint8Array(2 * mebibyte)), ['t']);
    vi.advanceTimersByTime(60_000);
    expect(transfer.signal.aborted).toBe(true);
    expect((await rejection(transfers.read(caller, 'a'))).code).toBe('unavailable');
  });
  test('that stalls is a timeout, and its request ends', async () => {
    const transfer = transfers.open(caller, small);
    const stalled = stalledUntil(transfer.signal);
    const work = rejection(transfer.answer(stalled, ['t']));
    await vi.advanceTimersByTimeAsync(25_000);
    expect(transfer.signal.aborted).toBe(true);
    expect((await work).code).toBe('timeout');
  });
});

describe('a call', () => {
  test('has an id of its own in its document; another document may use the same', () => {
    transfers.open(caller, small);
    expect(faultOf(() => transfers.open(caller, small))).toMatchObject({
      code: 'invalid_request',
      subject: 'callId',
    });
    expect(transfers.open(other, small).signal.aborted).toBe(false);
  });
  test('that ended frees its id', () => {
    transfers.open(caller, small).end();
    expect(transfers.open(caller, small).signal.aborted).toBe(false);
  });
  test('is aborted by its own document alone', () => {
    const { signal } = transfers.open(caller, small);
    transfers.abort(other, 'a');
    expect(signal.aborted).toBe(false);
    transfers.abort(caller, 'a');
    expect(signal.aborted).toBe(true);
  });
  test('of a document that goes away is aborted, those of others go on', () => {
    const [mine, theirs] = [transfers.open(caller, small), transfers.open(other, small)];
    transfers.abortDocument(caller);
    expect([mine.signal.aborted, theirs.signal.aborted]).toEqual([true, false]);
  });
  test('of an origin that was disconnected ends as `not_connected`', () => {
    const elsewhere = { ...caller, origin: 'https://b.example' as Origin, documentId: 'three' };
    const [mine, second, theirs] = [caller, other, elsewhere].map(
      (who) => transfers.open(who, small).signal,
    );
    transfers.abortOrigin(caller.origin);
    expect([mine?.reason, second?.reason]).toMatchObject([
      { fault: { code: 'not_connected' } },
      { fault: { code: 'not_connected' } },
    ]);
    expect(theirs?.aborted).toBe(false);
  });
  test('that is aborted before anything was sent is no error', () => {
    expect(() => {
      transfers.abort(caller, 'never');
    }).not.toThrow();
  });
});
