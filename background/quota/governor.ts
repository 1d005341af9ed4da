import { isLimitHeader, type HeaderFields } from '#core/call/headers.ts';
import { afterHourMs } from '#core/quota/closing-time.ts';
import { heldResponse, type HeldResponse } from '#core/quota/held-response.ts';
import { appKey, isHourly, limitedScope } from '#core/quota/limit-scope.ts';
import type { LimitedCall } from '#core/quota/limited-call.ts';
import { pointsOf, type QuotaHour } from '#core/quota/quota-hour.ts';
import { readLimit } from '#core/quota/rate-limit-headers.ts';
import type { QuotaView } from '#wire/views.ts';
import { randomFraction } from '../platform/random-fraction.ts';
import type { World } from '../platform/world.ts';
import { createClosedScopes, type ClosedScope, type ClosedScopes } from './closed-scopes.ts';
import { createLedger, type Ledger, type UsedUp } from './ledger.ts';
import {
  createReturnedObjects,
  type PieceReader,
  type ReturnedObjects,
} from './returned-objects.ts';
import { createStoredQuota, type StoredQuota } from './stored-quota.ts';
import type { Place } from './upstream-queue.ts';
import { createWaitingCalls } from './waiting-calls.ts';

/** The right to send a call now. */
export interface Turn {
  /** The call is sent now. */
  sent(): void;
  /**
   * Records the response.
   * @param withoutTokens removes the tokens of the call from a text: what the response says of a limit is shown to other pages
   * @returns a reader for the pieces of its body; undefined when they need not be read
   */
  received(
    response: Pick<Response, 'status' | 'ok' | 'headers'>,
    withoutTokens: (text: string) => string,
  ): PieceReader | undefined;
  /** Frees the place upstream. Further calls of it do nothing. */
  leave(): void;
}

/** Keeps the calls of all pages within the limits of their providers. */
export interface Governor {
  /**
   * Waits for a place upstream, in turn with the calls of other origins. A call that a limit closes for more than a moment
   * does not wait: it gets a response at once.
   * @param isFirst - whether it had a turn before: then it goes ahead of the other calls of its origin
   * @throws the reason of the signal, when it is aborted during the wait
   */
  takeTurn(
    call: LimitedCall,
    options: { readonly signal: AbortSignal; readonly isFirst: boolean },
  ): Promise<Turn | { readonly held: HeldResponse }>;
  /** What an app did in the current hour. */
  hourOf(app: string): AppHour;
  /** Continues what an earlier worker knew. */
  load(): Promise<void>;
}

/** What an app did in one clock hour of UTC. */
type AppHour = Omit<QuotaView, 'clientId'>;

/** A call waits at most this long for scopes that are closed, in milliseconds. */
const maxClosedWaitMs = 5000;

type GovernorWorld = Pick<World, 'after' | 'nowMs' | 'crypto' | 'session'>;

/** How many rate limit headers of a 429 are kept, those with the shortest names, and how long each may be. */
const [maxFields, maxLength] = [20, 200];

/** What the turns of all calls share. */
interface Parts {
  readonly ledger: Ledger;
  readonly closed: ClosedScopes;
  readonly objects: ReturnedObjects;
  readonly stored: StoredQuota;
  readonly world: GovernorWorld;
}

/** @param budget - the points that each app may use in an hour here, which the organization's policy sets; undefined for no limit */
export function createGovernor(
  world: GovernorWorld,
  budget: () => number | undefined = () => undefined,
): Governor {
  const ledger = createLedger(world, budget);
  const queue = createWaitingCalls(world);
  const closed = createClosedScopes(world, () => {
    queue.sendBack((call) => closed.blocking(call) !== undefined);
  });
  const stored = createStoredQuota(world, () => ({
    hours: ledger.entries(),
    closed: closed.list().filter(({ kind }) => isHourly(kind)),
  }));
  const returned = (call: LimitedCall, count: number): void => {
    ledger.returned(call, count);
    stored.changed();
  };
  const objects = createReturnedObjects(world, returned, ledger.isScarce);
  const parts = { ledger, closed, objects, stored, world };
  return {
    takeTurn: async (call, { signal, isFirst }) => {
      let leftMs = maxClosedWaitMs;
      let hasWaited = false;
      for (let isAgain = isFirst; ; isAgain = true) {
        // First: the time at which a scope opens is known, and a share is used until the hour ends.
        const scope = closed.blocking(call, hasWaited);
        if (scope !== undefined) {
          const left = await closed.wait(scope, { origin: call.origin, signal }, leftMs);
          if (left === undefined) return held(call, scope, parts);
          leftMs = left;
          hasWaited = true;
          continue;
        }
        const usedUp = ledger.usedUp(call);
        if (usedUp !== undefined) return held(call, usedUp, parts);
        const place = await queue.enter(call, isAgain, signal);
        // A scope of the call may have closed while it waited.
        if (place === undefined) continue;
        if (signal.aborted) place.leave();
        signal.throwIfAborted();
        if (ledger.usedUp(call) === undefined && closed.blocking(call, hasWaited) === undefined)
          return turnOf(call, place, parts);
        place.leave();
      }
    },
    hourOf: (app) => {
      objects.countNow();
      const scope = closed.list().find(({ key }) => key === appKey(app));
      return viewOf(ledger.of(app), scope);
    },
    load: async () => {
      const { hours, closed: scopes } = await stored.read();
      ledger.restore(hours);
      for (const scope of scopes) if (scope.untilMs > world.nowMs()) closed.restore(scope);
    },
  };
}

/** The response of a call that waits too long for a scope, whose origin has used its share, or whose app has used its budget. */
function held(
  call: LimitedCall,
  by: ClosedScope | UsedUp,
  { ledger, closed, stored, world }: Parts,
): { readonly held: HeldResponse } {
  ledger.held(call);
  stored.changed();
  if (typeof by !== 'string') return { held: heldResponse(by.kind, closed.waitMs(by), by.fields) };
  const now = world.nowMs();
  const waitMs = afterHourMs(now, randomFraction(world.crypto)) - now;
  return { held: heldResponse(by, waitMs, []) };
}

function turnOf(
  call: LimitedCall,
  place: Place,
  { ledger, closed, objects, stored, world }: Parts,
): Turn {
  const probes = closed.probesOf(call);
  let sentAtMs = 0;
  return {
    sent: () => {
      sentAtMs = world.nowMs();
      place.sent();
      ledger.sent(call);
      stored.changed();
    },
    received: (response, withoutTokens) => {
      const { status, headers } = response;
      const limit = readLimit(status, headers, world.nowMs());
      ledger.received(call, headers, limit !== undefined);
      if (limit !== undefined) {
        const { reason, waitMs } = limit;
        const scope = limitedScope(call, reason);
        const fields = limitFieldsOf(headers, withoutTokens);
        closed.close(scope, { waitMs, fields, sentAtMs });
        // A worker that stops now must not be followed by one that sends into the closed hour.
        if (isHourly(scope.kind)) stored.writeNow();
      }
      for (const probe of probes) probe.succeeded();
      return objects.readerOf(call, response);
    },
    leave: () => {
      place.leave();
      for (const probe of probes) probe.failed();
    },
  };
}

function limitFieldsOf(headers: Headers, withoutTokens: (text: string) => string): HeaderFields {
  return [...headers]
    .filter(([name, value]) => isLimitHeader(name) && value.length <= maxLength)
    .sort(([one], [other]) => one.length - other.length)
    .slice(0, maxFields)
    .map(([name, value]) => [name, withoutTokens(value)]);
}

function viewOf(hour: QuotaHour | undefined, scope: ClosedScope | undefined): AppHour {
  return {
    calls: hour?.calls ?? 0,
    points: hour === undefined ? 0 : pointsOf(hour),
    quota: hour?.quota,
    limited: hour?.limited ?? 0,
    held: hour?.held ?? 0,
    closedUntilMs: scope?.untilMs,
  };
}
