import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultSettings } from '../values/settings.ts';
import { sessionStatuses, type SessionId } from './session.ts';
import { dutyOf, nextLocalTime, planUpkeep, type KeptSession } from './upkeep-plan.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;
const now = Date.UTC(2026, 8, 15, 12);
const seed = 20260915;

function kept(
  session: Partial<KeptSession['session']>,
  rest: Partial<Omit<KeptSession, 'session'>> = {},
): KeptSession {
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
const duty = (one: KeptSession, nowMs = now) => dutyOf(one, defaultSettings, nowMs);

describe('a usable session is refreshed', () => {
  test.each([
    ['at 80 % of the life of a used token', kept({}, { access: used }), 'in-use', 48 * minute],
    ['after 30 days when its token is not used', kept({}, { access }), 'idle', 30 * day],
    ['after 30 of 90 days without a token', kept({}), 'idle', 30 * day],
    ['after a third of the default duration', kept({}, { profile: {} }), 'idle', 10 * day],
    ['30 s after a first attempt', kept({ journal: journal(1) }), 'journal', 30 * second],
    ['30 s after a first round', kept({ journal: journal(3) }), 'journal', 30 * second],
    ['120 s after a second one', kept({ journal: journal(4) }), 'journal', 120 * second],
    ['300 s after a third one', kept({ journal: journal(9) }), 'journal', 300 * second],
    [
      'counted from the last that was tried without being sent',
      kept({ journal: journal(10, now - day) }, { triedAtMs: now }),
      'journal',
      hour,
    ],
    [
      'counted from the last attempt',
      kept({ journal: { ...journal(3, now - minute), lastAttemptAtMs: now } }),
      'journal',
      30 * second,
    ],
    ['an hour after a later one', kept({ journal: journal(10) }), 'journal', hour],
    [
      'at once by a journal of no attempts, almost',
      kept({ journal: journal(0) }),
      'journal',
      30 * second,
    ],
    [
      'for its journal first, in use or not',
      kept({ journal: journal(1) }, { access: { ...used, expiresAtMs: now + second } }),
      'journal',
      30 * second,
    ],
    [
      'an hour after an attempt in vain',
      kept({}, { access: used, triedAtMs: now + 50 * minute }),
      'in-use',
      110 * minute,
    ],
  ] as const)('%s', (_, one, reason, dueIn) => {
    expect(duty(one, now + 50 * minute)).toEqual({ kind: 'refresh', reason, dueAtMs: now + dueIn });
  });
  test.each([
    ['refreshed in the future', kept({ refreshedAtMs: now + year }), 'idle'],
    [
      'its token issued in the future',
      kept(
        {},
        { access: { issuedAtMs: now + year, expiresAtMs: now + year + hour, usedAtMs: now } },
      ),
      'in-use',
    ],
    ['its journal of the future', kept({ journal: journal(3, now + year) }), 'journal'],
    [
      'an attempt of the future',
      kept({ refreshedAtMs: now - 40 * day }, { triedAtMs: now + year }),
      'idle',
    ],
  ] as const)('at once when the clock tells nothing: %s', (_, one, reason) => {
    expect(duty(one)).toEqual({ kind: 'refresh', reason, dueAtMs: now });
  });
  test('not for a difference within the skew', () => {
    expect(duty(kept({ refreshedAtMs: now + minute })).dueAtMs).toBe(now + minute + 30 * day);
  });
});

describe('a session ages', () => {
  test.each([
    [
      'with its access token when that is all',
      kept({ endsAtMs: now + day }),
      { kind: 'age', status: 'unrecoverable', dueAtMs: now + day },
    ],
    [
      '7 days after it began to fail',
      kept({ status: 'recoverable' }),
      { kind: 'age', status: 'unrecoverable', dueAtMs: now + 7 * day },
    ],
    [
      'and goes 30 days after that',
      kept({ status: 'unrecoverable' }),
      { kind: 'remove', dueAtMs: now + 30 * day },
    ],
    [
      'from now on when its status began in the future',
      kept({ status: 'unrecoverable', statusSinceMs: now + year }),
      { kind: 'age', status: 'unrecoverable', dueAtMs: now },
    ],
    [
      'whatever its journal and its tokens say',
      kept({ status: 'recoverable', journal: journal(1) }, { access: used }),
      { kind: 'age', status: 'unrecoverable', dueAtMs: now + 7 * day },
    ],
  ] as const)('%s', (_, one, expected) => {
    expect(duty(one)).toEqual(expected);
  });
  test('by the settings', () => {
    const settings = { ...defaultSettings, unrecoverableAfterDays: 1, invalidTokenLifetimeDays: 2 };
    expect(dutyOf(kept({ status: 'recoverable' }), settings, now).dueAtMs).toBe(now + day);
    expect(dutyOf(kept({ status: 'unrecoverable' }), settings, now).dueAtMs).toBe(now + 2 * day);
  });
});

describe('a plan', () => {
  const plan = (sessions: readonly KeptSession[], nowMs: number, jitterMs = 0) =>
    planUpkeep(sessions, defaultSettings, { nowMs, jitterMs });
  const named = (id: string, one: KeptSession): KeptSession => ({
    ...one,
    session: { ...one.session, id: id as SessionId },
  });

  test('holds what is due, the most urgent refresh first', () => {
    const sessions = [
      named('idle', kept({ refreshedAtMs: now - 31 * day })),
      named('idler', kept({ refreshedAtMs: now - 40 * day })),
      named('used', kept({}, { access: { ...used, issuedAtMs: now - hour, expiresAtMs: now } })),
      named('open', kept({ journal: journal(1, now - minute) })),
      named('later', kept({})),
      named('aged', kept({ status: 'recoverable', statusSinceMs: now - 8 * day })),
      named('gone', kept({ status: 'unrecoverable', statusSinceMs: now - 31 * day })),
    ];
    expect(plan(sessions, now)).toEqual({
      age: [{ id: 'aged', status: 'unrecoverable' }],
      remove: ['gone'],
      refresh: ['open', 'used', 'idler', 'idle'],
      wakeAtMs: now + 30 * second,
    });
  });
  test.each([
    ['at the first duty', [kept({}, { access: used }), kept({})], 48 * minute, 0],
    ['later by the jitter', [kept({}, { access: used })], 48 * minute + 7, 7],
    ['in a day at the latest', [kept({})], day, 0],
    ['in a day when there is nothing', [], day, 0],
    ['in 30 s at the earliest', [kept({ refreshedAtMs: now - 31 * day })], 30 * second, 0],
  ] as const)('wakes %s', (_, sessions, wakeIn, jitterMs) => {
    expect(plan(sessions, now, jitterMs).wakeAtMs).toBe(now + wakeIn);
  });

  const instant = fc.oneof(
    fc.integer({ min: now - 20 * year, max: now + 20 * year }),
    fc.integer({ min: now - 2 * day, max: now + 2 * day }),
    fc.constantFrom(0, Number.MAX_SAFE_INTEGER, -Infinity, Infinity, NaN),
  );
  const anySession: fc.Arbitrary<KeptSession> = fc.record(
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
  test('wakes within a day and never in the past, whatever clocks and entries say', () => {
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
  test('is done once: what it asks for is not due again, at any clock', () => {
    fc.assert(
      fc.property(anySession, fc.integer({ min: 0, max: now + 30 * year }), (one, nowMs) => {
        const after = done(one, plan([one], nowMs), nowMs);
        const again = after ? plan([after], nowMs) : undefined;
        expect([...(again?.refresh ?? []), ...(again?.remove ?? [])]).toEqual([]);
        const seldom = after && again ? done(after, again, nowMs) : undefined;
        expect(seldom ? plan([seldom], nowMs).age : []).toEqual([]);
      }),
      { seed, numRuns: 2000 },
    );
  });
});

/** A session after what a plan asks for was done and worked. */
function done(
  one: KeptSession,
  { age, remove, refresh }: ReturnType<typeof planUpkeep>,
  nowMs: number,
): KeptSession | undefined {
  const { session } = one;
  if (remove.length > 0) return undefined;
  const [aged] = age;
  if (aged) return { ...one, session: { ...session, status: aged.status, statusSinceMs: nowMs } };
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
