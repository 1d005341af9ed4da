/*
 * What the measured page runs. Sent as source text, so each function is self-contained: no imports, no module scope.
 */

declare global {
  interface Window {
    /** The bare chain (`test/bench/bare/page.js`). */
    bare: Record<'message' | 'port', (url: string) => Promise<Response>>;
  }
}

/** How a page can get a response. */
export const ways = ['direct', 'message', 'port', 'threelo'] as const;
export type Way = (typeof ways)[number];

/** What one sample of a way is. */
export interface Sample {
  readonly url: string;
  /** Calls one after the other, or all at once. */
  readonly calls: number;
  readonly isAtOnce: boolean;
}

/** Milliseconds of one sample of each way, taken in this order. */
export async function measureRound(
  order: readonly Way[],
  { url, calls, isAtOnce }: Sample,
): Promise<Record<Way, number>> {
  const call: Record<Way, (at: string) => Promise<Response>> = {
    direct: (at) => fetch(at, { credentials: 'omit', cache: 'no-store' }),
    message: (at) => window.bare.message(at),
    port: (at) => window.bare.port(at),
    threelo: (at) => window.threelo.fetch(at),
  };
  const once = async (way: Way): Promise<void> => {
    const response = await call[way](url);
    await response.arrayBuffer();
  };
  const times: [Way, number][] = [];
  for (const way of order) {
    const startMs = performance.now();
    if (isAtOnce) await Promise.all(Array.from({ length: calls }, () => once(way)));
    else for (let done = 0; done < calls; done += 1) await once(way);
    times.push([way, performance.now() - startMs]);
  }
  return Object.fromEntries(times) as Record<Way, number>;
}

/** Milliseconds of one call. */
export async function measureOne(way: 'port' | 'threelo', url: string): Promise<number> {
  const startMs = performance.now();
  const response = await (way === 'port' ? window.bare.port(url) : window.threelo.fetch(url));
  await response.arrayBuffer();
  return performance.now() - startMs;
}
