import { createTokenRedactor } from '../../extension/core/call/token-redactor.ts';
import { BrokerError } from '../../extension/core/values/fault.ts';
import { chunkBytes, largestBodyBytes, type ApiChunk } from '../../extension/wire/api-call.ts';
import type { World } from '../platform/world.ts';

/** Time limit for the next bytes of a response, in milliseconds. */
const stallLimitMs = 25_000;
/** Time limit for the page to request the next piece, in milliseconds. */
const pageLimitMs = 60_000;

/** How a response body is read. */
export interface ResponseBodyOptions {
  /** Texts that are redacted from the body. */
  readonly tokenForms: readonly string[];
  /** Whether the call changes nothing; else a body that breaks off is `outcome_unknown`. */
  readonly isReading: boolean;
  /** Aborts the request. */
  readonly controller: AbortController;
  /** Called when the body is complete, or cannot be completed. */
  readonly end: () => void;
  readonly world: Pick<World, 'after'>;
}

/**
 * Reads a body in pieces of at most one message each, up to the maximum size.
 * @returns the function that resolves to the next piece, or rejects with `offline`, `timeout`, `too_large` or
 * `outcome_unknown`. When the first piece rejects with `offline`, the call does not end and may be retried.
 */
export function responseBodyReader(
  stream: ReadableStream<Uint8Array> | null,
  { tokenForms, isReading, controller, end, world }: ResponseBodyOptions,
): () => Promise<ApiChunk> {
  const reader = stream?.getReader();
  const redactor = createTokenRedactor(tokenForms);
  let waiting: Uint8Array[] = [];
  let isDone = reader === undefined;
  let totalBytes = 0;
  let hasBegun = false;
  let stopPageLimit: (() => void) | undefined;
  const giveUp = (): void => {
    controller.abort(new BrokerError(isReading ? 'timeout' : 'outcome_unknown'));
    end();
  };
  const pull = async (): Promise<void> => {
    const stopStallLimit = world.after(stallLimitMs, giveUp);
    const next = await reader?.read().finally(stopStallLimit);
    const bytes = next?.value ? redactor.push(next.value) : redactor.end();
    isDone = next?.value === undefined;
    totalBytes += bytes.length;
    if (bytes.length > 0) waiting.push(bytes);
    if (totalBytes > largestBodyBytes) throw new BrokerError('too_large');
  };
  return async () => {
    stopPageLimit?.();
    try {
      while (!isDone && sizeOf(waiting) <= chunkBytes) await pull();
    } catch (thrown) {
      const fault = bodyFault(thrown, isReading, controller.signal);
      // The page received nothing yet: the caller may retry, and ends the call.
      if (!hasBegun && fault.fault.code === 'offline') throw fault;
      controller.abort();
      end();
      throw fault;
    }
    hasBegun = true;
    const { chunk, rest } = splitAt(waiting, chunkBytes);
    waiting = rest;
    const isComplete = isDone && rest.length === 0;
    if (isComplete) end();
    else stopPageLimit = world.after(pageLimitMs, giveUp);
    return { chunk, isComplete };
  };
}

function bodyFault(thrown: unknown, isReading: boolean, signal: AbortSignal): BrokerError {
  if (thrown instanceof BrokerError) return thrown;
  if (signal.reason instanceof BrokerError) return signal.reason;
  return new BrokerError(isReading ? 'offline' : 'outcome_unknown', {}, { cause: thrown });
}

function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

function splitAt(
  pieces: readonly Uint8Array[],
  bytes: number,
): { chunk: ArrayBuffer; rest: Uint8Array[] } {
  const all = new Uint8Array(sizeOf(pieces));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  const rest = all.subarray(bytes);
  return { chunk: all.slice(0, bytes).buffer, rest: rest.length === 0 ? [] : [rest.slice()] };
}
