import { byteCollector } from '#core/values/bytes.ts';
import type { World } from '../platform/world.ts';

/** Time limit for the next bytes while the page waits for them, in milliseconds. */
const stallLimitMs = 25_000;
/**
 * How long further bytes are awaited after the head of a response or the first byte of a piece, in milliseconds. A
 * small response costs one message with it, and what arrives in pieces of a few bytes not one for each.
 */
const gatherMs = 5;

/** The bytes of a response that have arrived and were not taken yet. */
export interface ArrivingBytes {
  readonly length: () => number;
  /** Removes and returns them. */
  readonly take: () => Uint8Array<ArrayBuffer>;
  /** Whether the body has ended: no more will arrive. */
  readonly isDone: () => boolean;
  /**
   * Waits until there are `enough` bytes, until the end of the body, or for a moment after the first of them.
   * @param isHead - with the head of the response: waits for that moment only, whether bytes arrive or not
   * @throws what the stream throws, and the reason of the signal
   */
  readonly gather: (enough: number, isHead: boolean) => Promise<void>;
  /** Removes them, and cancels the stream. */
  readonly cancel: (reason: unknown) => void;
}

/** @param onStall called when no byte arrives in time */
export function arrivingBytes(
  stream: ReadableStream<Uint8Array> | null,
  signal: AbortSignal,
  onStall: () => void,
  world: Pick<World, 'after'>,
): ArrivingBytes {
  const reader = stream?.getReader();
  const arrived = byteCollector();
  let isDone = reader === undefined;
  let reading: Promise<void> | undefined;
  const read = async (): Promise<void> => {
    const next = await reader?.read();
    // A cancelled stream ends like a complete one.
    signal.throwIfAborted();
    isDone = next?.value === undefined;
    if (next?.value !== undefined) arrived.add(next.value);
  };
  /** Reads once. Who stops waiting for it finds its bytes, or its error, the next time. */
  const pull = (): Promise<void> => {
    reading ??= read().finally(() => (reading = undefined));
    reading.catch(() => undefined);
    return reading;
  };
  return {
    length: arrived.length,
    take: arrived.take,
    isDone: () => isDone,
    gather: async (enough, isHead) => {
      const isWaiting = (): boolean => !isDone && arrived.length() === 0;
      if (!isHead && isWaiting()) {
        const stopStallLimit = world.after(stallLimitMs, onStall);
        try {
          while (isWaiting()) await pull();
        } finally {
          stopStallLimit();
        }
      }
      const late = Promise.withResolvers<'late'>();
      const stopGathering = world.after(gatherMs, () => {
        late.resolve('late');
      });
      try {
        while (!isDone && arrived.length() < enough)
          if ((await Promise.race([late.promise, pull()])) === 'late') return;
      } finally {
        stopGathering();
      }
    },
    cancel: (reason) => {
      arrived.take();
      void reader?.cancel(reason).catch(() => undefined);
    },
  };
}
