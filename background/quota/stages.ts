import { isWithinRate, type PacedCalls } from '#core/quota/pace.ts';
import { slidingWindow } from '#core/quota/sliding-window.ts';
import type { Origin } from '#core/values/origin.ts';
import { createTurns } from '../platform/turns.ts';
import type { World } from '../platform/world.ts';

/** A call that goes through the stages of the queue. */
export interface QueueEntry {
  readonly origin: Origin;
  readonly tenant: string;
  /** Whether it goes ahead of the calls of its origin that wait without it. */
  readonly isFirst: boolean;
  /** Called when a stage that it waits for has room. */
  readonly go: () => void;
}

/** Something that limits how many calls are sent. */
export interface Stage {
  /** Whether there is room, which the entry then has; else the entry waits, and `go` is called when it has it. */
  enter(entry: QueueEntry): boolean;
  /** Ends the wait of an entry. */
  remove(entry: QueueEntry): void;
  /** Frees the room of an entry. @param isSent - whether its call was sent */
  release(entry: QueueEntry, isSent: boolean): void;
}

/** How many calls may be upstream at the same time. */
export interface Places {
  readonly inAll: number;
  /** Less than `inAll`, so that no origin alone can hold every place. */
  readonly ofOrigin: number;
  readonly ofTenant: number;
}

/** The places upstream. */
export function placesStage({ inAll, ofOrigin, ofTenant }: Places): Stage {
  const waiting = createTurns<Origin, string, QueueEntry>();
  const origins = new Map<string, number>();
  const tenants = new Map<string, number>();
  let taken = 0;
  const mayServe = (origin: Origin, tenant: string): boolean =>
    taken < inAll && (origins.get(origin) ?? 0) < ofOrigin && (tenants.get(tenant) ?? 0) < ofTenant;
  const count = ({ origin, tenant }: QueueEntry, change: 1 | -1): void => {
    taken += change;
    add(origins, origin, change);
    add(tenants, tenant, change);
  };
  const serve = oneAtATime(() => {
    const next = taken < inAll ? waiting.next(mayServe) : undefined;
    if (next !== undefined) count(next, 1);
    return next;
  });
  return {
    enter: (entry) => {
      const isFree = mayServe(entry.origin, entry.tenant);
      if (isFree) count(entry, 1);
      else waiting.add(entry.origin, entry.tenant, entry, entry.isFirst);
      return isFree;
    },
    remove: (entry) => {
      waiting.remove(entry.origin, entry.tenant, entry);
    },
    release: (entry) => {
      count(entry, -1);
      serve();
    },
  };
}

/** A {@link Stage} that limits a rate. */
export interface RateStage extends Stage {
  /** Whether nothing waits, and nothing within the period counts. */
  readonly isIdle: () => boolean;
}

/**
 * Calls that are sent at a limited rate. A call that has left this stage and was not sent yet counts as sent, so that the
 * limit is kept whatever it waits for afterwards.
 * @param maxUnsent - how many such calls one origin has at most, so that it does not use up the rate while it waits
 */
export function rateStage(
  rate: Pick<PacedCalls, 'limit' | 'isShared'>,
  maxUnsent: number,
  { after, nowMs }: Pick<World, 'after' | 'nowMs'>,
): RateStage {
  const waiting = createTurns<Origin, '', QueueEntry>();
  const sent = slidingWindow(rate.limit);
  const unsent = new Map<string, number>();
  let unsentInAll = 0;
  let stopTimer: (() => void) | undefined;
  const countUnsent = ({ origin }: QueueEntry, change: 1 | -1): void => {
    unsentInAll += change;
    add(unsent, origin, change);
  };
  const mayServe = (origin: Origin): boolean => {
    const now = nowMs();
    const unsentOfOrigin = unsent.get(origin) ?? 0;
    if (unsentOfOrigin >= maxUnsent) return false;
    const inAll = unsentInAll + sent.count(now);
    const ofOrigin = unsentOfOrigin + sent.count(now, origin);
    return isWithinRate(rate, { inAll, ofOrigin });
  };
  const serve = oneAtATime(() => {
    const next = waiting.next(mayServe);
    if (next === undefined) setTimer();
    else countUnsent(next, 1);
    return next;
  });
  const setTimer = (): void => {
    if (stopTimer !== undefined || waiting.isEmpty()) return;
    const now = nowMs();
    const nextMs = sent.nextMs(now);
    // With none, those that wait are served when one leaves.
    if (nextMs === undefined) return;
    stopTimer = after(Math.max(1, nextMs - now), () => {
      stopTimer = undefined;
      serve();
    });
  };
  return {
    enter: (entry) => {
      // The time may have come for those that wait.
      if (!waiting.isEmpty()) serve();
      const isFree = mayServe(entry.origin);
      if (isFree) countUnsent(entry, 1);
      else {
        waiting.add(entry.origin, '', entry, entry.isFirst);
        setTimer();
      }
      return isFree;
    },
    remove: (entry) => {
      waiting.remove(entry.origin, '', entry);
    },
    release: (entry, isSent) => {
      countUnsent(entry, -1);
      if (isSent) sent.add(nowMs(), entry.origin);
      if (!waiting.isEmpty()) serve();
    },
    isIdle: () => unsentInAll === 0 && waiting.isEmpty() && sent.count(nowMs()) === 0,
  };
}

/** Lets entries go until there is no next one; what an entry does then may free room, which serves no other in between. */
function oneAtATime(takeNext: () => QueueEntry | undefined): () => void {
  let isServing = false;
  return () => {
    if (isServing) return;
    isServing = true;
    try {
      for (let next = takeNext(); next !== undefined; next = takeNext()) next.go();
    } finally {
      isServing = false;
    }
  };
}

function add(counts: Map<string, number>, key: string, change: 1 | -1): void {
  const next = (counts.get(key) ?? 0) + change;
  if (next === 0) counts.delete(key);
  else counts.set(key, next);
}
