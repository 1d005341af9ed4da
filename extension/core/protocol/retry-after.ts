/** The longest time that a service is believed when it asks to wait, in milliseconds. */
const longestMs = 3_600_000;

/**
 * Reads a `Retry-After` header, seconds or an HTTP date; undefined when it is absent or says nothing.
 * @see RFC 9110, section 10.2.3
 */
export function readRetryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  const waitMs = /^\d{1,15}$/u.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isFinite(waitMs) && waitMs >= 0 ? Math.min(waitMs, longestMs) : undefined;
}
