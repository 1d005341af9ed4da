import { createGovernor, type Governor, type Turn } from '../../background/quota/governor.ts';
import type { LimitedCall } from '../../extension/core/quota/limited-call.ts';
import type { Origin } from '../../extension/core/values/origin.ts';
import { memoryArea, type MemoryArea } from './memory-area.ts';
import { testClock, type TestClock } from './test-clock.ts';

/** A call of Jira Cloud that reads, unless something else is said. */
export function aLimitedCall(changes: Partial<LimitedCall> = {}): LimitedCall {
  return {
    origin: 'https://a.example' as Origin,
    sessionId: 's',
    app: 'id api.atlassian.com',
    assumedQuota: 65_000,
    tenant: 'c',
    method: 'GET',
    endpoint: '/rest/api/3/myself',
    issue: undefined,
    isReading: true,
    isFile: false,
    system: 'jira-cloud',
    ...changes,
  } as LimitedCall;
}

/** What became of a call: it waits, has its turn, or was answered without being sent. */
export interface Outcome {
  state: 'waits' | 'turn' | 'held' | 'aborted';
  turn?: Turn;
  retryAfter?: number;
  headers?: Record<string, string>;
}

/** A governor at 10:20 UTC, and calls that do with it what the broker does. */
export interface GovernedCalls {
  readonly clock: TestClock;
  readonly session: MemoryArea;
  governor: Governor;
  /** A governor of a new worker. */
  restart(): Promise<void>;
  /** Takes a turn, and sends when it has come at once or later. */
  call(
    changes?: Partial<LimitedCall>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Outcome>;
  calls(count: number, changes?: Partial<LimitedCall>): Promise<Outcome[]>;
  /** A call whose response is a 429. */
  limited(reason: string | undefined, retryAfter?: number): Promise<void>;
}

/** Random numbers are one half. */
const crypto = {
  getRandomValues: (into: Uint32Array) => into.fill(2 ** 31),
} as unknown as Crypto;

export function governedCalls(): GovernedCalls {
  const clock = testClock();
  const session = memoryArea();
  const world = { ...clock, crypto, session };
  const governed: GovernedCalls = {
    clock,
    session,
    governor: createGovernor(world),
    restart: () => {
      governed.governor = createGovernor(world);
      return governed.governor.load();
    },
    call: async (changes = {}, { signal = new AbortController().signal } = {}) => {
      const outcome: Outcome = { state: 'waits' };
      governed.governor.takeTurn(aLimitedCall(changes), { signal, isFirst: false }).then(
        (result) => {
          if ('held' in result) {
            const headers = Object.fromEntries(result.held.headers);
            const retryAfter = Number(headers['retry-after']);
            Object.assign(outcome, { state: 'held', headers, retryAfter });
          } else {
            result.sent();
            Object.assign(outcome, { state: 'turn', turn: result });
          }
        },
        () => (outcome.state = 'aborted'),
      );
      await clock.pass(0);
      return outcome;
    },
    calls: async (count, changes) => {
      const outcomes: Outcome[] = [];
      for (let at = 0; at < count; at += 1) outcomes.push(await governed.call(changes));
      return outcomes;
    },
    limited: async (reason, retryAfter) => {
      answer(await governed.call(), 429, {
        ...(reason === undefined ? {} : { 'ratelimit-reason': reason }),
        ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
      });
    },
  };
  return governed;
}

/** The response to a call that has its turn arrives, and its body. */
export function answer(
  { turn }: Outcome,
  status: number,
  headers: Record<string, string> = {},
): void {
  if (turn === undefined) throw new Error('the call was not sent');
  turn.received(new Response(null, { status, headers }), String);
  turn.leave();
}

export function states(outcomes: readonly Outcome[]): string[] {
  return outcomes.map(({ state }) => state);
}
