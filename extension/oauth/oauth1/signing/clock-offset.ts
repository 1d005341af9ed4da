/** IMF-fixdate, the one form that servers send today. @see RFC 9110, section 5.6.7 */
const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/u;

/** An answer that took longer says too little about when it was written, in milliseconds. */
const longestRoundTripMs = 60_000;

/** When a request was sent and its answer came, by our clock, in epoch milliseconds. */
export interface RoundTrip {
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
}

/**
 * How far the server's clock is ahead of ours, in milliseconds, by the `Date` of an answer; right within a second and
 * half the round trip. Undefined when the header is missing or damaged.
 */
export function clockOffsetMs(date: string | null, trip: RoundTrip): number | undefined {
  const serverMs = date !== null && httpDate.test(date) ? Date.parse(date) : NaN;
  const roundTripMs = trip.receivedAtMs - trip.sentAtMs;
  if (Number.isNaN(serverMs) || roundTripMs < 0 || roundTripMs > longestRoundTripMs) {
    return undefined;
  }
  // The header has whole seconds: on average it was written half a second later.
  return Math.round(serverMs + 500 - (trip.sentAtMs + roundTripMs / 2));
}
