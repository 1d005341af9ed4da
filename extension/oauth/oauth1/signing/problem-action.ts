import { problemMeanings } from '#core/protocol/oauth1-problems.ts';
import type { FaultCode } from '#core/values/fault.ts';
import type { Problem } from './problem.ts';

/** Which kind of request was refused. */
export type SignedPhase = 'temporary-credentials' | 'token-credentials' | 'renewal' | 'call';

/** Which retries of the same request were made: each is made once. */
export interface RetriesMade {
  readonly clock: boolean;
  readonly nonce: boolean;
  readonly renewal: boolean;
}

/** What `nextStep` decides by, besides the problem. */
export interface RefusalContext {
  readonly phase: SignedPhase;
  readonly tried: RetriesMade;
  /** When the response arrived, by our clock, in epoch milliseconds. */
  readonly nowMs: number;
  /** The clock offset in the timestamp of the refused request, in milliseconds. */
  readonly usedOffsetMs: number;
  /** The clock offset by the `Date` header of the response, in milliseconds, see `clockOffsetMs`. */
  readonly answeredOffsetMs: number | undefined;
}

/** What to do about a refused request. A retry always has a new nonce, a new timestamp and a new signature. */
export type NextStep =
  | { readonly step: 'retry'; readonly reason: 'nonce' }
  /** With this clock offset, which also applies to later requests to the server. */
  | { readonly step: 'retry'; readonly reason: 'clock'; readonly clockOffsetMs: number }
  /** Try to renew the token; only the attempt shows whether that is possible. */
  | { readonly step: 'renew' }
  /** The person has to sign in again or to change the configuration, as the fault says. */
  | { readonly step: 'stop'; readonly fault: FaultCode };

/** A smaller difference between the clocks does not explain a refusal, in milliseconds. */
const minExplainingOffsetMs = 30_000;

/** What to do about a problem. The server did not execute the refused request, so a write may be retried, too. */
export function nextStep(problem: Problem, context: RefusalContext): NextStep {
  const { cause, fault } = problemMeanings[problem.name];
  const { phase, tried } = context;
  if (cause === 'nonce' && !tried.nonce) return { step: 'retry', reason: 'nonce' };
  if (cause === 'clock' && !tried.clock) {
    const offset = betterOffsetMs(problem, context);
    if (offset !== undefined) return { step: 'retry', reason: 'clock', clockOffsetMs: offset };
  }
  if (cause === 'token' && phase === 'call' && !tried.renewal) return { step: 'renew' };
  return { step: 'stop', fault };
}

/** The clock offset that the server would accept, in milliseconds; undefined when that one was used already. */
function betterOffsetMs(
  { acceptableTimestamps: range }: Problem,
  { nowMs, usedOffsetMs, answeredOffsetMs }: RefusalContext,
): number | undefined {
  const middleMs = range === undefined ? undefined : (range.fromS + range.toS) * 500;
  const offset = middleMs === undefined ? answeredOffsetMs : middleMs - nowMs;
  if (offset === undefined) return undefined;
  // When the timestamp was outside the reported range, even a small difference counts: the range may be narrow.
  const timestampS = Math.floor((nowMs + usedOffsetMs) / 1000);
  if (range !== undefined && (timestampS < range.fromS || timestampS > range.toS)) return offset;
  return Math.abs(offset - usedOffsetMs) < minExplainingOffsetMs ? undefined : offset;
}
