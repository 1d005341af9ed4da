import type { PacedCalls } from '#core/quota/pace.ts';
import type { Origin } from '#core/values/origin.ts';
import type { World } from '../platform/world.ts';
import {
  placesStage,
  rateStage,
  type Places,
  type QueueEntry,
  type RateStage,
  type Stage,
} from './stages.ts';

/**
 * How many calls are upstream at the same time: from sending until the page has received the whole response. At 200 ms
 * for a call, 16 are 80 a second, just below the 100 of Atlassian's burst limit; browsers open 6 connections to a server
 * without HTTP/2. In Chrome each holds up to 2 MiB of a response that its page does not read; Firefox reads it to its end.
 */
export const upstreamPlaces: Places = { inAll: 64, ofOrigin: 16, ofTenant: 32 };

/** What limits a call that waits for its turn. */
export interface QueuedCall {
  readonly origin: Origin;
  readonly tenant: string;
  readonly pace: readonly PacedCalls[];
}

/** A place upstream. */
export interface Place {
  /** The call is sent now. */
  sent(): void;
  /** Frees the place. Further calls of it do nothing. */
  leave(): void;
}

/**
 * Gives a limited number of places to the calls that wait, at a limited rate. The origins are served in turn. A call that
 * waits for its rate has no place, and is not in the way of calls with another rate.
 */
export interface UpstreamQueue {
  /**
   * @param begin - called when the call has its place, possibly before `enter` returns
   * @returns a function that ends the wait
   */
  enter(call: QueuedCall, isFirst: boolean, begin: (place: Place) => void): () => void;
}

/** Rates that nothing was sent at recently are forgotten when there are more than this. */
const maxRates = 500;

/** The part of a rate that calls of one origin may hold while they wait for their places. */
const unsentPart = 0.25;

export function createUpstreamQueue(
  world: Pick<World, 'after' | 'nowMs'>,
  places: Places = upstreamPlaces,
): UpstreamQueue {
  const upstream = placesStage(places);
  const rates = new Map<string, RateStage>();
  let sweepAt = maxRates;
  const rateOf = (paced: PacedCalls): Stage => {
    const { key } = paced;
    const known = rates.get(key);
    if (known !== undefined) return known;
    if (rates.size >= sweepAt) {
      for (const [name, rate] of rates) if (rate.isIdle()) rates.delete(name);
      sweepAt = Math.max(maxRates, 2 * rates.size);
    }
    const maxUnsent = Math.min(places.ofOrigin, Math.ceil(paced.limit.most * unsentPart));
    const rate = rateStage(paced, maxUnsent, world);
    rates.set(key, rate);
    return rate;
  };
  return {
    enter: ({ origin, tenant, pace }, isFirst, begin) => {
      const stages = [...pace.map(rateOf), upstream];
      return throughStages(stages, { origin, tenant, isFirst }, begin);
    },
  };
}

function throughStages(
  stages: readonly Stage[],
  call: Omit<QueueEntry, 'go'>,
  begin: (place: Place) => void,
): () => void {
  let at = 0;
  let isOver = false;
  let isSent = false;
  const entry: QueueEntry = {
    ...call,
    go: () => {
      at += 1;
      proceed();
    },
  };
  const proceed = (): void => {
    for (; at < stages.length; at += 1) if (stages[at]?.enter(entry) !== true) return;
    begin({ sent, leave });
  };
  const upstream = stages.length - 1;
  const sent = (): void => {
    if (isSent || isOver) return;
    isSent = true;
    for (const stage of stages.slice(0, upstream)) stage.release(entry, true);
  };
  const leave = (): void => {
    if (isOver) return;
    isOver = true;
    stages[upstream]?.release(entry, isSent);
    if (!isSent) for (const stage of stages.slice(0, upstream)) stage.release(entry, false);
  };
  proceed();
  return () => {
    if (isOver || at >= stages.length) return;
    isOver = true;
    stages[at]?.remove(entry);
    for (const stage of stages.slice(0, at)) stage.release(entry, false);
  };
}
