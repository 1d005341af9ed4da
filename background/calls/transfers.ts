import { createScrubber } from '../../extension/core/call/byte-scrubber.ts';
import { BrokerError } from '../../extension/core/values/fault.ts';
import type { Origin } from '../../extension/core/values/origin.ts';
import {
  chunkBytes,
  largestBodyBytes,
  type ApiChunk,
  type BodyChunk,
} from '../../extension/wire/api-call.ts';
import type { PageCaller } from '../messages/caller.ts';

/** One call between its first message and its last. */
export interface Transfer {
  /** Ends with the call: the page aborts, the connection ends, or it is over. */
  readonly signal: AbortSignal;
  /** The body that was written beforehand, or that came along. */
  readonly body: Uint8Array<ArrayBuffer> | null;
  /**
   * Hands the answer's body over to be read; resolves to its first piece. When it breaks before that, the call
   * goes on and may get another answer.
   * @param isReading - whether the call changes nothing; else a body that breaks is `outcome_unknown`
   */
  answer(
    body: ReadableStream<Uint8Array> | null,
    scrubbed: readonly string[],
    isReading?: boolean,
  ): Promise<ApiChunk>;
  /** Forgets the call. */
  end(): void;
}

/** The calls in flight, each under its document and id. */
export interface Transfers {
  write(caller: PageCaller, piece: BodyChunk): void;
  /** @throws BrokerError `unavailable` when written pieces are missing, `invalid_request` for an id in use */
  open(
    caller: PageCaller,
    call: { callId: string; body: ArrayBuffer | null; writtenBytes: number },
  ): Transfer;
  /** @throws BrokerError `unavailable` when there is no such call (any more) */
  read(caller: PageCaller, callId: string): Promise<ApiChunk>;
  abort(caller: PageCaller, callId: string): void;
  /** Ends all calls of a document that goes away. */
  abortDocument(caller: PageCaller): void;
  /** Ends all calls of an origin, with what they wait for. */
  abortOrigin(origin: Origin): void;
}

/** The most that waits in memory for one origin, in bytes. */
const stagedBytesPerOrigin = 8 * largestBodyBytes;
/** Longest wait for the next bytes of an answer, in milliseconds. */
const stallMs = 25_000;
/** How long a page may leave an answer or its own body unfinished, in milliseconds. */
const idleMs = 60_000;

interface Upload {
  readonly origin: Origin;
  readonly pieces: readonly ArrayBuffer[];
  readonly bytes: number;
  readonly timer: ReturnType<typeof setTimeout>;
}

interface Call {
  readonly origin: Origin;
  readonly controller: AbortController;
  read?: () => Promise<ApiChunk>;
}

const keyOf = ({ documentId }: PageCaller, callId: string): string => `${documentId} ${callId}`;

/** See {@link Transfers}. */
export function createTransfers(): Transfers {
  const uploads = new Map<string, Upload>();
  const calls = new Map<string, Call>();
  return {
    write: (caller, piece) => {
      stage(uploads, caller, piece);
    },
    open: (caller, { callId, body, writtenBytes }) => {
      const key = keyOf(caller, callId);
      if (calls.has(key)) throw new BrokerError('invalid_request', { subject: 'callId' });
      const written = writtenBytes === 0 ? undefined : takeUpload(uploads, key, writtenBytes);
      const call: Call = { origin: caller.origin, controller: new AbortController() };
      calls.set(key, call);
      const end = (): void => {
        if (calls.get(key) === call) calls.delete(key);
      };
      return {
        signal: call.controller.signal,
        body: written ?? (body === null ? null : new Uint8Array(body)),
        answer: async (stream, scrubbed, isReading = true) => {
          call.read = pieceReader(stream, scrubbed, isReading, call.controller, end);
          return call.read();
        },
        end,
      };
    },
    read: (caller, callId) => {
      const read = calls.get(keyOf(caller, callId))?.read;
      return read ? read() : Promise.reject(new BrokerError('unavailable'));
    },
    abort: (caller, callId) => {
      const key = keyOf(caller, callId);
      dropUpload(uploads, key);
      calls.get(key)?.controller.abort();
      calls.delete(key);
    },
    abortDocument: (caller) => {
      const prefix = keyOf(caller, '');
      for (const key of uploads.keys()) if (key.startsWith(prefix)) dropUpload(uploads, key);
      for (const [key, call] of calls) {
        if (!key.startsWith(prefix)) continue;
        call.controller.abort();
        calls.delete(key);
      }
    },
    abortOrigin: (origin) => {
      for (const [key, upload] of uploads) if (upload.origin === origin) dropUpload(uploads, key);
      for (const [key, call] of calls) {
        if (call.origin !== origin) continue;
        call.controller.abort(new BrokerError('not_connected'));
        calls.delete(key);
      }
    },
  };
}

function stage(uploads: Map<string, Upload>, caller: PageCaller, piece: BodyChunk): void {
  const key = keyOf(caller, piece.callId);
  const before = uploads.get(key);
  const bytes = (before?.bytes ?? 0) + piece.chunk.byteLength;
  const staged = [...uploads.values()].filter(({ origin }) => origin === caller.origin);
  const total = staged.reduce((sum, upload) => sum + upload.bytes, piece.chunk.byteLength);
  if (piece.offsetBytes !== (before?.bytes ?? 0)) throw new BrokerError('unavailable');
  if (bytes > largestBodyBytes) throw new BrokerError('too_large');
  if (total > stagedBytesPerOrigin) throw new BrokerError('rate_limited');
  uploads.set(key, {
    origin: caller.origin,
    pieces: [...(before?.pieces ?? []), piece.chunk],
    bytes,
    timer: before?.timer ?? setTimeout(() => uploads.delete(key), idleMs),
  });
}

function takeUpload(
  uploads: Map<string, Upload>,
  key: string,
  writtenBytes: number,
): Uint8Array<ArrayBuffer> {
  const upload = uploads.get(key);
  dropUpload(uploads, key);
  // The worker died in between: nothing was sent, so the page may simply try again.
  if (upload?.bytes !== writtenBytes) throw new BrokerError('unavailable');
  const body = new Uint8Array(writtenBytes);
  let at = 0;
  for (const piece of upload.pieces) {
    body.set(new Uint8Array(piece), at);
    at += piece.byteLength;
  }
  return body;
}

function dropUpload(uploads: Map<string, Upload>, key: string): void {
  clearTimeout(uploads.get(key)?.timer);
  uploads.delete(key);
}

/** Reads a body in pieces of at most one message, without the scrubbed texts, up to the limit. */
function pieceReader(
  stream: ReadableStream<Uint8Array> | null,
  scrubbed: readonly string[],
  isReading: boolean,
  controller: AbortController,
  end: () => void,
): () => Promise<ApiChunk> {
  const reader = stream?.getReader();
  const scrubber = createScrubber(scrubbed);
  let waiting: Uint8Array[] = [];
  let isDone = reader === undefined;
  let totalBytes = 0;
  let isBegun = false;
  let idle: ReturnType<typeof setTimeout> | undefined;
  const abandon = (): void => {
    controller.abort(new BrokerError(isReading ? 'timeout' : 'outcome_unknown'));
    end();
  };
  const pull = async (): Promise<void> => {
    // A server that stops in the middle of an answer must not hold the call for ever.
    const stall = setTimeout(abandon, stallMs);
    const next = await reader?.read().finally(() => {
      clearTimeout(stall);
    });
    const bytes = next?.value ? scrubber.push(next.value) : scrubber.end();
    isDone = next?.value === undefined;
    totalBytes += bytes.length;
    if (bytes.length > 0) waiting.push(bytes);
    if (totalBytes > largestBodyBytes) throw new BrokerError('too_large');
  };
  return async () => {
    clearTimeout(idle);
    try {
      while (!isDone && sizeOf(waiting) <= chunkBytes) await pull();
    } catch (thrown) {
      const fault = readFault(thrown, isReading, controller.signal);
      // Nobody saw a byte of it: whoever sent the call may send it again, and ends it.
      if (!isBegun && fault.fault.code === 'offline') throw fault;
      controller.abort();
      end();
      throw fault;
    }
    isBegun = true;
    const { chunk, rest } = splitAt(waiting, chunkBytes);
    waiting = rest;
    const isComplete = isDone && rest.length === 0;
    if (isComplete) end();
    else idle = setTimeout(abandon, idleMs);
    return { chunk, isComplete };
  };
}

function readFault(thrown: unknown, isReading: boolean, signal: AbortSignal): BrokerError {
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
