import { byteCollector } from '#core/values/bytes.ts';
import { BrokerError } from '#core/values/fault.ts';

/** How much of a body is read, and how long. */
export interface BodyLimits {
  /** Nothing is read beyond the piece that exceeds it. */
  readonly maxBytes: number;
  /** Ends the reading: the total time limit, or a cancellation. */
  readonly signal: AbortSignal;
}

/** The beginning of a body. */
export interface BodyBeginning {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether this is the whole body. */
  readonly isComplete: boolean;
}

/**
 * Reads a body up to the limit; the rest of a longer one is not requested.
 * @throws the signal's reason, or the stream's error when the connection breaks
 */
export async function readBeginning(
  { body }: Response,
  { maxBytes, signal }: BodyLimits,
): Promise<BodyBeginning> {
  const reader = body?.getReader();
  // Not awaited: a source that does not answer would delay the result.
  const cancel = (): void => void reader?.cancel(signal.reason).catch(() => undefined);
  signal.addEventListener('abort', cancel, { once: true });
  const arrived = byteCollector();
  try {
    for (;;) {
      signal.throwIfAborted();
      const next = await reader?.read();
      // A cancelled stream ends like a complete one.
      signal.throwIfAborted();
      if (next?.value === undefined) return { bytes: arrived.take(), isComplete: true };
      arrived.add(next.value);
      if (arrived.length() > maxBytes) {
        return { bytes: arrived.take().slice(0, maxBytes), isComplete: false };
      }
    }
  } finally {
    signal.removeEventListener('abort', cancel);
    cancel();
  }
}

/**
 * Reads a whole body.
 * @throws BrokerError `provider_answer_invalid` when it is longer than the limit; else as {@link readBeginning}
 */
export async function readBytes(
  response: Response,
  limits: BodyLimits,
): Promise<Uint8Array<ArrayBuffer>> {
  const { bytes, isComplete } = await readBeginning(response, limits);
  if (!isComplete) throw new BrokerError('provider_answer_invalid');
  return bytes;
}
