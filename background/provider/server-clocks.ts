/** How far the clocks of servers are ahead of ours, as they told when they refused a timestamp. */
export interface ServerClocks {
  /** In milliseconds; 0 for a server that took our time. */
  offsetMs(url: string): number;
  learn(url: string, offsetMs: number): void;
}

/** Kept in memory alone: a new worker learns it again by one refused request. */
export function createServerClocks(): ServerClocks {
  const offsets = new Map<string, number>();
  return {
    offsetMs: (url) => offsets.get(new URL(url).origin) ?? 0,
    learn: (url, offsetMs) => void offsets.set(new URL(url).origin, offsetMs),
  };
}
