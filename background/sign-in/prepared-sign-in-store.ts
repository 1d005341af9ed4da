import * as v from 'valibot';
import type { StorageArea } from '../../extension/browser/storage/storage-area.ts';
import type { ClientId } from '../../extension/core/client/client-configuration.ts';
import type { SessionId } from '../../extension/core/session/session.ts';
import { keys } from '../../extension/storage/schema.ts';

/** A sign-in that waits for the browser's own prompt: the popup that asked is gone by the time it is answered. */
export interface FlowWish {
  /** The id of the attempt that it becomes. */
  readonly id: string;
  readonly clientId: ClientId;
  /** The session that is to be renewed. */
  readonly sessionId?: SessionId;
  /** What the client needed when the person clicked; it may have been edited since. */
  readonly patterns: readonly string[];
  readonly askedAtMs: number;
}

/** The last wish alone, in `storage.session`. */
export interface FlowWishes {
  put(wish: Omit<FlowWish, 'askedAtMs'>): Promise<void>;
  /** Undefined when there is none, or it is outdated. */
  current(): Promise<FlowWish | undefined>;
  end(): Promise<void>;
}

/**
 * How long the prompt may be left unanswered, in milliseconds. Shorter than for a page, since nobody tells that it
 * was refused and a window that opens by itself startles: who answers later clicks once more.
 */
const lifetimeMs = 60_000;

const WishSchema: v.GenericSchema<unknown, FlowWish> = v.object({
  id: v.string(),
  clientId: v.custom<ClientId>((input) => typeof input === 'string'),
  sessionId: v.exactOptional(v.custom<SessionId>((input) => typeof input === 'string')),
  patterns: v.array(v.string()),
  askedAtMs: v.number(),
});

/** A stored wish; undefined when it counts for nothing any more. */
export function currentWish(raw: unknown, nowMs: number): FlowWish | undefined {
  const parsed = v.safeParse(WishSchema, raw);
  // One of the future was put while the clock was wrong.
  const isCurrent = parsed.success && Math.abs(nowMs - parsed.output.askedAtMs) < lifetimeMs;
  return isCurrent ? parsed.output : undefined;
}

/** See {@link FlowWishes}. */
export function createFlowWishes(area: StorageArea, nowMs: () => number): FlowWishes {
  return {
    put: (wish) => area.write({ [keys.wish]: { ...wish, askedAtMs: nowMs() } satisfies FlowWish }),
    current: async () => currentWish(await area.read(keys.wish), nowMs()),
    end: () => area.remove([keys.wish]),
  };
}
