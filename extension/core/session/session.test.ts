import { expect, test } from 'vitest';
import {
  holderOf,
  isUsable,
  reportedRefusal,
  sessionStatuses,
  withStatus,
  type Session,
  type SessionId,
} from './session.ts';

const session = (status: Session['status']): Session => ({ status, statusSinceMs: 5 }) as Session;

test.each([
  ['unknown', true],
  ['valid', true],
  ['recoverable', false],
  ['unrecoverable', false],
] as const)('a session that is %s serves calls: %s', (status, usable) => {
  expect(isUsable(session(status))).toBe(usable);
  expect(sessionStatuses).toContain(status);
});

test('a new status starts now; the same status keeps its start', () => {
  const before = session('valid');
  expect(withStatus(before, 'recoverable', 9)).toEqual({ status: 'recoverable', statusSinceMs: 9 });
  const ended = { ...before, probableCause: 'client-edited' } as const;
  expect(withStatus(ended, 'recoverable', 9)).toEqual({ status: 'recoverable', statusSinceMs: 9 });
  expect(withStatus(before, 'valid', 9)).toBe(before);
});

test.each([
  [undefined, undefined],
  [2, undefined],
  [3, 'quota_used_up'],
  [9, 'quota_used_up'],
])('of %s refusals with an unknown error is reported: %s', (count, expected) => {
  const unknownRefusals = { error: 'quota_used_up', count: count ?? 0 };
  expect(reportedRefusal(count === undefined ? {} : { unknownRefusals })).toBe(expected);
});

const account = { accountId: 'a', key: 'k', name: 'Ada', email: 'ada@a.example' };
test.each<[string, Parameters<typeof holderOf>[0], string]>([
  ['an account', { account, isIdentified: true }, '[true,null,"a","k","Ada","ada@a.example"]'],
  ['no account', { account: {}, isIdentified: true }, '[true,null,null,null,null,null]'],
  [
    'an account not read yet',
    { account: {}, isIdentified: false },
    '[false,null,null,null,null,null]',
  ],
  [
    'one not read yet that renews a session',
    { account: {}, isIdentified: false, renews: 's' as SessionId },
    '[false,"s",null,null,null,null]',
  ],
])('what tokens are bound to never changes: %s', (_, holder, expected) => {
  expect(holderOf(holder)).toBe(expected);
});
