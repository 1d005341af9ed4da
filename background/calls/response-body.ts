import { createTokenRedactor } from '#core/call/token-redactor.ts';
import { byteCollector, joinBytes } from '#core/values/bytes.ts';
import { BrokerError } from '#core/values/fault.ts';
import { chunkBytes, type ApiChunk } from '#wire/api-call.ts';
import type { World } from '../platform/world.ts';
import { requestFault } from './request-fault.ts';

/** Time limit for the next bytes of a response while the page waits for them, in milliseconds. */
const stallLimitMs = 25_000;
/** Time limit for the page to request the next piece, in milliseconds: an unread body keeps the worker alive. */
const unreadLimitMs = 300_000;

/** How a response body is read. */
interface ResponseBodyOptions {
  /** Texts that are redacted from the body. */
  readonly tokenForms: readonly string[];
  /** Whether the call changes nothing; else a body that breaks off is `outcome_unknown`. */
  readonly isReading: boolean;
  /** Aborts the request. */
  readonly controller: AbortController;
  /** Called when the body is complete, or the page knows that it cannot be completed. */
  readonly end: () => void;
  readonly world: Pick<World, 'after' | 'withKeepAlive'>;
}

/**
 * Reads a body of any length in pieces of at most one message each, when the page requests them: the memory that it
 * needs does not depend on the length. Keeps the worker alive until the body ends.
 * @returns the function that resolves to the next piece, or rejects with `offline`, `timeout` or `outcome_unknown`.
 * When the first piece rejects with `offline`, the call does not end and may be retried.
 */
export function responseBodyReader(
  stream: ReadableStream<Uint8Array> | null,
  { tokenForms, isReading, controller, end, world }: ResponseBodyOptions,
): () => Promise<ApiChunk> {
  const { signal } = controller;
  const reader = stream?.getReader();
  const redactor = createTokenRedactor(tokenForms);
  const arrived = byteCollector();
  let redacted = new Uint8Array(0);
  let isDone = reader === undefined;
  let hasBegun = false;
  let stopUnreadLimit: (() => void) | undefined;
  const closed = Promise.withResolvers<undefined>();
  // The page gets neither status nor body, so that it does not know the outcome of a write.
  const giveUp = (): void => {
    controller.abort(new BrokerError(isReading ? 'timeout' : 'outcome_unknown'));
  };
  const onAbort = (): void => {
    stopUnreadLimit?.();
    closed.resolve(undefined);
    arrived.take();
    redacted = new Uint8Array(0);
    void reader?.cancel(signal.reason).catch(() => undefined);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  void world.withKeepAlive(() => closed.promise, 'call');

  const pull = async (): Promise<void> => {
    const stopStallLimit = world.after(stallLimitMs, giveUp);
    const next = await reader?.read().finally(stopStallLimit);
    // A cancelled stream ends like a complete one.
    signal.throwIfAborted();
    isDone = next?.value === undefined;
    if (next?.value !== undefined) arrived.add(next.value);
  };
  /** At most one piece; redacted at once, because a server may send a few bytes at a time. */
  const nextPiece = async (): Promise<Uint8Array<ArrayBuffer>> => {
    signal.throwIfAborted();
    while (!isDone && redacted.length + arrived.length() <= chunkBytes) await pull();
    if (redacted.length <= chunkBytes) {
      const more = redactor.push(arrived.take());
      redacted = joinBytes(isDone ? [redacted, more, redactor.end()] : [redacted, more]);
    }
    const piece = redacted.slice(0, chunkBytes);
    redacted = redacted.subarray(chunkBytes);
    return piece;
  };

  return async () => {
    stopUnreadLimit?.();
    try {
      const { buffer } = await nextPiece();
      hasBegun = true;
      const isComplete = isDone && redacted.length === 0;
      if (!isComplete) stopUnreadLimit = world.after(unreadLimitMs, giveUp);
      else {
        signal.removeEventListener('abort', onAbort);
        closed.resolve(undefined);
        end();
      }
      return { chunk: buffer, isComplete };
    } catch (thrown) {
      closed.resolve(undefined);
      const fault = requestFault(thrown, { isReading, isExpired: false, signal });
      // The page received nothing yet: the caller may retry, and ends the call.
      if (!hasBegun && fault.fault.code === 'offline') throw fault;
      controller.abort();
      end();
      throw fault;
    }
  };
}
