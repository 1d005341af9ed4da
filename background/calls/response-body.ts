import { createTokenRedactor } from '#core/call/token-redactor.ts';
import { joinBytes } from '#core/values/bytes.ts';
import { BrokerError } from '#core/values/fault.ts';
import { chunkBytes, maxBodyBytes, type ApiChunk } from '#wire/api-call.ts';
import type { World } from '../platform/world.ts';
import { requestFault } from './request-fault.ts';

/** Time limit for the next bytes of a response, in milliseconds. */
const stallLimitMs = 25_000;
/** Time limit for the page to request the next piece, in milliseconds. */
const pageLimitMs = 60_000;

/** How a response body is read. */
interface ResponseBodyOptions {
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
  let waiting: Uint8Array = new Uint8Array(0);
  let arrived: Uint8Array[] = [];
  let arrivedBytes = 0;
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
    isDone = next?.value === undefined;
    const bytes = next?.value ?? new Uint8Array(0);
    totalBytes += bytes.length;
    arrivedBytes += bytes.length;
    arrived.push(bytes);
    if (totalBytes > maxBodyBytes) throw new BrokerError('too_large');
  };
  /** What waits and what arrived, redacted at once: a server may send pieces of a few bytes. */
  const taken = (): Uint8Array<ArrayBuffer> => {
    const redacted = redactor.push(joinBytes(arrived));
    arrived = [];
    arrivedBytes = 0;
    return joinBytes(isDone ? [waiting, redacted, redactor.end()] : [waiting, redacted]);
  };
  return async () => {
    stopPageLimit?.();
    try {
      while (!isDone && waiting.length + arrivedBytes <= chunkBytes) await pull();
    } catch (thrown) {
      const { signal } = controller;
      const fault = requestFault(thrown, { isReading, isExpired: false, signal });
      // The page received nothing yet: the caller may retry, and ends the call.
      if (!hasBegun && fault.fault.code === 'offline') throw fault;
      controller.abort();
      end();
      throw fault;
    }
    hasBegun = true;
    const bytes = taken();
    waiting = bytes.slice(chunkBytes);
    const isComplete = isDone && waiting.length === 0;
    if (isComplete) end();
    else stopPageLimit = world.after(pageLimitMs, giveUp);
    return { chunk: bytes.slice(0, chunkBytes).buffer, isComplete };
  };
}
