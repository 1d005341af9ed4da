import { countObjects, maxObjects, maxScannedBytes } from '#core/quota/count-objects.ts';
import type { LimitedCall } from '#core/quota/limited-call.ts';
import { byteCollector } from '#core/values/bytes.ts';
import type { ApiChunk } from '#wire/api-call.ts';
import type { World } from '../platform/world.ts';

/** Sees the pieces of a response body as they are delivered. */
export type PieceReader = (piece: ApiChunk) => void;

/** Counts the objects that responses return, after they were delivered. */
export interface ReturnedObjects {
  /** A reader for the body of a response; undefined when it returns no objects. */
  readerOf(call: LimitedCall, response: Pick<Response, 'ok' | 'headers'>): PieceReader | undefined;
  /** Counts now what is to be counted later. */
  countNow(): void;
}

/** How long bodies wait to be counted together, in milliseconds. */
const countEveryMs = 250;
/** How many bytes wait at most; what exceeds them is estimated from the others. */
const maxWaitingBytes = 4 * 1_048_576;
const jsonType = /^application\/(?:[\w.-]+\+)?json\b/iu;

interface Body {
  readonly call: LimitedCall;
  /** The beginning of the body; undefined when it is not counted but estimated. */
  readonly beginning: Uint8Array | undefined;
  readonly totalBytes: number;
}

/**
 * @param add - is told the objects of each response
 * @param isUrgent - whether the objects of a call are to be counted as soon as it was delivered
 */
export function createReturnedObjects(
  { after }: Pick<World, 'after'>,
  add: (call: LimitedCall, objects: number) => void,
  isUrgent: (call: LimitedCall) => boolean,
): ReturnedObjects {
  let bodies: Body[] = [];
  let waitingBytes = 0;
  let stopTimer: (() => void) | undefined;
  let isSoon = false;
  const counted = { objects: 0, bytes: 0 };
  const countNow = (): void => {
    stopTimer?.();
    stopTimer = undefined;
    isSoon = false;
    const taken = bodies;
    bodies = [];
    waitingBytes = 0;
    for (const { call, beginning, totalBytes } of taken) {
      if (beginning === undefined) continue;
      const objects = countObjects(beginning, totalBytes);
      counted.objects += objects;
      counted.bytes += totalBytes;
      add(call, objects);
    }
    const perByte = counted.bytes === 0 ? 0 : counted.objects / counted.bytes;
    for (const { call, beginning, totalBytes } of taken) {
      if (beginning !== undefined) continue;
      add(call, Math.min(maxObjects, Math.max(1, Math.round(perByte * totalBytes))));
    }
  };
  const put = (call: LimitedCall, beginning: Uint8Array, totalBytes: number): void => {
    if (totalBytes === 0) return;
    const bytes = beginning.buffer.byteLength;
    const isKept = waitingBytes + bytes <= maxWaitingBytes;
    if (isKept) waitingBytes += bytes;
    bodies.push({ call, beginning: isKept ? beginning : undefined, totalBytes });
    const isDueSoon = isUrgent(call);
    if (stopTimer !== undefined && (isSoon || !isDueSoon)) return;
    stopTimer?.();
    isSoon = isDueSoon;
    stopTimer = after(isDueSoon ? 0 : countEveryMs, countNow);
  };
  return {
    readerOf: (call, { ok, headers }) => {
      const isCounted =
        call.isReading &&
        !call.isFile &&
        call.system !== 'other' &&
        ok &&
        jsonType.test(headers.get('content-type') ?? '');
      return isCounted ? pieceReader((beginning, total) => put(call, beginning, total)) : undefined;
    },
    countNow,
  };
}

/** Keeps the beginning of a body; a body of one piece is not copied. */
function pieceReader(end: (beginning: Uint8Array, totalBytes: number) => void): PieceReader {
  let beginning: ReturnType<typeof byteCollector> | undefined;
  let totalBytes = 0;
  return ({ chunk, isComplete }) => {
    totalBytes += chunk.byteLength;
    const missing = maxScannedBytes - (beginning?.length() ?? 0);
    const piece = new Uint8Array(chunk, 0, Math.min(missing, chunk.byteLength));
    if (beginning === undefined && isComplete) {
      end(piece, totalBytes);
      return;
    }
    beginning ??= byteCollector();
    if (piece.length > 0) beginning.add(piece);
    if (isComplete) end(beginning.take(), totalBytes);
  };
}
