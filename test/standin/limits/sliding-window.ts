/** At most so many requests in any span of that length. */
export interface Rate {
  readonly most: number;
  readonly spanMs: number;
}

/** The requests of one kind in the last moments. */
export interface SlidingWindow {
  /** Milliseconds until one more request is within every rate; 0 when it is now. */
  waitMs(nowMs: number): number;
  /** How many more requests the first rate allows now. */
  remaining(nowMs: number): number;
  add(nowMs: number): void;
}

/** A window in which no request was yet. */
export function openWindow(rates: readonly [Rate, ...Rate[]]): SlidingWindow {
  const longestMs = Math.max(...rates.map(({ spanMs }) => spanMs));
  const times: number[] = [];
  const within = ({ spanMs }: Rate, nowMs: number): number[] =>
    times.filter((atMs) => atMs > nowMs - spanMs && atMs <= nowMs);
  return {
    waitMs: (nowMs) =>
      Math.max(
        ...rates.map((rate) => {
          const seen = within(rate, nowMs);
          const leaving = seen[seen.length - rate.most];
          return leaving === undefined ? 0 : leaving + rate.spanMs - nowMs;
        }),
      ),
    remaining: (nowMs) => Math.max(0, rates[0].most - within(rates[0], nowMs).length),
    add: (nowMs) => {
      while ((times[0] ?? nowMs) <= nowMs - longestMs) times.shift();
      times.push(nowMs);
    },
  };
}
