import type { LimitedCall } from '#core/quota/limited-call.ts';
import { paceOf } from '#core/quota/pace.ts';
import type { World } from '../platform/world.ts';
import { createUpstreamQueue, type Place } from './upstream-queue.ts';

/** The calls that wait for a place. */
export interface WaitingCalls {
  /** @returns the place; undefined when the call was sent back. @throws the reason of the signal */
  enter(call: LimitedCall, isFirst: boolean, signal: AbortSignal): Promise<Place | undefined>;
  /** Ends the wait of calls, without a place. */
  sendBack(isMeant: (call: LimitedCall) => boolean): void;
}

export function createWaitingCalls(world: Pick<World, 'after' | 'nowMs'>): WaitingCalls {
  const queue = createUpstreamQueue(world);
  const waiting = new Map<() => void, LimitedCall>();
  return {
    enter: (call, isFirst, signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<Place | undefined>();
      if (signal.aborted) reject(signal.reason as Error);
      else {
        const state = { hasPlace: false };
        const end = (): void => {
          signal.removeEventListener('abort', abort);
          waiting.delete(sendBack);
        };
        const abort = (): void => {
          end();
          leave();
          reject(signal.reason as Error);
        };
        const sendBack = (): void => {
          end();
          leave();
          resolve(undefined);
        };
        const { origin, tenant } = call;
        const leave = queue.enter({ origin, tenant, pace: paceOf(call) }, isFirst, (place) => {
          state.hasPlace = true;
          end();
          resolve(place);
        });
        if (!state.hasPlace) {
          signal.addEventListener('abort', abort, { once: true });
          waiting.set(sendBack, call);
        }
      }
      return promise;
    },
    sendBack: (isMeant) => {
      for (const [sendBack, call] of [...waiting]) if (isMeant(call)) sendBack();
    },
  };
}
