import { BrokerError } from '#core/values/fault.ts';

/** A request that failed. */
export interface FailedRequest {
  readonly isReading: boolean;
  /** Whether the time limit ended it. */
  readonly isExpired: boolean;
  /** The signal of the call. The page aborts it, or the end of the page's connection does. */
  readonly signal: AbortSignal;
}

/**
 * The fault that a page receives for a rejected `fetch`. A write whose connection broke may have taken effect: it is
 * `outcome_unknown` and is never repeated here.
 */
export function requestFault(
  thrown: unknown,
  { isReading, isExpired, signal }: FailedRequest,
): BrokerError {
  if (thrown instanceof BrokerError) return thrown;
  if (signal.reason instanceof BrokerError) return signal.reason;
  if (!isReading) return new BrokerError('outcome_unknown', {}, { cause: thrown });
  return new BrokerError(isExpired ? 'timeout' : 'offline', {}, { cause: thrown });
}
