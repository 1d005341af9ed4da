import { describe, expect, test } from 'vitest';
import {
  answerVerdict,
  brokenVerdict,
  isToldByBody,
  mostSendings,
  provesStale,
  type Answered,
  type Retry,
  type Verdict,
} from './answer-decision.ts';
import { httpMethods, type HttpMethod } from './http-method.ts';

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

const answered = (changes: Partial<Answered> = {}): Answered => ({
  method: 'GET',
  isReading: changes.method === undefined || ['GET', 'HEAD'].includes(changes.method),
  retries: [],
  nowMs,
  status: 200,
  bodyText: '',
  retryAfter: null,
  isForStranger: false,
  token: { expiresAtMs: nowMs + 1_800_000 },
  consentedAtMs: nowMs - 3_600_000,
  ...changes,
});
const actOf = (changes: Partial<Answered>): Verdict['act'] => answerVerdict(answered(changes)).act;
const expired = { token: { expiresAtMs: nowMs } };
const justConsented = { consentedAtMs: nowMs - 1000 };

const refresh = 'refresh-and-retry';
const rules = 'reinstall-rules-and-retry';
const consent = 'retry-after-consent';
const read = 'retry-read';

describe('each form of error, sent as GET and as POST', () => {
  test.each([
    // status, body, on GET, on POST, on GET and on POST past the stored expiry, stale
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
    expect(provesStale(status, bodyText)).toBe(isStale);
    const verdict = answerVerdict(answered({ status, bodyText }));
    if (verdict.act === 'deliver') expect(verdict.provesStale).toBe(isStale);
  });
});

test.each(httpMethods)('%s is repeated where nothing ran, else only GET and HEAD are', (method) => {
  const isBodiless = method === 'GET' || method === 'HEAD';
  expect(actOf({ method, status: 401, bodyText: token })).toBe(refresh);
  expect(actOf({ method, status: 403, bodyText: xsrf })).toBe(rules);
  expect(actOf({ method, status: 401, bodyText: html })).toBe(isBodiless ? refresh : 'deliver');
  expect(actOf({ method, status: 503 })).toBe(isBodiless ? read : 'deliver');
  expect(actOf({ method, status: 401, bodyText: scope, ...justConsented })).toBe(
    isBodiless ? consent : 'deliver',
  );
  const broken = brokenVerdict({ method, isReading: isBodiless, retries: [], nowMs });
  expect(broken?.act).toBe(isBodiless ? read : undefined);
});

test('a search by POST is refreshed for past the stored expiry, and not repeated otherwise', () => {
  const search = { method: 'POST' as HttpMethod, isReading: true };
  expect(actOf({ ...search, status: 404, bodyText: jira, ...expired })).toBe(refresh);
  expect(actOf({ ...search, status: 503 })).toBe('deliver');
  expect(actOf({ ...search, status: 401, bodyText: html })).toBe('deliver');
  expect(brokenVerdict({ ...search, retries: [], nowMs })).toBeUndefined();
});

test.each([
  [1, 'deliver'],
  [0, refresh],
  [-1, refresh],
])('a 404 that comes %i ms before the stored expiry: %s', (beforeMs, act) => {
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

describe('what comes after what', () => {
  test.each<[string, Partial<Answered>, Retry['act'][], Verdict['act']]>([
    ['a 401 after a refresh', { status: 401, bodyText: token }, [refresh], 'deliver'],
    ['another 401 after a refresh', { status: 401, bodyText: html }, [refresh], 'deliver'],
    ['a 403 past expiry after a refresh', { status: 403, ...expired }, [refresh], 'deliver'],
    ['a scope mismatch after a refresh', { status: 401, bodyText: scope }, [refresh], 'deliver'],
    ['XSRF after the rules', { status: 403, bodyText: xsrf, ...expired }, [rules], 'deliver'],
    ['a 401 after the rules', { status: 401, bodyText: token }, [rules], refresh],
    ['XSRF after a refresh', { status: 403, bodyText: xsrf }, [refresh], rules],
    [
      'a scope mismatch after its pause',
      { status: 401, bodyText: scope, ...justConsented },
      [consent],
      'deliver',
    ],
    ['a 401 after the pause', { status: 401, bodyText: token }, [consent], refresh],
    ['a 503 after a refresh', { status: 503 }, [refresh], read],
    ['a 503 after one', { status: 503 }, [read], read],
    ['a 503 after two', { status: 503 }, [read, read], 'deliver'],
    ['a 401 after two', { status: 401, bodyText: token }, [read, read], refresh],
    ['a 503 on a write after a refresh', { status: 503, method: 'PUT' }, [refresh], 'deliver'],
    ['the fifth sending', { status: 503 }, [refresh, rules, consent], 'deliver'],
  ])('%s', (_, changes, retries, act) => {
    expect(actOf({ ...changes, retries })).toBe(act);
  });
  test('what is delivered in the end still proves the sites stale', () => {
    const verdict = answerVerdict(
      answered({ status: 401, bodyText: scope, ...justConsented, retries: [consent] }),
    );
    expect(verdict).toEqual({ act: 'deliver', provesStale: true });
  });
});

describe('an answer for somebody else', () => {
  const mine = 'answered_as_anonymous';
  const lost = 'outcome_unknown';
  const verdictOf = (changes: Partial<Answered>): string => {
    const verdict = answerVerdict(answered({ isForStranger: true, ...changes }));
    return verdict.act === 'refuse' ? verdict.code : verdict.act;
  };
  test.each<[number, string, string, string]>([
    // status, on GET, on GET after a refresh, on PUT
    [200, refresh, mine, lost],
    [201, refresh, mine, lost],
    [204, refresh, mine, lost],
    [304, refresh, mine, lost],
    [400, refresh, mine, lost],
    [401, refresh, mine, mine],
    [403, refresh, mine, mine],
    [404, refresh, mine, mine],
    [409, refresh, mine, lost],
    [429, 'deliver', 'deliver', 'deliver'],
    [500, read, read, 'deliver'],
    [503, read, read, 'deliver'],
  ])('with %i', (status, onGet, afterwards, onPut) => {
    expect([
      verdictOf({ status }),
      verdictOf({ status, retries: [refresh] }),
      verdictOf({ status, method: 'PUT' }),
    ]).toEqual([onGet, afterwards, onPut]);
  });
  test('to a search by POST is asked for again', () => {
    const search = { method: 'POST' as HttpMethod, isReading: true };
    expect(verdictOf(search)).toBe(refresh);
    expect(verdictOf({ ...search, retries: [refresh] })).toBe(mine);
  });
  test('is refused at the fourth sending, whatever would help', () => {
    expect(verdictOf({ retries: [rules, consent, read] })).toBe(mine);
  });
  test('to a write that the XSRF filter turned away is told as that', () => {
    expect(verdictOf({ method: 'POST', status: 403, bodyText: xsrf })).toBe(rules);
  });
});

test(`whatever is answered, no call is sent more than ${String(mostSendings)} times`, () => {
  const answers: Partial<Answered>[] = [
    { status: 401, bodyText: token },
    { status: 401, bodyText: scope, ...justConsented },
    { status: 403, bodyText: xsrf },
    { status: 404, ...expired },
    { status: 503 },
    { status: 200, isForStranger: true },
  ];
  let longest = 0;
  const walk = (retries: readonly Retry['act'][]): void => {
    longest = Math.max(longest, retries.length + 1);
    const verdicts = answers.map((answer) => answerVerdict(answered({ ...answer, retries })));
    const broken = brokenVerdict(answered({ retries }));
    for (const { act } of broken ? [...verdicts, broken] : verdicts)
      if (act !== 'deliver' && act !== 'refuse') walk([...retries, act]);
  };
  walk([]);
  expect(longest).toBe(mostSendings);
});

describe('the pause before a read is repeated', () => {
  const pauseOf = (retryAfter: string | null, retries: Retry['act'][] = []): unknown => {
    const verdict = answerVerdict(answered({ status: 503, retryAfter, retries }));
    return verdict.act === 'retry-read' ? [verdict.pause.leastMs, verdict.pause.mostMs] : undefined;
  };
  test('is short, then longer', () => {
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
  test('is the same for a broken connection', () => {
    expect(brokenVerdict(answered({ retries: [read] }))).toEqual({
      act: 'retry-read',
      pause: { leastMs: 500, mostMs: 1500 },
    });
  });
});

test('a scope mismatch just after the consent waits 750 ms', () => {
  expect(answerVerdict(answered({ status: 401, bodyText: scope, ...justConsented }))).toEqual({
    act: 'retry-after-consent',
    pause: { leastMs: 750, mostMs: 750 },
  });
});

test.each([
  [200, false],
  [400, false],
  [401, true],
  [403, true],
  [404, true],
  [503, false],
])('whether the body of a %i is looked at: %s', (status, isLookedAt) => {
  expect(isToldByBody(status)).toBe(isLookedAt);
});
