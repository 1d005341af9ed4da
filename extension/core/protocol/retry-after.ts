/** A longer `Retry-After` is shortened to this, in milliseconds. */
const maxWaitMs = 3_600_000;

/**
 * The wait in milliseconds that a `Retry-After` header asks for, in seconds or as an HTTP date. Undefined when the
 * header is absent or invalid, or its date is past.
 * @see RFC 9110, section 10.2.3
 */
export function readRetryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  const waitMs = /^\d{1,15}$/u.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isFinite(waitMs) && waitMs >= 0 ? Math.min(waitMs, maxWaitMs) : undefined;
}
