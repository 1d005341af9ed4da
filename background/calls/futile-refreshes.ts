import type { CallPlan } from '#core/call/call-plan.ts';
import type { Retry } from '#core/call/response-decision.ts';
import { createCooldowns } from '../platform/cooldown.ts';
import type { World } from '../platform/world.ts';
import type { AccessToken } from '../secrets/access-tokens.ts';

/** One attempt of a call: what decides whether a refresh helps. */
export interface AttemptedCall {
  readonly plan: CallPlan;
  readonly token: AccessToken;
  /** The retries before this attempt, in order. */
  readonly retries: readonly Retry['act'][];
}

/**
 * Records calls that were rejected although the token was refreshed. Without the record, a page that repeats such a
 * call would cause one refresh after another.
 */
export interface FutileRefreshes {
  /** Whether a refresh would not help if this attempt is rejected. */
  isFutile(attempt: AttemptedCall): boolean;
  recordRejected(attempt: AttemptedCall): void;
  recordAccepted(attempt: AttemptedCall): void;
}

/**
 * A rejection after a refresh starts a cooldown for the session and for the call. An accepted call ends the cooldown of
 * the session but not the one of the rejected call: else accepted calls in between would allow endless refreshes.
 */
export function createFutileRefreshes(world: Pick<World, 'nowMs'>): FutileRefreshes {
  /** The generations of the rejected tokens, by session and by call. */
  const rejected = createCooldowns<string, number>(world);
  const keysOf = ({ plan }: AttemptedCall): readonly [string, string] => {
    const { sessionId } = plan.site;
    return [sessionId, `${sessionId} ${plan.method} ${plan.target.pathname}`];
  };
  return {
    isFutile: (attempt) => {
      const { generation, expiresAtMs } = attempt.token;
      // A token of an earlier generation was not rejected yet; an expired token is rejected for its expiry.
      return (
        world.nowMs() < expiresAtMs &&
        keysOf(attempt).some((key) => generation >= (rejected.get(key) ?? Infinity))
      );
    },
    recordRejected: (attempt) => {
      if (!attempt.retries.includes('refresh-and-retry')) return;
      for (const key of keysOf(attempt)) rejected.begin(key, attempt.token.generation);
    },
    recordAccepted: (attempt) => {
      for (const key of keysOf(attempt)) rejected.end(key);
    },
  };
}
