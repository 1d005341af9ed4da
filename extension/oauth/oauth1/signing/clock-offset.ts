/** IMF-fixdate; the obsolete formats are not supported. @see RFC 9110, section 5.6.7 */
const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/u;

/** After a longer round trip the time of the response is too uncertain, in milliseconds. */
const maxRoundTripMs = 60_000;

/** When a request was sent and when its response arrived, by our clock, in epoch milliseconds. */
export interface RoundTrip {
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
}

/**
 * How far the server's clock is ahead of ours, in milliseconds, by the `Date` header of a response. The error is at most
 * half a second and half the round trip. Undefined when the header is missing or invalid.
 */
export function clockOffsetMs(date: string | null, trip: RoundTrip): number | undefined {
  const serverMs = date !== null && httpDate.test(date) ? Date.parse(date) : NaN;
  const roundTripMs = trip.receivedAtMs - trip.sentAtMs;
  if (Number.isNaN(serverMs) || roundTripMs < 0 || roundTripMs > maxRoundTripMs) {
    return undefined;
  }
  // The header has whole seconds, so the real time is half a second later on average.
  return Math.round(serverMs + 500 - (trip.sentAtMs + roundTripMs / 2));
}
