import { createTokenRedactor } from '#core/call/token-redactor.ts';
import { joinBytes, ownBuffer } from '#core/values/bytes.ts';
import { BrokerError } from '#core/values/fault.ts';
import type { Secret } from '#core/values/secret.ts';
import { chunkBytes, type ApiChunk } from '#wire/api-call.ts';
import type { World } from '../platform/world.ts';
import { arrivingBytes } from './arriving-bytes.ts';
import { requestFault } from './request-fault.ts';

/** Time limit for the page to request the next piece, in milliseconds: an unread body keeps the worker alive. */
const unreadLimitMs = 300_000;

/** How a response body is read. */
interface ResponseBodyOptions {
  /** What is redacted from the body. */
  readonly tokenForms: readonly Secret[];
  /** Whether the call changes nothing; else a body that breaks off before its first piece is `outcome_unknown`. */
  readonly isReading: boolean;
  /** Aborts the request. */
  readonly controller: AbortController;
  /** Called when the body is complete, or the page knows that it cannot be completed. */
  readonly end: () => void;
  readonly world: Pick<World, 'after' | 'withKeepAlive'>;
}

/**
 * Reads a body of any length in pieces of at most one message each, when the page requests them: the memory that it
 * needs does not depend on the length. A piece has what has arrived; the first one, which the page gets with the head of
 * the response, may be empty. Keeps the worker alive until the body ends.
 * @returns the function that resolves to the next piece, or rejects with `offline`, `timeout` or `outcome_unknown`. It
 * may be called several times at once. When the first piece rejects with `offline`, the call does not end and may be
 * retried.
 */
export function responseBodyReader(
  stream: ReadableStream<Uint8Array<ArrayBuffer>> | null,
  { tokenForms, isReading, controller, end, world }: ResponseBodyOptions,
): () => Promise<ApiChunk> {
  const { signal } = controller;
  // A page that has the head of the response knows the outcome of a write.
  const isOutcomeKnown = (): boolean => isReading || hasBegun;
  const giveUp = (): void => {
    controller.abort(new BrokerError(isOutcomeKnown() ? 'timeout' : 'outcome_unknown'));
  };
  const arriving = arrivingBytes(stream, signal, giveUp, world);
  const redactor = createTokenRedactor(tokenForms);
  /** Redacted, but not part of a piece yet. */
  let ready = new Uint8Array(0);
  let hasBegun = false;
  let stopUnreadLimit: (() => void) | undefined;
  const closed = Promise.withResolvers<undefined>();
  const onAbort = (): void => {
    stopUnreadLimit?.();
    closed.resolve(undefined);
    arriving.cancel(signal.reason);
    ready = new Uint8Array(0);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  void world.withKeepAlive(() => closed.promise, 'call');

  const takePiece = async (): Promise<Uint8Array<ArrayBuffer>> => {
    signal.throwIfAborted();
    if (ready.length === 0) {
      await arriving.gather(!hasBegun);
      ready = redactor.push(arriving.take());
      const heldBack = arriving.isTaken() ? redactor.end() : ready.subarray(0, 0);
      if (heldBack.length > 0) ready = joinBytes([ready, heldBack]);
    }
    const piece = ready.subarray(0, chunkBytes);
    ready = ready.subarray(chunkBytes);
    return piece;
  };
  const readNext = async (): Promise<ApiChunk> => {
    stopUnreadLimit?.();
    try {
      const chunk = ownBuffer(await takePiece());
      hasBegun = true;
      const isComplete = arriving.isTaken() && ready.length === 0;
      if (!isComplete) stopUnreadLimit = world.after(unreadLimitMs, giveUp);
      else {
        signal.removeEventListener('abort', onAbort);
        closed.resolve(undefined);
        end();
      }
      return { chunk, isComplete };
    } catch (thrown) {
      closed.resolve(undefined);
      const fault = requestFault(thrown, {
        isReading: isOutcomeKnown(),
        signal,
      });
      // The page received nothing yet: the caller may retry, and ends the call.
      if (!hasBegun && fault.fault.code === 'offline') throw fault;
      controller.abort();
      end();
      throw fault;
    }
  };
  let last: Promise<ApiChunk> | undefined;
  return () => (last = last === undefined ? readNext() : last.then(readNext));
}
