import { describe, expect, test } from 'vitest';
import { httpMethods, type HttpMethod } from './http-method.ts';
import {
  decideOnRejectedSignature,
  decideOnResponse,
  retryAfterBrokenConnection,
  isBodyNeeded,
  maxAttempts,
  showsStaleSites,
  type ReceivedResponse,
  type Retry,
  type Decision,
} from './response-decision.ts';

const nowMs = Date.parse('2026-11-21T12:00:00Z');
const token = '{"code":401,"message":"Unauthorized"}';
const scope = '{"code":401,"message":"Unauthorized; scope does not match"}';
const notInstalled = '{"code":403,"message":"The app is not installed on this instance"}';
const notInstalledInJira = '{"errorMessages":["The app is not installed on this instance."]}';
const xsrf = 'XSRF check failed';
const jira = '{"errorMessages":["No"],"errors":{"field":"x"}}';
const confluence = '{"statusCode":403,"message":"No","data":{"errors":[]}}';
const spring =
  '{"timestamp":"t","status":404,"error":"Not Found","message":"No message available"}';
const problem = '{"type":"about:blank","title":"No","status":403,"detail":"No"}';
const html = '<html>No</html>';
const forbidden = '{"code":403,"message":"Forbidden"}';
const notFound = '{"code":404,"message":"Not Found"}';

const received = (changes: Partial<ReceivedResponse> = {}): ReceivedResponse => ({
  method: 'GET',
  isReading: changes.method === undefined || ['GET', 'HEAD'].includes(changes.method),
  retries: [],
  nowMs,
  status: 200,
  bodyText: '',
  retryAfter: null,
  isForOtherUser: false,
  token: { expiresAtMs: nowMs + 1_800_000 },
  consentedAtMs: nowMs - 3_600_000,
  ...changes,
});
const actOf = (changes: Partial<ReceivedResponse>): Decision['act'] =>
  decideOnResponse(received(changes)).act;
const expired = { token: { expiresAtMs: nowMs } };
const justConsented = { consentedAtMs: nowMs - 1000 };

const refresh = 'refresh-and-retry';
const rules = 'reinstall-rules-and-retry';
const consent = 'retry-after-consent';
const read = 'retry-read';

describe('each form of response, to a GET and to a POST', () => {
  test.each([
    // status, body, GET, POST, GET and POST past the stored expiry, shows stale sites
    [401, scope, 'deliver', 'deliver', 'deliver', 'deliver', true],
    [401, token, refresh, refresh, refresh, refresh, false],
    [401, jira, refresh, 'deliver', refresh, 'deliver', false],
    [401, html, refresh, 'deliver', refresh, 'deliver', false],
    [401, '', refresh, 'deliver', refresh, 'deliver', false],
    [403, notInstalled, 'deliver', 'deliver', refresh, refresh, true],
    [403, notInstalledInJira, 'deliver', 'deliver', refresh, refresh, true],
    [403, xsrf, rules, rules, rules, rules, false],
    [403, forbidden, 'deliver', 'deliver', refresh, refresh, false],
    [403, jira, 'deliver', 'deliver', refresh, 'deliver', false],
    [403, confluence, 'deliver', 'deliver', refresh, 'deliver', false],
    [403, problem, 'deliver', 'deliver', refresh, 'deliver', false],
    [403, html, 'deliver', 'deliver', refresh, 'deliver', false],
    [404, notFound, 'deliver', 'deliver', refresh, refresh, false],
    [404, spring, 'deliver', 'deliver', refresh, 'deliver', false],
    [404, jira, 'deliver', 'deliver', refresh, 'deliver', false],
    [404, html, 'deliver', 'deliver', refresh, 'deliver', false],
    [200, html, 'deliver', 'deliver', 'deliver', 'deliver', false],
    [204, '', 'deliver', 'deliver', 'deliver', 'deliver', false],
    [304, '', 'deliver', 'deliver', 'deliver', 'deliver', false],
    [400, jira, 'deliver', 'deliver', 'deliver', 'deliver', false],
    [409, jira, 'deliver', 'deliver', 'deliver', 'deliver', false],
    [414, html, 'deliver', 'deliver', 'deliver', 'deliver', false],
    [429, jira, 'deliver', 'deliver', 'deliver', 'deliver', false],
    [500, spring, read, 'deliver', read, 'deliver', false],
    [501, '', 'deliver', 'deliver', 'deliver', 'deliver', false],
    [502, html, read, 'deliver', read, 'deliver', false],
    [503, '', read, 'deliver', read, 'deliver', false],
    [504, problem, read, 'deliver', read, 'deliver', false],
  ] as const)('%i %s', (status, bodyText, get, post, lateGet, latePost, isStale) => {
    const acts = [{}, expired].flatMap((late) => [
      actOf({ status, bodyText, ...late }),
      actOf({ status, bodyText, method: 'POST', ...late }),
    ]);
    expect(acts).toEqual([get, post, lateGet, latePost]);
    expect(showsStaleSites(status, bodyText)).toBe(isStale);
    const decision = decideOnResponse(received({ status, bodyText }));
    if (decision.act === 'deliver') expect(decision.showsStaleSites).toBe(isStale);
  });
});

test.each(httpMethods)(
  '%s is retried when it was not processed; otherwise only GET and HEAD are',
  (method) => {
    const isBodiless = method === 'GET' || method === 'HEAD';
    expect(actOf({ method, status: 401, bodyText: token })).toBe(refresh);
    expect(actOf({ method, status: 403, bodyText: xsrf })).toBe(rules);
    expect(actOf({ method, status: 401, bodyText: html })).toBe(isBodiless ? refresh : 'deliver');
    expect(actOf({ method, status: 503 })).toBe(isBodiless ? read : 'deliver');
    expect(actOf({ method, status: 401, bodyText: scope, ...justConsented })).toBe(
      isBodiless ? consent : 'deliver',
    );
    const broken = retryAfterBrokenConnection({
      method,
      isReading: isBodiless,
      retries: [],
      nowMs,
    });
    expect(broken?.act).toBe(isBodiless ? read : undefined);
  },
);

test('a search by POST is retried with a new token past the stored expiry, and not otherwise', () => {
  const search = { method: 'POST' as HttpMethod, isReading: true };
  expect(actOf({ ...search, status: 404, bodyText: jira, ...expired })).toBe(refresh);
  expect(actOf({ ...search, status: 503 })).toBe('deliver');
  expect(actOf({ ...search, status: 401, bodyText: html })).toBe('deliver');
  expect(retryAfterBrokenConnection({ ...search, retries: [], nowMs })).toBeUndefined();
});

test.each([
  [1, 'deliver'],
  [0, refresh],
  [-1, refresh],
])('a 404 received %i ms before the stored expiry: %s', (beforeMs, act) => {
  expect(actOf({ status: 404, token: { expiresAtMs: nowMs + beforeMs } })).toBe(act);
});

test.each([
  [0, consent],
  [59_999, consent],
  [60_000, 'deliver'],
  [-1, 'deliver'],
])('a scope mismatch %i ms after the consent: %s', (sinceMs, act) => {
  expect(actOf({ status: 401, bodyText: scope, consentedAtMs: nowMs - sinceMs })).toBe(act);
});

describe('after earlier retries', () => {
  test.each<[string, Partial<ReceivedResponse>, Retry['act'][], Decision['act']]>([
    ['a 401 after a refresh', { status: 401, bodyText: token }, [refresh], 'deliver'],
    ['another 401 after a refresh', { status: 401, bodyText: html }, [refresh], 'deliver'],
    ['a 403 past expiry after a refresh', { status: 403, ...expired }, [refresh], 'deliver'],
    ['a scope mismatch after a refresh', { status: 401, bodyText: scope }, [refresh], 'deliver'],
    [
      'XSRF after the rules were reinstalled',
      { status: 403, bodyText: xsrf, ...expired },
      [rules],
      'deliver',
    ],
    ['a 401 after the rules were reinstalled', { status: 401, bodyText: token }, [rules], refresh],
    ['XSRF after a refresh', { status: 403, bodyText: xsrf }, [refresh], rules],
    [
      'a scope mismatch after its pause',
      { status: 401, bodyText: scope, ...justConsented },
      [consent],
      'deliver',
    ],
    ['a 401 after the pause', { status: 401, bodyText: token }, [consent], refresh],
    ['a 503 after a refresh', { status: 503 }, [refresh], read],
    ['a 503 after one retry', { status: 503 }, [read], read],
    ['a 503 after two retries', { status: 503 }, [read, read], 'deliver'],
    ['a 401 after two retries', { status: 401, bodyText: token }, [read, read], refresh],
    ['a 503 on a write after a refresh', { status: 503, method: 'PUT' }, [refresh], 'deliver'],
    ['the fourth attempt', { status: 503 }, [refresh, rules, consent], 'deliver'],
  ])('%s', (_, changes, retries, act) => {
    expect(actOf({ ...changes, retries })).toBe(act);
  });
  test('a response that is delivered after a retry still shows stale sites', () => {
    const decision = decideOnResponse(
      received({ status: 401, bodyText: scope, ...justConsented, retries: [consent] }),
    );
    expect(decision).toEqual({ act: 'deliver', showsStaleSites: true });
  });
});

describe('a response for another user', () => {
  const anonymous = 'answered_as_anonymous';
  const unknown = 'outcome_unknown';
  const decisionOf = (changes: Partial<ReceivedResponse>): string => {
    const decision = decideOnResponse(received({ isForOtherUser: true, ...changes }));
    return decision.act === 'refuse' ? decision.code : decision.act;
  };
  test.each<[number, string, string, string]>([
    // status, to a GET, to a GET after a refresh, to a PUT
    [200, refresh, anonymous, unknown],
    [201, refresh, anonymous, unknown],
    [204, refresh, anonymous, unknown],
    [304, refresh, anonymous, unknown],
    [400, refresh, anonymous, unknown],
    [401, refresh, anonymous, anonymous],
    [403, refresh, anonymous, anonymous],
    [404, refresh, anonymous, anonymous],
    [409, refresh, anonymous, unknown],
    [429, 'deliver', 'deliver', 'deliver'],
    [500, read, read, 'deliver'],
    [503, read, read, 'deliver'],
  ])('with %i', (status, onGet, afterwards, onPut) => {
    expect([
      decisionOf({ status }),
      decisionOf({ status, retries: [refresh] }),
      decisionOf({ status, method: 'PUT' }),
    ]).toEqual([onGet, afterwards, onPut]);
  });
  test('to a search by POST is retried', () => {
    const search = { method: 'POST' as HttpMethod, isReading: true };
    expect(decisionOf(search)).toBe(refresh);
    expect(decisionOf({ ...search, retries: [refresh] })).toBe(anonymous);
  });
  test('is refused at the fourth attempt', () => {
    expect(decisionOf({ retries: [rules, consent, read] })).toBe(anonymous);
  });
  test('to a write that the XSRF filter rejected is handled as an XSRF rejection', () => {
    expect(decisionOf({ method: 'POST', status: 403, bodyText: xsrf })).toBe(rules);
  });
});

test(`no sequence of responses sends a call more than ${String(maxAttempts)} times`, () => {
  const answers: Partial<ReceivedResponse>[] = [
    { status: 401, bodyText: token },
    { status: 401, bodyText: scope, ...justConsented },
    { status: 403, bodyText: xsrf },
    { status: 404, ...expired },
    { status: 503 },
    { status: 200, isForOtherUser: true },
  ];
  let longest = 0;
  const walk = (retries: readonly Retry['act'][]): void => {
    longest = Math.max(longest, retries.length + 1);
    const decisions = answers.map((answer) => decideOnResponse(received({ ...answer, retries })));
    const broken = retryAfterBrokenConnection(received({ retries }));
    for (const { act } of broken ? [...decisions, broken] : decisions)
      if (act !== 'deliver' && act !== 'refuse') walk([...retries, act]);
  };
  walk([]);
  expect(longest).toBe(maxAttempts);
});

describe('the pause before the retry of a read', () => {
  const pauseOf = (retryAfter: string | null, retries: Retry['act'][] = []): unknown => {
    const decision = decideOnResponse(received({ status: 503, retryAfter, retries }));
    return decision.act === 'retry-read' ? [decision.pause.minMs, decision.pause.maxMs] : undefined;
  };
  test('is longer before the second retry', () => {
    expect(pauseOf(null)).toEqual([250, 500]);
    expect(pauseOf(null, [read])).toEqual([500, 1500]);
    expect(pauseOf(null, [refresh, read])).toEqual([500, 1500]);
  });
  test.each([
    ['0', [250, 500]],
    ['2', [2000, 2250]],
    ['5', [5000, 5250]],
    ['6', undefined],
    ['1000000000', undefined],
    ['-1', [250, 500]],
    ['nonsense', [250, 500]],
  ])('honours Retry-After: %s', (retryAfter, pause) => {
    expect(pauseOf(retryAfter)).toEqual(pause);
  });
  test('is the same after a broken connection', () => {
    expect(retryAfterBrokenConnection(received({ retries: [read] }))).toEqual({
      act: 'retry-read',
      pause: { minMs: 500, maxMs: 1500 },
    });
  });
});

test('a scope mismatch right after the consent is retried after 750 ms', () => {
  expect(decideOnResponse(received({ status: 401, bodyText: scope, ...justConsented }))).toEqual({
    act: 'retry-after-consent',
    pause: { minMs: 750, maxMs: 750 },
  });
});

test.each([
  [200, false],
  [400, false],
  [401, true],
  [403, true],
  [404, true],
  [503, false],
])('the body of a %i is needed: %s', (status, isNeeded) => {
  expect(isBodyNeeded(status)).toBe(isNeeded);
});

describe('after a rejected signature', () => {
  const delivered = { act: 'deliver', showsStaleSites: false };
  test.each([
    ['sign-again', 'sign-again-and-retry'],
    ['renew', 'refresh-and-retry'],
  ] as const)('%s is done once, whatever was done before', (rejected, act) => {
    expect(decideOnRejectedSignature(rejected, [])).toEqual({ act });
    expect(decideOnRejectedSignature(rejected, ['retry-read'])).toEqual({ act });
    expect(decideOnRejectedSignature(rejected, [act])).toEqual(delivered);
    expect(decideOnRejectedSignature(rejected, Array(3).fill('retry-read'))).toEqual(delivered);
  });
  test('the response is delivered if nothing helps', () => {
    expect(decideOnRejectedSignature('stop', [])).toEqual(delivered);
  });
});
