import type { Origin } from '../../../extension/core/values/origin.ts';
import type { ApiRequest } from '../../../extension/wire/api-call.ts';
import type { SessionView } from '../../../extension/wire/views.ts';
import { toFault } from '../../../extension/core/values/fault.ts';
import { connect, type Harness } from '../harness.ts';
import { fetchAll } from '../page-calls.ts';
import type { SimulatedTime } from './simulated-time.ts';

/** How a call of a page ended, and when. */
export interface TimedReply {
  /** The status of the response, or the code of the fault. */
  readonly status: number | string;
  readonly headers: Headers;
  readonly text: string;
  readonly startedAtMs: number;
  readonly tookMs: number;
}

/** A connected page: sends a call, and reads its response to the end. */
export type TimedPage = (changes?: Partial<ApiRequest>) => Promise<TimedReply>;

/** A page of an origin, connected or not. */
export function timedPage(
  harness: Pick<Harness, 'page'>,
  time: Pick<SimulatedTime, 'nowMs'>,
  origin: string,
): TimedPage {
  const send = harness.page(origin, { documentId: `document of ${origin}` });
  return async (changes) => {
    const startedAtMs = time.nowMs();
    const took = () => ({ startedAtMs, tookMs: time.nowMs() - startedAtMs });
    try {
      const { status, headers, bytes } = await fetchAll(send, changes);
      const fields = new Headers(headers.map(([name, value]): [string, string] => [name, value]));
      return { status, headers: fields, text: bytes.toString(), ...took() };
    } catch (thrown) {
      const { code } = toFault(thrown);
      return { status: code, headers: new Headers(), text: '', ...took() };
    }
  };
}

/** Connects pages of so many origins to sites, for writing too. */
export async function connectedPages(
  harness: Harness,
  time: Pick<SimulatedTime, 'nowMs'>,
  session: SessionView,
  { count, sites = session.sites, name = 'page' }: PagesToConnect,
): Promise<TimedPage[]> {
  const origins = Array.from({ length: count }, (_, at) => `https://${name}-${String(at)}.example`);
  for (const origin of origins)
    await connect(harness, session, { origin: origin as Origin, access: 'write', sites });
  return origins.map((origin) => timedPage(harness, time, origin));
}

interface PagesToConnect {
  readonly count: number;
  /** Default: all sites of the session. */
  readonly sites?: SessionView['sites'];
  readonly name?: string;
}

/** How many replies had each status; `held` for a 429 that was not sent. */
export function outcomesOf(replies: readonly TimedReply[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, headers } of replies) {
    const outcome = headers.has('x-threelo-held') ? 'held' : String(status);
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

/** The time within which 95 of 100 replies came, in milliseconds. */
export function slowOf(replies: readonly TimedReply[]): number {
  const sorted = replies.map(({ tookMs }) => tookMs).sort((one, other) => one - other);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN;
}
