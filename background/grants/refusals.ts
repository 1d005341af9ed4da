import type { Origin } from '#core/values/origin.ts';
import { prefixes } from '#storage/schema.ts';
import { serialQueue } from '../platform/serial-queue.ts';
import type { World } from '../platform/world.ts';

/** When the questions of an origin were refused: in `storage.session`, which outlives the worker but not the browser. */
export interface Refusals {
  /** Whether no question of the origin may be shown: three were refused within a day. */
  isLimitReached(origin: Origin): Promise<boolean>;
  add(origin: Origin): Promise<void>;
  forget(origin: Origin): Promise<void>;
}

const limit = { count: 3, periodMs: 24 * 3_600_000 } as const;

export function createRefusals({ session, nowMs }: Pick<World, 'session' | 'nowMs'>): Refusals {
  const enqueue = serialQueue();
  const keyOf = (origin: Origin): string => `${prefixes.refusals}${origin}`;
  const recent = async (origin: Origin): Promise<number[]> =>
    recentRefusals(await session.read(keyOf(origin)), nowMs());
  return {
    isLimitReached: async (origin) => (await recent(origin)).length >= limit.count,
    add: (origin) =>
      enqueue(async () => {
        const timestamps = [...(await recent(origin)), nowMs()];
        await session.write({ [keyOf(origin)]: timestamps });
      }),
    forget: (origin) => enqueue(() => session.remove([keyOf(origin)])),
  };
}

/** Whether no refusal in a stored list is recent enough to count. */
export function isOutdatedRefusals(raw: unknown, nowMs: number): boolean {
  return recentRefusals(raw, nowMs).length === 0;
}

function recentRefusals(raw: unknown, nowMs: number): number[] {
  const timestamps: unknown[] = Array.isArray(raw) ? raw : [];
  // A timestamp in the future was written before the clock was set back; it must not count for longer than others.
  return timestamps.filter(
    (at): at is number => typeof at === 'number' && Math.abs(nowMs - at) < limit.periodMs,
  );
}
