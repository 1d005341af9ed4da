import { problemMeanings } from '../../../core/protocol/oauth1-problems.ts';
import type { FaultCode } from '../../../core/values/fault.ts';
import type { Problem } from './problem.ts';

/** Which request was refused. */
export type SignedPhase = 'temporary-credentials' | 'token-credentials' | 'renewal' | 'call';

/** What was tried already for the same request: each cure is tried once. */
export interface TriedCures {
  readonly clock: boolean;
  readonly nonce: boolean;
  readonly renewal: boolean;
}

/** What is known when a request was refused. */
export interface RefusalCircumstances {
  readonly phase: SignedPhase;
  readonly tried: TriedCures;
  /** Our clock when the answer came, in epoch milliseconds. */
  readonly nowMs: number;
  /** The offset that the refused request was stamped with. */
  readonly usedOffsetMs: number;
  /** What the answer's `Date` says, see `clockOffsetMs`. */
  readonly answeredOffsetMs: number | undefined;
}

/** What to do about a refused request. A retry always has a new nonce, a new timestamp and a new signature. */
export type NextStep =
  | { readonly step: 'retry'; readonly cure: 'nonce' }
  /** With this offset, which is worth keeping for the server. */
  | { readonly step: 'retry'; readonly cure: 'clock'; readonly clockOffsetMs: number }
  /** Whether a token that was refused can be renewed is told by trying. */
  | { readonly step: 'renew' }
  /** Nothing helps but the person: sign in again, or change the configuration, as the fault says. */
  | { readonly step: 'stop'; readonly fault: FaultCode };

/** A smaller difference of clocks than this explains no refusal, in milliseconds. */
const noticeableOffsetMs = 30_000;

/**
 * What to do about a problem. A request that is answered with one was not carried out, so a write may be repeated, too.
 */
export function nextStep(problem: Problem, circumstances: RefusalCircumstances): NextStep {
  const { cause, fault } = problemMeanings[problem.name];
  const { phase, tried } = circumstances;
  if (cause === 'nonce' && !tried.nonce) return { step: 'retry', cure: 'nonce' };
  if (cause === 'clock' && !tried.clock) {
    const offset = betterOffsetMs(problem, circumstances);
    if (offset !== undefined) return { step: 'retry', cure: 'clock', clockOffsetMs: offset };
  }
  if (cause === 'token' && phase === 'call' && !tried.renewal) return { step: 'renew' };
  return { step: 'stop', fault };
}

/** The offset that the server would take; undefined when it is the one that was used. */
function betterOffsetMs(
  { acceptableTimestamps: range }: Problem,
  { nowMs, usedOffsetMs, answeredOffsetMs }: RefusalCircumstances,
): number | undefined {
  const middleMs = range === undefined ? undefined : (range.fromS + range.toS) * 500;
  const offset = middleMs === undefined ? answeredOffsetMs : middleMs - nowMs;
  if (offset === undefined) return undefined;
  // Outside a stated range any difference counts, for the range may be narrow.
  const stampedS = Math.floor((nowMs + usedOffsetMs) / 1000);
  if (range !== undefined && (stampedS < range.fromS || stampedS > range.toS)) return offset;
  return Math.abs(offset - usedOffsetMs) < noticeableOffsetMs ? undefined : offset;
}
