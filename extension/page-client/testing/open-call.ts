import { BrokerError } from '#core/values/fault.ts';
import type { ApiChunk } from '#wire/api-call.ts';

/** A call from its request to the end of its response. */
export interface OpenCall {
  readonly controller: AbortController;
  /** Rejected when the call is cut short. */
  readonly cut: Promise<never>;
  /** Cuts the call short. */
  readonly end: (reason?: BrokerError) => void;
  /** Throws when the call is not permitted any more. */
  check?: () => void;
  isWriteSent?: boolean;
  read?: () => Promise<ApiChunk>;
}

/** @param onEnd - called when it is cut short */
export function openCall(onEnd: () => void): OpenCall {
  const controller = new AbortController();
  const { promise: cut, reject } = Promise.withResolvers<never>();
  cut.catch(() => undefined);
  return {
    controller,
    cut,
    end: (reason = new BrokerError('unavailable')) => {
      onEnd();
      reject(reason);
      controller.abort(reason);
    },
  };
}

/** After the connection changed: cuts a call short that is not permitted any more. */
export function endIfForbidden(call: OpenCall): void {
  try {
    call.check?.();
  } catch (thrown) {
    const reason = thrown instanceof BrokerError ? thrown : undefined;
    call.end(call.isWriteSent ? new BrokerError('outcome_unknown') : reason);
  }
}
