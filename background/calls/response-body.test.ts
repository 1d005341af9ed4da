import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Origin } from '#core/values/origin.ts';
import { secret } from '#core/values/secret.ts';
import type { ApiChunk } from '#wire/api-call.ts';
import { rejection } from '../../test/support/faults.ts';
import { streamOf } from '../../test/support/stream-of.ts';
import type { PageCaller } from '../messages/caller.ts';
import { createCallsInFlight, maxWaitingReads, type CallsInFlight } from './calls-in-flight.ts';
import { responseBodyReader } from './response-body.ts';

const mebibyte = 1_048_576;

test('a body in pieces of 16 bytes is delivered without its tokens, and does not block the worker', async () => {
  const token = `${'e'.repeat(8000)}x`;
  const text = `${'e'.repeat(mebibyte)}x${'e'.repeat(mebibyte / 2)}y`;
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.slice(at, (at += 16)));
    },
  });
  const read = responseBodyReader(stream, {
    tokenForms: [token, `${token}%3D`].map(secret),
    isReading: true,
    controller: new AbortController(),
    end: () => undefined,
    world: { after: () => () => undefined, withKeepAlive: (work) => work() },
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

const caller: PageCaller = {
  kind: 'page',
  origin: 'https://a.example' as Origin,
  tabId: 1,
  documentId: 'one',
};
const small = { callId: 'a', input: '/', headers: [], body: null, writtenBytes: 0 };
let calls: CallsInFlight;
const after = (ms: number, act: () => void) => {
  const timer = setTimeout(act, ms);
  return () => {
    clearTimeout(timer);
  };
};
/** How many pieces of work keep the worker alive. */
let kept: number;
const withKeepAlive = async <T>(work: () => Promise<T>): Promise<T> => {
  kept += 1;
  try {
    return await work();
  } finally {
    kept -= 1;
  }
};
/** The body of a `fetch` whose server stalls: it rejects when the signal is aborted. */
const stalledUntil = (signal: AbortSignal): ReadableStream<Uint8Array<ArrayBuffer>> =>
  new ReadableStream({
    start: (controller) => {
      signal.addEventListener('abort', () => {
        controller.error(new DOMException('aborted', 'AbortError'));
      });
    },
  });
/** Lets time pass until a piece comes. */
async function delivered(piece: Promise<ApiChunk>): Promise<ApiChunk> {
  const isSettled = { value: false };
  void piece.finally(() => (isSettled.value = true)).catch(() => undefined);
  while (!isSettled.value) await vi.advanceTimersToNextTimerAsync();
  return piece;
}
const tokens = [secret('token')];
const textOf = (chunk: ArrayBuffer): string => Buffer.from(chunk).toString();

describe('a response body', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    kept = 0;
    calls = createCallsInFlight({ after, withKeepAlive });
  });
  afterEach(() => vi.useRealTimers());

  test('is read in pieces of at most 1 MiB, the last one marked as complete', async () => {
    const bytes = new Uint8Array(2 * mebibyte + 5).map((_, at) => at % 251);
    const call = calls.open(caller, small);
    const first = await call.deliver(streamOf(bytes.subarray(0, 100), bytes.subarray(100)), [
      secret('token'),
    ]);
    const second = await calls.read(caller, 'a');
    const third = await calls.read(caller, 'a');
    expect(
      [first, second, third].map(({ chunk, isComplete }) => [chunk.byteLength, isComplete]),
    ).toEqual([
      [mebibyte, false],
      [mebibyte, false],
      [5, true],
    ]);
    const all = Buffer.concat([first, second, third].map(({ chunk }) => Buffer.from(chunk)));
    expect(all.equals(bytes)).toBe(true);
    expect((await rejection(calls.read(caller, 'a'))).code).toBe('unavailable');
  });
  test('of exactly 1 MiB is complete in the first piece', async () => {
    const { chunk, isComplete } = await calls
      .open(caller, small)
      .deliver(streamOf(new Uint8Array(mebibyte)), tokens);
    expect([chunk.byteLength, isComplete]).toEqual([mebibyte, true]);
  });
  test.each([[null], [streamOf()]])(
    'that is absent or empty is complete in the first piece',
    async (body) => {
      const { chunk, isComplete } = await calls.open(caller, small).deliver(body, tokens);
      expect([chunk.byteLength, isComplete]).toEqual([0, true]);
    },
  );
  test('is redacted, also where the token spans two chunks', async () => {
    const chunks = ['{"a":"to', 'ken","b":"tok'].map((text) => new TextEncoder().encode(text));
    const { chunk } = await calls.open(caller, small).deliver(streamOf(...chunks), tokens);
    expect(textOf(chunk)).toBe('{"a":"*****","b":"tok');
  });
  test('of any size is delivered, however large the pieces of the server are', async () => {
    const bytes = new Uint8Array(30 * mebibyte + 5).map((_, at) => at % 251);
    const call = calls.open(caller, small);
    const stream = streamOf(
      bytes.subarray(0, 3),
      bytes.subarray(3, 29 * mebibyte),
      bytes.subarray(29 * mebibyte),
    );
    let piece = await call.deliver(stream, tokens);
    const received = [Buffer.from(piece.chunk)];
    while (!piece.isComplete) {
      piece = await calls.read(caller, 'a');
      received.push(Buffer.from(piece.chunk));
    }
    expect(received.every(({ length }) => length <= mebibyte)).toBe(true);
    expect(Buffer.concat(received).equals(bytes)).toBe(true);
  });
  test('that breaks off before its first piece is `offline`, and another response can be delivered', async () => {
    const broken = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => {
        controller.error(new TypeError('canary'));
      },
    });
    const call = calls.open(caller, small);
    const fault = await rejection(call.deliver(broken, tokens));
    expect(fault.code).toBe('offline');
    expect(JSON.stringify(fault)).not.toContain('canary');
    await vi.advanceTimersByTimeAsync(0);
    expect([call.signal.aborted, kept]).toEqual([false, 0]);
    expect(textOf((await call.deliver(streamOf(Buffer.from('whole')), tokens)).chunk)).toBe(
      'whole',
    );
  });
  test('of a write that breaks off before its first piece is `outcome_unknown`', async () => {
    const broken = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => {
        controller.error(new TypeError('broken'));
      },
    });
    const first = calls.open(caller, small);
    first.markWriteSent();
    expect((await rejection(first.deliver(broken, tokens))).code).toBe('outcome_unknown');
  });
  test('whose bytes are late is delivered with its head alone, and then as it comes', async () => {
    const server = Promise.withResolvers<ReadableStreamDefaultController<Uint8Array>>();
    const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({ start: server.resolve });
    const controller = await server.promise;
    const first = await delivered(calls.open(caller, small).deliver(stream, tokens));
    expect([first.chunk.byteLength, first.isComplete]).toEqual([0, false]);
    for (const text of ['one', 'two']) {
      const next = calls.read(caller, 'a');
      controller.enqueue(Buffer.from(text));
      const piece = await delivered(next);
      expect([textOf(piece.chunk), piece.isComplete]).toEqual([text, false]);
    }
    const last = calls.read(caller, 'a');
    controller.close();
    expect((await delivered(last)).isComplete).toBe(true);
  });
  test('whose first bytes are on their way is complete in one piece', async () => {
    const later = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: async (controller) => {
        await new Promise((resolve) => setTimeout(resolve, 4));
        controller.enqueue(Buffer.from('whole'));
        controller.close();
      },
    });
    const piece = await delivered(calls.open(caller, small).deliver(later, tokens));
    expect([textOf(piece.chunk), piece.isComplete]).toEqual(['whole', true]);
  });
  test('is delivered in order when several pieces are requested at once', async () => {
    const bytes = new Uint8Array(4 * mebibyte).map((_, at) => (at >> 20) % 251);
    const first = await calls.open(caller, small).deliver(streamOf(bytes), tokens);
    const rest = await Promise.all([1, 2, 3].map(() => calls.read(caller, 'a')));
    const all = Buffer.concat([first, ...rest].map(({ chunk }) => Buffer.from(chunk)));
    expect(all.equals(bytes)).toBe(true);
  });
  test('is requested sixteen times at once at most; a further request is `rate_limited`', async () => {
    const server = Promise.withResolvers<ReadableStreamDefaultController<Uint8Array>>();
    const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({ start: server.resolve });
    const controller = await server.promise;
    await delivered(calls.open(caller, small).deliver(stream, tokens));
    const waiting = Array.from({ length: maxWaitingReads }, () => calls.read(caller, 'a'));
    expect((await rejection(calls.read(caller, 'a'))).code).toBe('rate_limited');
    for (let at = 0; at <= maxWaitingReads; at += 1) {
      controller.enqueue(Buffer.from('piece'));
      await delivered(waiting[at] ?? calls.read(caller, 'a'));
    }
  });
  test('that breaks off after its first piece ends the call', async () => {
    let pulls = 0;
    const broken = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => {
        pulls += 1;
        if (pulls < 3) controller.enqueue(new Uint8Array(mebibyte));
        else controller.error(new TypeError('broken'));
      },
    });
    const call = calls.open(caller, small);
    await call.deliver(broken, tokens);
    expect((await rejection(calls.read(caller, 'a'))).code).toBe('offline');
    expect(call.signal.aborted).toBe(true);
  });
  test('waits for a page that is slow, with no time limit for the server meanwhile', async () => {
    const call = calls.open(caller, small);
    await call.deliver(streamOf(new Uint8Array(2 * mebibyte)), tokens);
    await vi.advanceTimersByTimeAsync(299_000);
    expect([call.signal.aborted, kept]).toEqual([false, 1]);
    expect((await calls.read(caller, 'a')).isComplete).toBe(true);
    await vi.advanceTimersByTimeAsync(0);
    expect([vi.getTimerCount(), kept]).toEqual([0, 0]);
  });
  test.each(['a read', 'a write'])(
    'of %s that the page leaves unread for five minutes ends as `timeout`',
    async (what) => {
      const call = calls.open(caller, small);
      if (what === 'a write') call.markWriteSent();
      let isCancelled = false;
      const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
        pull: (controller) => {
          controller.enqueue(new Uint8Array(mebibyte));
        },
        cancel: () => {
          isCancelled = true;
        },
      });
      await call.deliver(stream, tokens);
      await vi.advanceTimersByTimeAsync(300_000);
      expect([call.signal.aborted, isCancelled, kept]).toEqual([true, true, 0]);
      expect((await rejection(calls.read(caller, 'a'))).code).toBe('timeout');
      expect((await rejection(calls.read(caller, 'a'))).code).toBe('unavailable');
    },
  );
  test('that the server delivers slowly has no total time limit', async () => {
    let left = 60;
    const trickle = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: async (controller) => {
        await new Promise((resolve) => setTimeout(resolve, 24_000));
        left -= 1;
        if (left < 0) controller.close();
        else controller.enqueue(Uint8Array.of(left));
      },
    });
    let piece = await delivered(calls.open(caller, small).deliver(trickle, tokens));
    const received = [...new Uint8Array(piece.chunk)];
    while (!piece.isComplete) {
      piece = await delivered(calls.read(caller, 'a'));
      received.push(...new Uint8Array(piece.chunk));
    }
    expect(received).toEqual(Array.from({ length: 60 }, (_, at) => 59 - at));
  });
  test('that stalls is a `timeout` also when the source ignores the signal', async () => {
    const silent = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: () => new Promise(() => undefined),
    });
    await delivered(calls.open(caller, small).deliver(silent, tokens));
    const work = rejection(calls.read(caller, 'a'));
    await vi.advanceTimersByTimeAsync(25_000);
    expect((await work).code).toBe('timeout');
    expect(kept).toBe(0);
  });
  test('no longer keeps the worker alive when the page aborts the call', async () => {
    await calls.open(caller, small).deliver(streamOf(new Uint8Array(2 * mebibyte)), tokens);
    calls.abort(caller, 'a');
    await vi.advanceTimersByTimeAsync(0);
    expect([vi.getTimerCount(), kept]).toEqual([0, 0]);
  });
  test('that stalls is a `timeout`, and its request is aborted', async () => {
    const call = calls.open(caller, small);
    const stalled = stalledUntil(call.signal);
    await delivered(call.deliver(stalled, tokens));
    const work = rejection(calls.read(caller, 'a'));
    await vi.advanceTimersByTimeAsync(25_000);
    expect(call.signal.aborted).toBe(true);
    expect((await work).code).toBe('timeout');
  });
});
