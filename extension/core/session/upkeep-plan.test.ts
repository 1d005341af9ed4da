import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultSettings } from '../values/settings.ts';
import { sessionStatuses, type SessionId } from './session.ts';
import { nextTask, nextLocalTime, planUpkeep, type UpkeepSession } from './upkeep-plan.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;
const now = Date.UTC(2026, 8, 15, 12);
const seed = 20260915;

function upkeepSession(
  session: Partial<UpkeepSession['session']>,
  rest: Partial<Omit<UpkeepSession, 'session'>> = {},
): UpkeepSession {
  return {
    session: {
      id: 'a' as SessionId,
      status: 'valid',
      statusSinceMs: now,
      refreshedAtMs: now,
      ...session,
    },
    profile: { refreshTokenLifetimeDays: 90 },
    ...rest,
  };
}
const access = { issuedAtMs: now, expiresAtMs: now + hour };
const used = { ...access, usedAtMs: now + minute };
const journal = (attempts: number, startedAtMs = now) => ({ generation: 1, startedAtMs, attempts });
const lasting = (ms: number) => upkeepSession({ refreshTokenExpiresAtMs: now + ms });
const tried = (ms: number) => upkeepSession({}, { triedAtMs: now + ms });
const task = (one: UpkeepSession, nowMs = now) => nextTask(one, defaultSettings, nowMs);

describe('a usable session is refreshed', () => {
  test.each([
    [
      'at 80 % of the life of a used token',
      upkeepSession({}, { access: used }),
      'in-use',
      48 * minute,
    ],
    ['after 30 days when its token is not used', upkeepSession({}, { access }), 'idle', 30 * day],
    ['after 30 of 90 days without a token', upkeepSession({}), 'idle', 30 * day],
    ['after a third of the default duration', upkeepSession({}, { profile: {} }), 'idle', 10 * day],
    ['in a third of a named lifetime', lasting(6 * hour), 'idle', 2 * hour],
    ['as usual when the named lifetime is over', lasting(-hour), 'idle', 30 * day],
    ['an hour after a failure without a token', tried(50 * minute), 'idle', 110 * minute],
    ['as usual when it was refreshed after a failure', tried(-minute), 'idle', 30 * day],
    ['30 s after a first attempt', upkeepSession({ journal: journal(1) }), 'journal', 30 * second],
    ['30 s after a first round', upkeepSession({ journal: journal(3) }), 'journal', 30 * second],
    ['120 s after a second one', upkeepSession({ journal: journal(4) }), 'journal', 120 * second],
    ['300 s after a third one', upkeepSession({ journal: journal(9) }), 'journal', 300 * second],
    [
      'counted from the last attempt that was not sent',
      upkeepSession({ journal: journal(10, now - day) }, { triedAtMs: now }),
      'journal',
      hour,
    ],
    [
      'counted from the last attempt',
      upkeepSession({ journal: { ...journal(3, now - minute), lastAttemptAtMs: now } }),
      'journal',
      30 * second,
    ],
    ['an hour after a later one', upkeepSession({ journal: journal(10) }), 'journal', hour],
    [
      '30 s after a journal without attempts',
      upkeepSession({ journal: journal(0) }),
      'journal',
      30 * second,
    ],
    [
      'for its journal first, whether in use or not',
      upkeepSession({ journal: journal(1) }, { access: { ...used, expiresAtMs: now + second } }),
      'journal',
      30 * second,
    ],
    [
      'an hour after a failed attempt',
      upkeepSession({}, { access: used, triedAtMs: now + 50 * minute }),
      'in-use',
      110 * minute,
    ],
  ] as const)('%s', (_, one, reason, dueIn) => {
    expect(task(one, now + 50 * minute)).toEqual({ kind: 'refresh', reason, dueAtMs: now + dueIn });
  });
  test.each([
    ['refreshed in the future', upkeepSession({ refreshedAtMs: now + year }), 'idle'],
    [
      'its token issued in the future',
      upkeepSession(
        {},
        { access: { issuedAtMs: now + year, expiresAtMs: now + year + hour, usedAtMs: now } },
      ),
      'in-use',
    ],
    ['its journal is of the future', upkeepSession({ journal: journal(3, now + year) }), 'journal'],
    [
      'an attempt is of the future',
      upkeepSession({ refreshedAtMs: now - 40 * day }, { triedAtMs: now + year }),
      'idle',
    ],
  ] as const)('at once when the clock was wrong: %s', (_, one, reason) => {
    expect(task(one)).toEqual({ kind: 'refresh', reason, dueAtMs: now });
  });
  test('not for a difference within the skew', () => {
    expect(task(upkeepSession({ refreshedAtMs: now + minute })).dueAtMs).toBe(
      now + minute + 30 * day,
    );
  });
});

describe('the status of a session changes', () => {
  test.each([
    [
      'at the expiry of its access token when it has no refresh token',
      upkeepSession({ endsAtMs: now + day }),
      { kind: 'set-status', status: 'unrecoverable', dueAtMs: now + day },
    ],
    [
      '7 days after it became recoverable',
      upkeepSession({ status: 'recoverable' }),
      { kind: 'set-status', status: 'unrecoverable', dueAtMs: now + 7 * day },
    ],
    [
      'and it is removed 30 days after that',
      upkeepSession({ status: 'unrecoverable' }),
      { kind: 'remove', dueAtMs: now + 30 * day },
    ],
    [
      'from now on when its status began in the future',
      upkeepSession({ status: 'unrecoverable', statusSinceMs: now + year }),
      { kind: 'set-status', status: 'unrecoverable', dueAtMs: now },
    ],
    [
      'whatever its journal and its tokens are',
      upkeepSession({ status: 'recoverable', journal: journal(1) }, { access: used }),
      { kind: 'set-status', status: 'unrecoverable', dueAtMs: now + 7 * day },
    ],
  ] as const)('%s', (_, one, expected) => {
    expect(task(one)).toEqual(expected);
  });
  test('by the settings', () => {
    const settings = { ...defaultSettings, unrecoverableAfterDays: 1, invalidTokenLifetimeDays: 2 };
    expect(nextTask(upkeepSession({ status: 'recoverable' }), settings, now).dueAtMs).toBe(
      now + day,
    );
    expect(nextTask(upkeepSession({ status: 'unrecoverable' }), settings, now).dueAtMs).toBe(
      now + 2 * day,
    );
  });
});

describe('a plan', () => {
  const plan = (sessions: readonly UpkeepSession[], nowMs: number, jitterMs = 0) =>
    planUpkeep(sessions, defaultSettings, { nowMs, jitterMs });
  const named = (id: string, one: UpkeepSession): UpkeepSession => ({
    ...one,
    session: { ...one.session, id: id as SessionId },
  });

  test('holds what is due, the most urgent refresh first', () => {
    const sessions = [
      named('idle', upkeepSession({ refreshedAtMs: now - 31 * day })),
      named('idler', upkeepSession({ refreshedAtMs: now - 40 * day })),
      named(
        'used',
        upkeepSession({}, { access: { ...used, issuedAtMs: now - hour, expiresAtMs: now } }),
      ),
      named('open', upkeepSession({ journal: journal(1, now - minute) })),
      named('later', upkeepSession({})),
      named('aged', upkeepSession({ status: 'recoverable', statusSinceMs: now - 8 * day })),
      named('gone', upkeepSession({ status: 'unrecoverable', statusSinceMs: now - 31 * day })),
    ];
    expect(plan(sessions, now)).toEqual({
      statusChanges: [{ id: 'aged', status: 'unrecoverable' }],
      remove: ['gone'],
      refresh: ['open', 'used', 'idler', 'idle'],
      wakeAtMs: now + 30 * second,
    });
  });
  test.each([
    ['at the first task', [upkeepSession({}, { access: used }), upkeepSession({})], 48 * minute, 0],
    ['later by the jitter', [upkeepSession({}, { access: used })], 48 * minute + 7, 7],
    ['in a day at the latest', [upkeepSession({})], day, 0],
    ['in a day without sessions', [], day, 0],
    ['in 30 s at the earliest', [upkeepSession({ refreshedAtMs: now - 31 * day })], 30 * second, 0],
  ] as const)('wakes %s', (_, sessions, wakeIn, jitterMs) => {
    expect(plan(sessions, now, jitterMs).wakeAtMs).toBe(now + wakeIn);
  });

  const instant = fc.oneof(
    fc.integer({ min: now - 20 * year, max: now + 20 * year }),
    fc.integer({ min: now - 2 * day, max: now + 2 * day }),
    fc.constantFrom(0, Number.MAX_SAFE_INTEGER, -Infinity, Infinity, NaN),
  );
  const anySession: fc.Arbitrary<UpkeepSession> = fc.record(
    {
      session: fc.record(
        {
          id: fc.constant('a' as SessionId),
          status: fc.constantFrom(...sessionStatuses),
          statusSinceMs: instant,
          refreshedAtMs: instant,
          endsAtMs: instant,
          journal: fc.record({
            generation: fc.nat(),
            startedAtMs: instant,
            attempts: fc.integer({ min: -1, max: 20 }),
          }),
        },
        { requiredKeys: ['id', 'status', 'statusSinceMs', 'refreshedAtMs'] },
      ),
      profile: fc.record(
        { refreshTokenLifetimeDays: fc.integer({ min: 1, max: 400 }) },
        { requiredKeys: [] },
      ),
      access: fc.record(
        { issuedAtMs: instant, expiresAtMs: instant, usedAtMs: instant },
        { requiredKeys: ['issuedAtMs', 'expiresAtMs'] },
      ),
      triedAtMs: instant,
    },
    { requiredKeys: ['session', 'profile'] },
  );
  test('wakes within a day and never in the past, with any clock and any entry', () => {
    fc.assert(
      fc.property(
        fc.array(anySession, { maxLength: 5 }),
        fc.integer({ min: 0, max: now + 30 * year }),
        fc.integer({ min: 0, max: minute }),
        (sessions, nowMs, jitterMs) => {
          const { wakeAtMs } = plan(sessions, nowMs, jitterMs);
          expect(wakeAtMs).toBeGreaterThan(nowMs);
          expect(wakeAtMs).toBeLessThanOrEqual(nowMs + day);
        },
      ),
      { seed, numRuns: 2000 },
    );
  });
  test('is carried out once: its tasks are not due again, with any clock', () => {
    fc.assert(
      fc.property(anySession, fc.integer({ min: 0, max: now + 30 * year }), (one, nowMs) => {
        const after = done(one, plan([one], nowMs), nowMs);
        const again = after ? plan([after], nowMs) : undefined;
        expect([...(again?.refresh ?? []), ...(again?.remove ?? [])]).toEqual([]);
        const twice = after && again ? done(after, again, nowMs) : undefined;
        expect(twice ? plan([twice], nowMs).statusChanges : []).toEqual([]);
      }),
      { seed, numRuns: 2000 },
    );
  });
});

/** A session after the tasks of a plan have succeeded. */
function done(
  one: UpkeepSession,
  { statusChanges, remove, refresh }: ReturnType<typeof planUpkeep>,
  nowMs: number,
): UpkeepSession | undefined {
  const { session } = one;
  if (remove.length > 0) return undefined;
  const [changed] = statusChanges;
  if (changed)
    return { ...one, session: { ...session, status: changed.status, statusSinceMs: nowMs } };
  if (refresh.length === 0) return one;
  const { journal: _journal, ...rest } = session;
  const { triedAtMs: _tried, ...others } = one;
  const fresh = { issuedAtMs: nowMs, expiresAtMs: nowMs + hour };
  return { ...others, session: { ...rest, refreshedAtMs: nowMs }, access: fresh };
}

describe('the next local time', () => {
  test('is today or tomorrow, strictly after now', () => {
    const noon = new Date(2026, 5, 10, 12, 0, 0, 0).getTime();
    const at = (hours: number, minutes: number, days = 0): number =>
      new Date(2026, 5, 10 + days, hours, minutes, 0, 0).getTime();
    expect(nextLocalTime('23:00', noon)).toBe(at(23, 0));
    expect(nextLocalTime('12:00', noon)).toBe(at(12, 0, 1));
    expect(nextLocalTime('08:30', noon)).toBe(at(8, 30, 1));
    expect(nextLocalTime('24:61 o’clock', noon)).toBe(noon + day);
  });
  test('is within 25 hours', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 0, max: 59 }),
        fc.integer({ min: 0, max: now + 30 * year }),
        (hours, minutes, nowMs) => {
          const time = `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
          const next = nextLocalTime(time, nowMs);
          expect(next).toBeGreaterThan(nowMs);
          expect(next).toBeLessThanOrEqual(nowMs + 25 * hour);
        },
      ),
      { seed },
    );
  });
});
