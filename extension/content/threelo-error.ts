import type { Fault } from '#core/values/fault.ts';
import { pageFault, type OwnFaultCode } from '#core/values/own-page-fault.ts';
import type { PageFaultCode } from '#core/values/page-fault.ts';
import type { ThreeloError as PublicError } from '#wire/page-api.ts';

/** Thrown when the call was not made or its outcome is unknown. An HTTP error is a `Response` instead. */
export class ThreeloError extends Error implements PublicError {
  override readonly name = 'ThreeloError';
  /** Stable; see the list in docs/page-api.md. */
  readonly code: PageFaultCode;
  /** Milliseconds to wait before a retry. */
  readonly retryAfterMs?: number;
  /** With `site_required`: the ids of the sites that fit. */
  readonly candidates?: readonly string[];

  constructor({ code, message, retryAfterMs, candidates }: Fault) {
    super(message);
    this.code = code as PageFaultCode;
    if (candidates !== undefined) this.candidates = candidates;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
  }
}

/** An error as pages receive it: whatever else was thrown becomes the `cause` of an error with this code. */
export function toThreeloError(thrown: unknown, code: OwnFaultCode): ThreeloError {
  if (thrown instanceof ThreeloError) return thrown;
  const error = new ThreeloError(pageFault(code));
  error.cause = thrown;
  return error;
}
