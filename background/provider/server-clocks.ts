/** How far the clocks of servers are ahead of ours, learned when they reject a timestamp. */
export interface ServerClocks {
  /** In milliseconds; 0 for a server that has rejected no timestamp. */
  offsetMs(url: string): number;
  learn(url: string, offsetMs: number): void;
}

/** Kept in memory only: a new worker learns it again from one rejected request. */
export function createServerClocks(): ServerClocks {
  const offsets = new Map<string, number>();
  return {
    offsetMs: (url) => offsets.get(new URL(url).origin) ?? 0,
    learn: (url, offsetMs) => void offsets.set(new URL(url).origin, offsetMs),
  };
}
