/**
 * How long a `Retry-After` asks to wait, in milliseconds; undefined when there is none that can be read.
 * A date that has passed asks for nothing.
 * @see RFC 9110, section 10.2.3
 */
export function retryAfterMs(value: string | null, nowMs: number): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d+$/u.test(text)) return Number(text) * 1000;
  // An HTTP date begins with its day; of anything else `Date` makes what it likes.
  const atMs = /^[A-Z][a-z]+,? /u.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
