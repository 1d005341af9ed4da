import type { Retry } from '../../extension/core/call/answer-decision.ts';
import { targetUrl, type CallPlan } from '../../extension/core/call/call-plan.ts';
import { createCooldowns } from '../platform/cooldown.ts';
import type { World } from '../platform/world.ts';
import type { AccessToken } from '../secrets/access-tokens.ts';

/** A sending and its answer, as far as they tell whether a refresh helped. */
export interface RefusableSending {
  readonly plan: CallPlan;
  readonly token: AccessToken;
  /** What the call was sent again for before. */
  readonly retries: readonly Retry['act'][];
}

/** Remembers where a refresh did not cure a refusal: a page that repeats such a call would have one after the other. */
export interface VainRefreshes {
  /** Whether another refresh would be in vain, should this sending be refused. */
  isVain(sending: RefusableSending): boolean;
  noteRefused(sending: RefusableSending): void;
  noteTaken(sending: RefusableSending): void;
}

/**
 * After a refresh that cured nothing the session has no other for that reason for a while. A call that is taken ends
 * this, but for the very call that was refused: one bad address among good ones would refresh without end.
 */
export function createVainRefreshes(world: Pick<World, 'nowMs'>): VainRefreshes {
  /** The generations whose tokens were refused, by session and by call. */
  const refused = createCooldowns<string, number>(world);
  const keysOf = ({ plan }: RefusableSending): readonly [string, string] => {
    const { sessionId } = plan.site;
    return [sessionId, `${sessionId} ${plan.method} ${targetUrl(plan).pathname}`];
  };
  return {
    isVain: (sending) => {
      const { generation, expiresAtMs } = sending.token;
      // A token from before the refresh was not refused yet, and one whose time is over was refused for that.
      return (
        world.nowMs() < expiresAtMs &&
        keysOf(sending).some((key) => generation >= (refused.get(key) ?? Infinity))
      );
    },
    noteRefused: (sending) => {
      if (!sending.retries.includes('refresh-and-retry')) return;
      for (const key of keysOf(sending)) refused.begin(key, sending.token.generation);
    },
    noteTaken: (sending) => {
      for (const key of keysOf(sending)) refused.end(key);
    },
  };
}
