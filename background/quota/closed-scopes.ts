import type { HeaderFields } from '#core/call/headers.ts';
import { closedUntilMs, soundUntilMs } from '#core/quota/closing-time.ts';
import { isHourly, scopesOf, type LimitScope } from '#core/quota/limit-scope.ts';
import type { LimitedCall } from '#core/quota/limited-call.ts';
import type { Origin } from '#core/values/origin.ts';
import { randomFraction } from '../platform/random-fraction.ts';
import { createTurns } from '../platform/turns.ts';
import type { World } from '../platform/world.ts';

/** A scope that a 429 closed: until its time; then, until a probe has succeeded, for all calls but that one. */
export interface ClosedScope extends LimitScope {
  readonly untilMs: number;
  /** The rate limit headers of the last 429. */
  readonly fields: HeaderFields;
  /** The consecutive 429s. */
  readonly count: number;
}

/** A call that was sent to see whether a scope is open again. */
export interface Probe {
  /** With a response that is no 429 of the scope, the scope is open. */
  succeeded(): void;
  /** Without a response: another call becomes the probe. */
  failed(): void;
}

export interface ClosedScopes {
  /**
   * The scope that a call has to wait for; undefined when it may be sent.
   * @param hasWaited - whether its wait for a scope has ended: then it does not wait for other calls that wait
   */
  blocking(call: LimitedCall, hasWaited?: boolean): ClosedScope | undefined;
  /** The call is sent: it is the probe of each of its scopes that wait for one. */
  probesOf(call: LimitedCall): readonly Probe[];
  /**
   * Closes a scope after a 429.
   * @param sentAtMs when the call was sent: one that was sent before the scope closed is no further reason to wait longer
   */
  close(scope: LimitScope, limit: Closing): void;
  /** Closes a scope as an earlier worker had. */
  restore(scope: ClosedScope): void;
  /**
   * Waits until the call may try again, at most for `maxMs`.
   * @returns how much of `maxMs` is left; undefined when the scope is closed for longer
   * @throws the reason of the signal
   */
  wait(
    scope: ClosedScope,
    call: { readonly origin: Origin; readonly signal: AbortSignal },
    maxMs: number,
  ): Promise<number | undefined>;
  /** How long a call is told to wait for a scope, in milliseconds. */
  waitMs(scope: ClosedScope): number;
  /** The scopes that are closed now. */
  list(): readonly ClosedScope[];
}

export interface Closing {
  readonly waitMs: number | undefined;
  readonly fields: HeaderFields;
  readonly sentAtMs: number;
}

/** A probe without a response is given up after this time, in milliseconds: another call becomes the probe. */
const probeLimitMs = 5000;
/** How long a call waits for the outcome of a probe at least, after the time of its scope, in milliseconds. */
const probeWaitMs = 2000;
/** How often it is checked whether a scope has a probe, and which calls have waited long enough, in milliseconds. */
const checkMs = 250;
/** When a scope has opened, those that wait go on in this number of groups, with this time between them, in milliseconds. */
const releases = { groups: 20, everyMs: 50 } as const;
/** A call that a probe's outcome came too late for is told to try again within this time, in milliseconds. */
const maxRetryMs = 5000;
/** When there are many scopes, one to which no call went for this time, in milliseconds, is forgotten. */
const forgetting = { fromScopes: 100, afterMs: 600_000 } as const;
/** With more scopes, the oldest one is forgotten for which no call waits. */
const maxScopes = 1000;

interface Waiting {
  readonly origin: Origin;
  readonly sinceMs: number;
  readonly untilMs: number;
  /** Ends the wait: the call may try again, or it has waited long enough. */
  readonly end: (mayTry: boolean) => void;
}

interface Scope extends LimitScope {
  untilMs: number;
  closedAtMs: number;
  fields: HeaderFields;
  count: number;
  probeSinceMs: number | undefined;
  isOpen: boolean;
  readonly waiting: Set<Waiting>;
  readonly turns: ReturnType<typeof createTurns<Origin, '', Waiting>>;
  stopTimer: (() => void) | undefined;
}

type ScopeWorld = Pick<World, 'nowMs' | 'after' | 'crypto'>;

/** @param onClosed - called when a scope has closed: calls in the queue may have to leave it */
export function createClosedScopes(world: ScopeWorld, onClosed: () => void): ClosedScopes {
  const { nowMs } = world;
  const scopes = new Map<string, Scope>();
  const find = (call: LimitedCall): Scope[] =>
    scopes.size === 0 ? [] : scopesOf(call).flatMap(({ key }) => scopes.get(key) ?? []);
  const open = (scope: Scope): void => {
    if (scope.isOpen) return;
    scope.isOpen = true;
    if (scopes.get(scope.key) === scope) scopes.delete(scope.key);
    scope.stopTimer?.();
    releaseGroups(scope, world);
  };
  const put = ({ kind, key }: LimitScope, closedAtMs: number): Scope => {
    forgetOld(scopes, nowMs());
    const scope: Scope = {
      kind,
      key,
      untilMs: closedAtMs,
      closedAtMs,
      fields: [],
      count: 0,
      probeSinceMs: undefined,
      isOpen: false,
      waiting: new Set(),
      turns: createTurns(),
      stopTimer: undefined,
    };
    scopes.set(key, scope);
    return scope;
  };
  return {
    blocking: (call, hasWaited) => {
      if (scopes.size === 0) return undefined;
      const now = nowMs();
      const known = find(call);
      for (const scope of known) beSound(scope, now);
      const found = known.filter((scope) => isBlocking(scope, now, hasWaited));
      return found.reduce<Scope | undefined>(
        (last, scope) => (last === undefined || scope.untilMs > last.untilMs ? scope : last),
        undefined,
      );
    },
    probesOf: (call) =>
      find(call)
        .filter((scope) => !isClosed(scope, nowMs()))
        .map((scope) => probeOf(scope, open, world)),
    close: ({ kind, key }, { waitMs, fields, sentAtMs }) => {
      const now = nowMs();
      const known = scopes.get(key);
      const scope = known ?? put({ kind, key }, now);
      const isNew = known === undefined || (sentAtMs >= known.closedAtMs && !isClosed(known, now));
      if (isNew) Object.assign(scope, { count: scope.count + 1, closedAtMs: now });
      const fraction = randomFraction(world.crypto);
      const untilMs = closedUntilMs(kind, waitMs, { count: scope.count, nowMs: now, fraction });
      // The responses of calls that were sent at the same time differ by the jitter only.
      if (isNew || (!isHourly(kind) && untilMs > scope.untilMs)) scope.untilMs = untilMs;
      Object.assign(scope, { fields, probeSinceMs: undefined });
      check(scope, world);
      if (isNew) onClosed();
    },
    restore: ({ untilMs, fields, count, ...scope }) => {
      Object.assign(put(scope, nowMs()), { untilMs, fields, count });
    },
    wait: (found, call, maxMs) => {
      const scope = scopes.get(found.key);
      if (scope === undefined) return Promise.resolve(maxMs);
      return waitFor(scope, call, maxMs, world);
    },
    waitMs: ({ untilMs }) => {
      const leftMs = untilMs - nowMs();
      return leftMs > 0 ? leftMs : 1 + Math.floor(randomFraction(world.crypto) * maxRetryMs);
    },
    list: () =>
      [...scopes.values()]
        .filter((scope) => isClosed(scope, nowMs()))
        .map(({ kind, key, untilMs, fields, count }) => ({ kind, key, untilMs, fields, count })),
  };
}

/** After the clock was set back, a scope would be closed for too long, and no further 429 would be one of later calls. */
function beSound(scope: Scope, nowMs: number): void {
  scope.untilMs = soundUntilMs(scope, nowMs);
  scope.closedAtMs = Math.min(scope.closedAtMs, nowMs);
}

function isClosed({ untilMs }: Scope, nowMs: number): boolean {
  return nowMs < untilMs;
}

function isBlocking(scope: Scope, nowMs: number, hasWaited = false): boolean {
  // The probe is one of the calls that wait, the origins in turn, and none that comes later.
  const hasOthers = scope.waiting.size > 0 && !hasWaited;
  return hasOthers || isClosed(scope, nowMs) || isProbed(scope, nowMs);
}

function isProbed({ probeSinceMs }: Scope, nowMs: number): boolean {
  // A time in the future is one before the clock was set back.
  return probeSinceMs !== undefined && Math.abs(nowMs - probeSinceMs) < probeLimitMs;
}

function probeOf(scope: Scope, open: (scope: Scope) => void, world: ScopeWorld): Probe {
  const sinceMs = world.nowMs();
  scope.probeSinceMs = sinceMs;
  return {
    succeeded: () => {
      // It may have closed meanwhile, for calls that were sent earlier.
      if (!isClosed(scope, world.nowMs())) open(scope);
    },
    failed: () => {
      if (scope.probeSinceMs !== sinceMs) return;
      scope.probeSinceMs = undefined;
      check(scope, world);
    },
  };
}

function waitFor(
  scope: Scope,
  { origin, signal }: { readonly origin: Origin; readonly signal: AbortSignal },
  maxMs: number,
  world: ScopeWorld,
): Promise<number | undefined> {
  const { nowMs } = world;
  const sinceMs = nowMs();
  const endMs = sinceMs + maxMs;
  if (scope.untilMs > endMs || maxMs <= 0) return Promise.resolve(undefined);
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  if (signal.aborted) reject(signal.reason as Error);
  else {
    const remove = (): void => {
      signal.removeEventListener('abort', leave);
      scope.waiting.delete(waiting);
      scope.turns.remove(origin, '', waiting);
    };
    const leave = (): void => {
      remove();
      reject(signal.reason as Error);
    };
    const end = (mayTry: boolean): void => {
      remove();
      resolve(mayTry ? Math.max(0, endMs - nowMs()) : undefined);
    };
    // The outcome of the probe is awaited by a call that has waited until the scope may open.
    const untilMs = Math.max(endMs, scope.untilMs + probeWaitMs);
    const waiting: Waiting = { origin, sinceMs, untilMs, end };
    signal.addEventListener('abort', leave, { once: true });
    scope.waiting.add(waiting);
    scope.turns.add(origin, '', waiting, false);
    if (scope.stopTimer === undefined) setTimer(scope, world);
  }
  return promise;
}

/** Ends the waits that are long enough or would become too long, and lets one call go on when a probe is needed. */
function check(scope: Scope, world: ScopeWorld): void {
  if (scope.isOpen) return;
  const now = world.nowMs();
  beSound(scope, now);
  for (const waiting of scope.waiting) {
    const { sinceMs, untilMs } = waiting;
    if (now < sinceMs || untilMs <= now || untilMs < scope.untilMs) waiting.end(false);
  }
  if (!isClosed(scope, now) && !isProbed(scope, now)) scope.turns.next(() => true)?.end(true);
  setTimer(scope, world);
}

function setTimer(scope: Scope, world: ScopeWorld): void {
  scope.stopTimer?.();
  scope.stopTimer = undefined;
  if (scope.waiting.size === 0) return;
  const leftMs = scope.untilMs - world.nowMs();
  scope.stopTimer = world.after(leftMs > 0 ? leftMs : checkMs, () => {
    scope.stopTimer = undefined;
    check(scope, world);
  });
}

/** Lets those that wait go on in groups, the origins in turn. */
function releaseGroups(scope: Scope, world: ScopeWorld): void {
  const { waiting, turns } = scope;
  const ofGroup = Math.ceil(waiting.size / releases.groups);
  const release = (): void => {
    for (let at = 0; at < ofGroup; at += 1) turns.next(() => true)?.end(true);
    if (waiting.size > 0) scope.stopTimer = world.after(releases.everyMs, release);
  };
  release();
}

function forgetOld(scopes: Map<string, Scope>, nowMs: number): void {
  if (scopes.size < forgetting.fromScopes) return;
  for (const [key, { untilMs, waiting, probeSinceMs }] of scopes)
    if (nowMs - untilMs > forgetting.afterMs && waiting.size === 0 && probeSinceMs === undefined)
      scopes.delete(key);
  if (scopes.size < maxScopes) return;
  for (const [key, { kind, waiting }] of scopes)
    if (!isHourly(kind) && waiting.size === 0) {
      scopes.delete(key);
      return;
    }
}
