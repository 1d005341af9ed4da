import { describe, expect, test } from 'vitest';
import { problemMeanings, type ProblemName } from '#core/protocol/oauth1-problems.ts';
import { isFaultCode } from '#core/values/fault.ts';
import { clockOffsetMs } from './clock-offset.ts';
import { nextStep, type RefusalContext } from './problem-action.ts';
import { readProblem, readRefusal, type Problem } from './problem.ts';
import { oauthChallenge } from './www-authenticate.ts';

test.each([
  ['OAuth realm="https://j.test/jira", oauth_problem="signature_invalid"', 'signature_invalid'],
  ['oauth oauth_problem=nonce_used', 'nonce_used'],
  ['Basic realm="a, OAuth b", OAuth realm="x",oauth_problem="token_expired"', 'token_expired'],
  ['OAuth realm="a \\"quoted\\" one", oauth_problem="token_used"', 'token_used'],
  ['OAuth oauth_problem="token%5Frejected", Bearer error="x"', 'token_rejected'],
  ['Bearer oauth_problem="token_expired"', undefined],
  ['OAuth realm="oauth_problem=\\"token_expired\\""', undefined],
  ['OAuth', undefined],
  ['OAuth oauth_problem="made_up"', undefined],
  ['OAuth oauth_problem="toString"', undefined],
  ['', undefined],
])('the header %s reports %s', (wwwAuthenticate, name) => {
  expect(readProblem({ wwwAuthenticate, text: '' })?.name).toBe(name);
});

test('the realm is not decoded, and neither is a value with an invalid percent sign', () => {
  expect(oauthChallenge('OAuth realm="a%20b", oauth_x="100%"')).toEqual([
    ['realm', 'a%20b'],
    ['oauth_x', '100%'],
  ]);
});

test.each([
  [
    'oauth_problem=timestamp_refused&oauth_acceptable_timestamps=100-200\n',
    { fromS: 100, toS: 200 },
  ],
  [
    'oauth_problem=timestamp_refused&oauth_acceptable_timestamps=%20100-100',
    { fromS: 100, toS: 100 },
  ],
  ['oauth_problem=timestamp_refused&oauth_acceptable_timestamps=1-100-200', undefined],
  ['oauth_problem=timestamp_refused&oauth_acceptable_timestamps=100-200s', undefined],
  ['oauth_problem=timestamp_refused&oauth_acceptable_timestamps=200-100', undefined],
  ['oauth_problem=timestamp_refused&oauth_acceptable_timestamps=now', undefined],
])('the body %j contains the acceptable timestamps %j', (text, acceptableTimestamps) => {
  expect(readProblem({ wwwAuthenticate: undefined, text })).toEqual({
    name: 'timestamp_refused',
    ...(acceptableTimestamps && { acceptableTimestamps }),
  });
});

test('names of parameters are read, values and advice are not', () => {
  const text =
    'oauth_problem=parameter_rejected&oauth_parameters_rejected=oauth_callback%3Dhttp%253A%252F%252Fcanary%26oauth_nonce&oauth_problem_advice=canary';
  const problem = readProblem({ wwwAuthenticate: 'OAuth realm="x"', text });
  expect(problem).toEqual({
    name: 'parameter_rejected',
    parameters: ['oauth_callback', 'oauth_nonce'],
  });
  expect(
    readProblem({
      wwwAuthenticate:
        'OAuth oauth_problem="parameter_absent", oauth_parameters_absent="oauth_token%26oauth_verifier"',
      text: '',
    })?.parameters,
  ).toEqual(['oauth_token', 'oauth_verifier']);
});

const nowMs = 1_700_000_000_000;
const firstRefusal: RefusalContext = {
  phase: 'call',
  tried: { clock: false, nonce: false, renewal: false },
  nowMs,
  usedOffsetMs: 0,
  answeredOffsetMs: undefined,
};
const allTried = { clock: true, nonce: true, renewal: true };
const range = (fromS: number, toS: number): Problem => ({
  name: 'timestamp_refused',
  acceptableTimestamps: { fromS, toS },
});

describe('after a refusal', () => {
  const clockRetry = (ms: number) => ({ step: 'retry', reason: 'clock', clockOffsetMs: ms });
  const stop = (fault: string) => ({ step: 'stop', fault });
  const s = nowMs / 1000;
  test.each<[string, Problem, Partial<RefusalContext>, object]>([
    [
      'a used nonce: retry with a new one',
      { name: 'nonce_used' },
      {},
      { step: 'retry', reason: 'nonce' },
    ],
    [
      'a used nonce after a retry: stop',
      { name: 'nonce_used' },
      { tried: allTried },
      stop('authorization_failed'),
    ],
    [
      'a refused timestamp: retry with the offset of the Date header',
      { name: 'timestamp_refused' },
      { answeredOffsetMs: -600_000 },
      clockRetry(-600_000),
    ],
    [
      'a refused timestamp after a retry: stop',
      { name: 'timestamp_refused' },
      { answeredOffsetMs: -600_000, tried: { ...firstRefusal.tried, clock: true } },
      stop('authorization_failed'),
    ],
    [
      'a refused timestamp without another offset: stop',
      { name: 'timestamp_refused' },
      {},
      stop('authorization_failed'),
    ],
    [
      'a refused timestamp with nearly the same offset: stop',
      { name: 'timestamp_refused' },
      { usedOffsetMs: 60_000, answeredOffsetMs: 60_900 },
      stop('authorization_failed'),
    ],
    [
      'a refused timestamp with an acceptable range: retry with its middle',
      range(s + 500, s + 700),
      { answeredOffsetMs: 1 },
      clockRetry(600_000),
    ],
    ['a narrow range: retry with its middle', range(s + 1, s + 3), {}, clockRetry(2000)],
    ['a range that was met: stop', range(s - 10, s + 10), {}, stop('authorization_failed')],
    ['an expired token: renew', { name: 'token_expired' }, {}, { step: 'renew' }],
    [
      'an expired token after a renewal: stop',
      { name: 'token_expired' },
      { tried: allTried },
      stop('grant_rejected'),
    ],
    [
      'an expired token in a renewal: stop',
      { name: 'token_expired' },
      { phase: 'renewal' },
      stop('grant_rejected'),
    ],
    [
      'an expired token in a request for credentials: stop',
      { name: 'token_expired' },
      { phase: 'token-credentials' },
      stop('grant_rejected'),
    ],
    ['an invalid signature: stop', { name: 'signature_invalid' }, {}, stop('client_rejected')],
    ['an unknown consumer: stop', { name: 'consumer_key_unknown' }, {}, stop('client_rejected')],
    ['a denial: stop', { name: 'user_refused' }, {}, stop('consent_denied')],
    ['a rejected token: renew', { name: 'token_rejected' }, {}, { step: 'renew' }],
    [
      'a rejected token in a renewal: stop',
      { name: 'token_rejected' },
      { phase: 'renewal' },
      stop('grant_rejected'),
    ],
    ['a missing permission: stop', { name: 'permission_denied' }, {}, stop('grant_rejected')],
  ])('%s', (_, problem, context, step) => {
    expect(nextStep(problem, { ...firstRefusal, ...context })).toEqual(step);
  });

  test('every problem stops after all retries', () => {
    for (const name of Object.keys(problemMeanings) as ProblemName[]) {
      for (const phase of [
        'temporary-credentials',
        'token-credentials',
        'renewal',
        'call',
      ] as const) {
        const last = nextStep(
          { name },
          { ...firstRefusal, phase, tried: allTried, answeredOffsetMs: 1e7 },
        );
        expect(last.step, name).toBe('stop');
        expect(last.step === 'stop' && isFaultCode(last.fault)).toBe(true);
      }
    }
  });
});

test.each([
  ['Tue, 14 Nov 2023 22:13:20 GMT', 0, 500],
  ['Tue, 14 Nov 2023 22:03:20 GMT', 1000, -600_000],
  ['Tue, 14 Nov 2023 22:23:20 GMT', 60_000, 570_500],
  ['Tue, 14 Nov 2023 22:23:20 GMT', 60_001, undefined],
  ['Tue, 14 Nov 2023 22:23:20 GMT', -1, undefined],
  ['2023-11-14T22:13:20Z', 0, undefined],
  ['Tue, 99 Nov 2023 22:13:20 GMT', 0, undefined],
  ['', 0, undefined],
  [null, 0, undefined],
])(
  'the Date %s after a round trip of %i ms means an offset of %s ms',
  (date, roundTripMs, offsetMs) => {
    const trip = { sentAtMs: nowMs, receivedAtMs: nowMs + roundTripMs };
    expect(clockOffsetMs(date, trip)).toBe(offsetMs);
  },
);

test.each([
  ['oauth_problem=odd_one', { unknown: 'odd_one' }],
  ['oauth_problem=%20odd_one%20', { unknown: 'odd_one' }],
  ['oauth_problem=Please%20call%20odd_one', undefined],
  ['oauth_problem=odd_one%20%3Cb%3E', undefined],
  ['<p>&oauth_problem=token_expired', undefined],
  ['oauth_problem=token_expired& <p>', undefined],
  ['{"u":"https://x/?a=1&oauth_problem=token_rejected&z=1"}', undefined],
  ['["a=1&oauth_problem=token_rejected&"]', undefined],
  ['"a=1&oauth_problem=token_rejected&"', undefined],
  ['&oauth_problem=token_rejected', undefined],
])('the body %j is the refusal %j', (text, refusal) => {
  expect(readRefusal({ wwwAuthenticate: undefined, text })).toEqual(refusal);
});

test.each(['OAuth realm="x", oauth_problem=""', 'OAuth oauth_problem=" "'])(
  'the challenge %s does not hide the problem of the body',
  (wwwAuthenticate) => {
    const refusal = readRefusal({ wwwAuthenticate, text: 'oauth_problem=token_rejected' });
    expect(refusal).toEqual({ problem: { name: 'token_rejected' } });
  },
);
