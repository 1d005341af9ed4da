import { BrokerError } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';

/** What calls, and uploads before them, hold in the worker. */
export interface Load {
  readonly calls: number;
  /** Bytes of request bodies. */
  readonly bodyBytes: number;
  /** Bytes of addresses and headers of requests. */
  readonly headBytes: number;
}

/**
 * Maximum load of one origin. A page that sends everything at once, as a script for ten thousand issues does, is not
 * refused; with an average head of 6 KiB and all that it holds below 150 MiB, neither is the worker stopped by the browser.
 */
export const maxLoad: Load = {
  calls: 10_000,
  bodyBytes: 64 * 1_048_576,
  headBytes: 64 * 1_048_576,
};

/** The part that one call has in the load of its origin. */
export interface LoadShare {
  /** @throws BrokerError `rate_limited`; then the share is as before */
  add(more: Partial<Load>): void;
  /** Takes the share off the load. Further calls of it do nothing. */
  release(): void;
}

/** The load of each origin. */
export interface OriginLoads {
  /** The share of a new call. @throws BrokerError `rate_limited` */
  open(origin: Origin): LoadShare;
}

const none: Load = { calls: 0, bodyBytes: 0, headBytes: 0 };

export function createOriginLoads(): OriginLoads {
  const loads = new Map<Origin, Load>();
  const change = (origin: Origin, next: Load): void => {
    if (next.calls === 0) loads.delete(origin);
    else loads.set(origin, next);
  };
  return {
    open: (origin) => {
      let share = none;
      const add = (more: Partial<Load>): void => {
        const next = sum(loads.get(origin) ?? none, more, 1);
        if (exceeds(next, maxLoad)) throw new BrokerError('rate_limited');
        change(origin, next);
        share = sum(share, more, 1);
      };
      add({ calls: 1 });
      return {
        add,
        release: () => {
          change(origin, sum(loads.get(origin) ?? none, share, -1));
          share = none;
        },
      };
    },
  };
}

function sum(one: Load, { calls = 0, bodyBytes = 0, headBytes = 0 }: Partial<Load>, sign: 1 | -1) {
  return {
    calls: one.calls + sign * calls,
    bodyBytes: one.bodyBytes + sign * bodyBytes,
    headBytes: one.headBytes + sign * headBytes,
  };
}

function exceeds(load: Load, max: Load): boolean {
  return load.calls > max.calls || load.bodyBytes > max.bodyBytes || load.headBytes > max.headBytes;
}
