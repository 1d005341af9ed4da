import { describe, expect, test } from 'vitest';
import type { FaultCode } from '../values/fault.ts';
import { pauseBeforeRetry, refreshFailure, refreshStep } from './refresh-plan.ts';

const cloud = 600_000;
const journal = { generation: 3, startedAtMs: 1_000_000, attempts: 1 };

describe('a refresh is', () => {
  test.each([
    ['sent without a journal', undefined, 0, cloud, 'send'],
    [
      'sent when the journal is of an older generation',
      { ...journal, generation: 2 },
      9e9,
      cloud,
      'send',
    ],
    ['sent again at once', journal, 0, cloud, 'send'],
    ['sent again inside the window', journal, 539_999, cloud, 'send'],
    ['late when the window is nearly over', journal, 540_000, cloud, 'send-late'],
    ['late after days', journal, 9e9, cloud, 'send-late'],
    ['late with a clock that was set back', journal, -1, cloud, 'send-late'],
    ['late at once when the provider has no window', journal, 0, 0, 'send-late'],
    [
      'not sent after the late attempt',
      { ...journal, lateAtMs: 2_000_000 },
      1,
      cloud,
      'ask-consent',
    ],
    [
      'not sent, however late the late attempt was',
      { ...journal, lateAtMs: 2_000_000 },
      9e9,
      0,
      'ask-consent',
    ],
  ] as const)('%s', (_, open, afterMs, windowMs, step) => {
    const session = { generation: 3, ...(open ? { journal: open } : {}) };
    expect(refreshStep(session, 1_000_000 + afterMs, windowMs)).toBe(step);
  });
});

test.each<[FaultCode, string, boolean]>([
  ['grant_rejected', 'rejected', false],
  ['client_rejected', 'client-rejected', false],
  ['authorization_failed', 'client-rejected', false],
  ['rate_limited', 'rate-limited', false],
  ['provider_unreachable', 'transient', true],
  ['provider_answer_invalid', 'transient', true],
  ['storage_failed', 'local', true],
  ['locked', 'local', true],
  ['internal', 'local', true],
])('%s is %s, and may have rotated the token: %s', (code, kind, mayHaveRotated) => {
  expect(refreshFailure({ code })).toEqual({ kind, mayHaveRotated });
});

test('a request that was not processed has rotated nothing', () => {
  expect(refreshFailure({ code: 'provider_unreachable', subject: '503' })).toEqual({
    kind: 'transient',
    mayHaveRotated: false,
  });
});

describe('the pause before the next attempt', () => {
  test.each([
    ['transient', undefined, 1, 0, 400],
    ['transient', undefined, 1, 1, 600],
    ['transient', undefined, 2, 0.5, 2_000],
    ['transient', undefined, 3, 0.5, undefined],
    ['rate-limited', 3_000, 1, 0.5, 3_000],
    ['rate-limited', 5_000, 1, 0.5, 5_000],
    ['rate-limited', 5_001, 1, 0.5, undefined],
    ['rate-limited', undefined, 1, 0.5, undefined],
    ['rejected', undefined, 1, 0.5, undefined],
    ['client-rejected', undefined, 1, 0.5, undefined],
    ['local', undefined, 1, 0.5, undefined],
  ] as const)(
    'after %s (Retry-After %s), attempt %i, fraction %d: %s',
    (kind, retryAfterMs, attempt, fraction, pause) => {
      expect(pauseBeforeRetry({ kind, retryAfterMs }, attempt, fraction)).toEqual(
        pause === undefined ? undefined : expect.closeTo(pause, 6),
      );
    },
  );
});
