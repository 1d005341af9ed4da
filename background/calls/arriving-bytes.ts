import { byteCollector } from '#core/values/bytes.ts';
import { chunkBytes } from '#wire/api-call.ts';
import type { World } from '../platform/world.ts';

/** Time limit for the next bytes while the page waits for them, in milliseconds. */
const stallLimitMs = 25_000;
/**
 * How long further bytes are awaited after the head of a response or the latest byte of a piece, in milliseconds. A
 * small response costs one message with it, and what arrives in pieces of a few bytes not one for each.
 */
const gatherMs = 5;
/** How often they are awaited again, because some have arrived meanwhile: at most 25 ms in all. */
const maxGatherings = 5;

/** The bytes of a response that have arrived and were not taken yet. */
export interface ArrivingBytes {
  /** Removes and returns them, at most {@link chunkBytes}. */
  readonly take: () => Uint8Array<ArrayBuffer>;
  /** Whether all bytes of the body were taken: no more will arrive. */
  readonly isTaken: () => boolean;
  /**
   * Waits until there are more than {@link chunkBytes}, until the end of the body, or for a moment after bytes have arrived.
   * @param isHead - with the head of the response: waits for that moment only, whether bytes arrive or not
   * @throws what the stream throws, and the reason of the signal
   */
  readonly gather: (isHead: boolean) => Promise<void>;
  /** Removes them, and cancels the stream. */
  readonly cancel: (reason: unknown) => void;
}

/** @param onStall called when no byte arrives in time */
export function arrivingBytes(
  stream: ReadableStream<Uint8Array<ArrayBuffer>> | null,
  signal: AbortSignal,
  onStall: () => void,
  world: Pick<World, 'after'>,
): ArrivingBytes {
  const reader = stream?.getReader();
  const arrived = byteCollector(chunkBytes);
  let isDone = reader === undefined;
  let reading: Promise<void> | undefined;
  const read = async (): Promise<void> => {
    const next = await reader?.read();
    reading = undefined;
    // A cancelled stream ends like a complete one.
    signal.throwIfAborted();
    isDone = next?.value === undefined;
    if (next?.value !== undefined) arrived.add(next.value);
  };
  /** Reads once. Who stops waiting for it finds its bytes, or its error, the next time. */
  const pull = (): Promise<void> => {
    reading ??= read();
    reading.catch(() => undefined);
    return reading;
  };
  // One byte more tells that the piece is not the last one.
  const isEnough = (): boolean => isDone || arrived.length() > chunkBytes;
  const gatherMore = (): Promise<void> =>
    new Promise((resolve, reject) => {
      let isLate = false;
      let gatherings = 0;
      let lengthBefore = arrived.length();
      let stop: () => void;
      const wait = (): void => {
        stop = world.after(gatherMs, () => {
          gatherings += 1;
          isLate = gatherings === maxGatherings || arrived.length() === lengthBefore;
          lengthBefore = arrived.length();
          if (isLate) resolve();
          else wait();
        });
      };
      const end = (): void => {
        stop();
        resolve();
      };
      const readOn = (): void => {
        if (isLate) return;
        if (isEnough()) end();
        else
          pull()
            .then(readOn)
            .catch((thrown: unknown) => {
              stop();
              reject(thrown instanceof Error ? thrown : new Error('unreadable', { cause: thrown }));
            });
      };
      wait();
      readOn();
    });
  return {
    take: arrived.take,
    isTaken: () => isDone && arrived.length() === 0,
    gather: async (isHead) => {
      const isWaiting = (): boolean => !isDone && arrived.length() === 0;
      if (!isHead && isWaiting()) {
        const stopStallLimit = world.after(stallLimitMs, onStall);
        try {
          while (isWaiting()) await pull();
        } finally {
          stopStallLimit();
        }
      }
      if (!isEnough()) await gatherMore();
    },
    cancel: (reason) => {
      arrived.clear();
      void reader?.cancel(reason).catch(() => undefined);
    },
  };
}
