import { BrokerError } from '#core/values/fault.ts';

/** A request that failed. */
export interface FailedRequest {
  readonly isReading: boolean;
  /** The signal of the call. The page aborts it, or the end of the page's connection or a time limit does. */
  readonly signal: AbortSignal;
}

/**
 * The fault that a page receives for a rejected `fetch`. A write whose connection broke may have taken effect: it is
 * `outcome_unknown` and is never repeated here.
 */
export function requestFault(thrown: unknown, { isReading, signal }: FailedRequest): BrokerError {
  if (thrown instanceof BrokerError) return thrown;
  if (signal.reason instanceof BrokerError) return signal.reason;
  if (!isReading) return new BrokerError('outcome_unknown', {}, { cause: thrown });
  return new BrokerError('offline', {}, { cause: thrown });
}

/** Waits for `work`; rejects as soon as the call is aborted, so that nothing keeps its request body until the work ends. */
export async function unlessAborted<T>(
  work: Promise<T>,
  { signal }: Pick<FailedRequest, 'signal'>,
): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => {
    const call = { isReading: true, signal };
    aborted.reject(requestFault(signal.reason, call));
  };
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([aborted.promise, work]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
