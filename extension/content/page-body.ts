import { chunkBytes, type ApiChunk } from '#wire/api-call.ts';
import type { ArrivingBody } from './page-response.ts';
import { toThreeloError } from './threelo-error.ts';

/** How much of a body may be on its way to the page, in bytes. */
const creditBytes = 4 * chunkBytes;

/** How the rest of a body is read. */
interface BodySource {
  /** Requests the next piece. Requests are answered in order. */
  readonly readNext: () => Promise<ApiChunk>;
  /** Has the worker abort the call: the page does not want the rest. */
  readonly end: () => void;
  readonly signal: AbortSignal;
}

/**
 * The body of a response that is not complete. The worker sends a piece for each request, and reads from the server
 * only for those: a page that stops reading stops the server, but for the first pieces, which are requested at once so
 * that a response of the usual size ends also when nobody reads it. A body that breaks off errors the stream with a
 * `ThreeloError`, or with the reason of the signal.
 */
export function arrivingBody(
  first: ArrayBuffer,
  { readNext, end, signal }: BodySource,
): ArrivingBody {
  const requested: Promise<ApiChunk>[] = [];
  let failure: unknown;
  let release = (): void => undefined;
  const request = (): void => {
    const piece = readNext();
    // Those after the last piece, or after the stream broke off, are not read.
    piece.catch(() => undefined);
    requested.push(piece);
  };
  const requestAhead = (): void => {
    while (requested.length < creditBytes / chunkBytes) request();
  };
  /** Whether the stream got bytes or its end. */
  const deliverNext = async (
    controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>,
  ): Promise<boolean> => {
    requestAhead();
    const next = await requested.shift();
    if (failure !== undefined || next === undefined) return true;
    if (next.chunk.byteLength > 0) controller.enqueue(new Uint8Array(next.chunk));
    if (!next.isComplete) return next.chunk.byteLength > 0;
    controller.close();
    release();
    return true;
  };
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start: (controller) => {
        if (first.byteLength > 0) controller.enqueue(new Uint8Array(first));
        requestAhead();
        const abort = (): void => {
          failure = signal.reason;
          end();
          controller.error(failure);
        };
        signal.addEventListener('abort', abort, { once: true });
        release = () => {
          signal.removeEventListener('abort', abort);
        };
      },
      pull: async (controller) => {
        try {
          // A piece may be empty; the stream does not pull again before it got something.
          for (let isDone = false; !isDone;) isDone = await deliverNext(controller);
        } catch (thrown) {
          if (failure !== undefined) return;
          failure = toThreeloError(thrown, 'unavailable');
          controller.error(failure);
          release();
        }
      },
      cancel: () => {
        release();
        end();
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, failure: () => failure };
}
