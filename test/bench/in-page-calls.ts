/*
 * What the measured page runs. Sent as source text, so each function is self-contained: no imports, no module scope.
 */

declare global {
  interface Window {
    /** The bare chain (`test/bench/bare/page.js`). */
    bare: Record<'message' | 'port', (url: string) => Promise<Response>>;
    burst: Promise<Burst>;
  }
}

/** How a page can get a response. */
export const ways = ['direct', 'message', 'port', 'threelo'] as const;
export type Way = (typeof ways)[number];

/** What one sample of a way is. */
export interface Sample {
  /** Called in turn, so that no endpoint gets more calls in a second than Atlassian allows. */
  readonly urls: readonly string[];
  /** Index of the URL of the first call. */
  readonly first: number;
  /** Calls one after the other, or all at once. */
  readonly calls: number;
  readonly isAtOnce: boolean;
}

/** Milliseconds of one sample of each way, taken in this order. */
export async function measureRound(
  order: readonly Way[],
  { urls, first, calls, isAtOnce }: Sample,
): Promise<Record<Way, number>> {
  const call: Record<Way, (at: string) => Promise<Response>> = {
    direct: (at) => fetch(at, { credentials: 'omit', cache: 'no-store' }),
    message: (at) => window.bare.message(at),
    port: (at) => window.bare.port(at),
    threelo: (at) => window.threelo.fetch(at),
  };
  const once = async (way: Way, at: number): Promise<void> => {
    const response = await call[way](urls[(first + at) % urls.length] ?? '');
    if (response.status !== 200) throw new Error(`${way}: status ${String(response.status)}`);
    await response.arrayBuffer();
  };
  const times: [Way, number][] = [];
  for (const way of order) {
    const startMs = performance.now();
    if (isAtOnce) await Promise.all(Array.from({ length: calls }, (_, at) => once(way, at)));
    else for (let done = 0; done < calls; done += 1) await once(way, done);
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

/** Makes a call about every `pauseMs` milliseconds for so long; resolves to how many there were. */
export async function callSteadily(
  urls: readonly string[],
  ms: number,
  pauseMs: number,
): Promise<number> {
  const endMs = performance.now() + ms;
  let calls = 0;
  for (; performance.now() < endMs; calls += 1) {
    const response = await window.threelo.fetch(urls[calls % urls.length] ?? '');
    await response.arrayBuffer();
    if (response.status !== 200) throw new Error(`status ${String(response.status)}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return calls;
}

/** What became of many calls that began at once. */
export interface Burst {
  readonly ms: number;
  /** How many ended in each way: a status, or the code of a fault. */
  readonly outcomes: Readonly<Record<string, number>>;
}

/** Begins that many calls at once through Threelo, and does not wait for them. */
export function beginBurst(urls: readonly string[], calls: number): void {
  const outcomes: Record<string, number> = {};
  const once = async (at: number): Promise<void> => {
    let outcome: string;
    try {
      const response = await window.threelo.fetch(urls[at % urls.length] ?? '');
      await response.arrayBuffer();
      outcome = String(response.status);
    } catch (thrown) {
      outcome = (thrown as { code?: string }).code ?? String(thrown);
    }
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  };
  const startMs = performance.now();
  window.burst = Promise.all(Array.from({ length: calls }, (_, at) => once(at))).then(() => ({
    ms: performance.now() - startMs,
    outcomes,
  }));
}

/** Waits for the calls that were begun, but not so long that the browser's answer to the caller is given up. */
export function waitForBurst(): Promise<Burst | undefined> {
  const pauseMs = 20_000;
  const pause = new Promise<undefined>((resolve) => setTimeout(resolve, pauseMs, undefined));
  return Promise.race([window.burst, pause]);
}
