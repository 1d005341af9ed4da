import { BrokerError } from '../../extension/core/values/fault.ts';

/** What is known of a request that failed. */
export interface FailedRequest {
  readonly isReading: boolean;
  /** Whether our own deadline ended it. */
  readonly isExpired: boolean;
  /** The call's signal: aborted by the page or by the end of its connection. */
  readonly signal: AbortSignal;
}

/**
 * What a failed `fetch` means to the page. A write whose connection broke may have taken effect: that is
 * told, and never repeated here.
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
