import type { Fault, FaultCode } from '../values/fault.ts';
import type { RefreshJournal } from './session.ts';

/** What may be done with a refresh token now. */
export type RefreshStep =
  /** Send it. */
  | 'send'
  /** Send it once more although the provider's window has passed; noted before, and never again after. */
  | 'send-late'
  /** Its fate cannot be learnt any more: only the person can help. */
  | 'ask-consent';

/** Share of the provider's retry window that is used: the request takes its time too. */
const usedShare = 0.9;

/**
 * Judges a refresh by what is known of the attempts before it. An open journal means that a refresh was sent
 * whose answer never came: the provider may have rotated the token, and takes the old one for its window only.
 * Sending it later could be a replay, which ends the whole grant, so that is done once and no more. A clock that
 * went back behind the first attempt tells nothing of its age, which then counts as past the window.
 * @see RFC 9700, section 4.14.2
 */
export function refreshStep(
  { generation, journal }: { readonly generation: number; readonly journal?: RefreshJournal },
  nowMs: number,
  windowMs: number,
): RefreshStep {
  if (journal?.generation !== generation) return 'send';
  // Nothing is lost by sending a token again that is not superseded.
  if (windowMs === Infinity) return 'send';
  if (journal.lateAtMs !== undefined) return 'ask-consent';
  const ageMs = nowMs - journal.startedAtMs;
  return ageMs >= 0 && ageMs < windowMs * usedShare ? 'send' : 'send-late';
}

/** What a failed refresh says. */
export interface RefreshFailure {
  /**
   * `verdict`: the grant is gone, ask for consent. `configuration`: the client is refused, and its sessions
   * with it. `waiting`: come back later. `weather`: try again. `ours`: nothing was learnt of the provider.
   */
  readonly kind: 'rejected' | 'client-rejected' | 'rate-limited' | 'transient' | 'local';
  /** Whether the provider may have rotated the token all the same. */
  readonly mayHaveRotated: boolean;
}

const failures: Partial<Record<FaultCode, RefreshFailure>> = {
  grant_rejected: { kind: 'rejected', mayHaveRotated: false },
  client_rejected: { kind: 'client-rejected', mayHaveRotated: false },
  authorization_failed: { kind: 'client-rejected', mayHaveRotated: false },
  rate_limited: { kind: 'rate-limited', mayHaveRotated: false },
  provider_unreachable: { kind: 'transient', mayHaveRotated: true },
  provider_answer_invalid: { kind: 'transient', mayHaveRotated: true },
};

/** Subject of a fault that tells that the request was turned away: 503, "unable to handle the request". @see RFC 9110, section 15.6.4 */
export const unprocessed = '503';

/** Reads the fault of a refresh; what is not the provider's says nothing of the token. */
export function refreshFailure({ code, subject }: Pick<Fault, 'code' | 'subject'>): RefreshFailure {
  if (code === 'provider_unreachable' && subject === unprocessed)
    return { kind: 'transient', mayHaveRotated: false };
  return failures[code] ?? { kind: 'local', mayHaveRotated: true };
}

/** Pauses between the attempts that callers wait for, in milliseconds; alarms go on after that. */
const pausesMs = [500, 2_000] as const;
/** The most attempts of one refresh while callers wait. */
export const attemptsPerRound = pausesMs.length + 1;
/** The longest `Retry-After` that is waited for while callers wait, in milliseconds. */
const longestWaitMs = 5_000;

/**
 * How long to pause before the next attempt of the same refresh, in milliseconds; undefined to give up for now.
 * `chance` is a number from 0 to 1 that spreads the pause by a fifth to either side.
 */
export function pauseBeforeRetry(
  failed: { readonly kind: RefreshFailure['kind']; readonly retryAfterMs?: number },
  attempt: number,
  chance: number,
): number | undefined {
  const pause = pausesMs[attempt - 1];
  if (pause === undefined) return undefined;
  const spread = pause * (0.8 + 0.4 * chance);
  if (failed.kind === 'transient') return spread;
  const { retryAfterMs } = failed;
  const isShort = failed.kind === 'rate-limited' && retryAfterMs !== undefined;
  return isShort && retryAfterMs <= longestWaitMs ? Math.max(retryAfterMs, spread) : undefined;
}
