import type { Fault, FaultCode } from '../values/fault.ts';
import type { RefreshJournal } from './session.ts';

/** What a refresh may do with the refresh token now. */
export type RefreshStep =
  /** Send it. */
  | 'send'
  /** Send it one last time, after the provider's retry window. Recorded before, and not repeated. */
  | 'send-late'
  /** The token may have been rotated and is not sent any more: the user has to sign in again. */
  | 'ask-consent';

/** Share of the provider's retry window in which a request is sent, so that it arrives before the end. */
const usedShare = 0.9;

/**
 * Decides whether a refresh may be sent, by the attempts before it. An open journal means that a request was sent and its
 * response was not received: the provider may have rotated the token, and accepts the old one only within its retry window.
 * A request after the window may count as a replay, which revokes the whole grant, so it is sent only once. If the clock was
 * set back behind the first attempt, the window counts as over.
 * @see RFC 9700, section 4.14.2
 */
export function refreshStep(
  { generation, journal }: { readonly generation: number; readonly journal?: RefreshJournal },
  nowMs: number,
  windowMs: number,
): RefreshStep {
  if (journal?.generation !== generation) return 'send';
  // This provider does not supersede tokens, so a repeated request is safe.
  if (windowMs === Infinity) return 'send';
  if (journal.lateAtMs !== undefined) return 'ask-consent';
  const ageMs = nowMs - journal.startedAtMs;
  return ageMs >= 0 && ageMs < windowMs * usedShare ? 'send' : 'send-late';
}

/** What a failed refresh means. */
export interface RefreshFailure {
  /**
   * `rejected`: definitive rejection of the grant, which needs new consent. `client-rejected`: rejection of the client, and
   * so of all its sessions. `rate-limited`: retry after the given time. `transient`: transient error, retry. `local`: the
   * error is not the provider's.
   */
  readonly kind: 'rejected' | 'client-rejected' | 'rate-limited' | 'transient' | 'local';
  /** Whether the provider may have rotated the token nevertheless. */
  readonly mayHaveRotated: boolean;
  /** Whether an intermediary responded: the token endpoint does not send such a response. */
  readonly isIntermediary?: true;
  /** The OAuth error of the response, if its meaning is not known; retried, and reported after some times. */
  readonly unknownError?: string;
}

const failures: Partial<Record<FaultCode, RefreshFailure>> = {
  grant_rejected: { kind: 'rejected', mayHaveRotated: false },
  client_rejected: { kind: 'client-rejected', mayHaveRotated: false },
  authorization_failed: { kind: 'client-rejected', mayHaveRotated: false },
  rate_limited: { kind: 'rate-limited', mayHaveRotated: false },
  provider_unreachable: { kind: 'transient', mayHaveRotated: true },
  provider_answer_invalid: { kind: 'transient', mayHaveRotated: true },
};

/** Subject of the fault for status 503: the server did not process the request. @see RFC 9110, section 15.6.4 */
export const unprocessed = '503';
/** Subjects that are the status of a response of an intermediary: a token endpoint sends an OAuth error with it. */
const intermediaryStatus = /^[34]\d\d$/u;

const unknownErrorPrefix = 'error=';
/** Subject of the fault for an OAuth error whose meaning is not known. */
export function unknownErrorSubject(error: string): string {
  return `${unknownErrorPrefix}${error}`;
}

/** Classifies the fault of a refresh. */
export function refreshFailure({
  code,
  subject = '',
}: Pick<Fault, 'code' | 'subject'>): RefreshFailure {
  const failure = failures[code] ?? { kind: 'local', mayHaveRotated: true };
  if (failure.kind !== 'transient') return failure;
  if (subject === unprocessed) return { ...failure, mayHaveRotated: false };
  // It may have replaced the response of the token endpoint, e.g. by a filter's page.
  if (intermediaryStatus.test(subject)) return { ...failure, isIntermediary: true };
  if (!subject.startsWith(unknownErrorPrefix)) return failure;
  // Without a server error it is a refusal, and no token was issued.
  const mayHaveRotated = code === 'provider_unreachable';
  return { ...failure, mayHaveRotated, unknownError: subject.slice(unknownErrorPrefix.length) };
}

/** Pauses between the attempts while callers wait, in milliseconds. Upkeep continues after that, by alarms. */
const pausesMs = [500, 2_000] as const;
/** The most attempts of one refresh while callers wait. */
export const attemptsPerRound = pausesMs.length + 1;
/** The longest `Retry-After` that is observed while callers wait, in milliseconds. */
const longestWaitMs = 5_000;

/**
 * The pause before the next attempt of the same refresh, in milliseconds; undefined when there is none for now.
 * `fraction`, from 0 to 1, varies the pause by up to 20 % in both directions.
 */
export function pauseBeforeRetry(
  failed: { readonly kind: RefreshFailure['kind']; readonly retryAfterMs: number | undefined },
  attempt: number,
  fraction: number,
): number | undefined {
  const pause = pausesMs[attempt - 1];
  if (pause === undefined) return undefined;
  const varied = pause * (0.8 + 0.4 * fraction);
  if (failed.kind === 'transient') return varied;
  const { retryAfterMs } = failed;
  const isShort = failed.kind === 'rate-limited' && retryAfterMs !== undefined;
  return isShort && retryAfterMs <= longestWaitMs ? Math.max(retryAfterMs, varied) : undefined;
}
