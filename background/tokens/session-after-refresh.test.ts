import { describe, expect, test } from 'vitest';
import type { ProviderType } from '#core/provider/provider-type.ts';
import { defaultSettings } from '#core/values/settings.ts';
import type { StoredSession } from '#storage/schema.ts';
import { afterRejection, mayShareGrant } from './session-after-refresh.ts';

const day = 86_400_000;
const inUse = { status: 'valid', statusSinceMs: 0, generation: 3, refreshedAtMs: 0 };
const journal = { generation: 3, startedAtMs: 0, attempts: 1 };

test.each<[string, object, ProviderType, boolean, number, string, string | undefined]>([
  ['a session in use', {}, 'atlassian-cloud', true, 1, 'recoverable', 'signed-in-elsewhere'],
  [
    'the same in the Government Cloud',
    {},
    'atlassian-gov-cloud',
    true,
    1,
    'recoverable',
    'signed-in-elsewhere',
  ],
  ['one of a provider with many grants', {}, 'generic', true, 1, 'recoverable', undefined],
  ['one of Data Center', {}, 'data-center', true, 1, 'recoverable', undefined],
  ['one after a lost response', { journal }, 'atlassian-cloud', true, 1, 'recoverable', undefined],
  ['one whose token is not sent', {}, 'atlassian-cloud', false, 1, 'recoverable', undefined],
  [
    'one that was not used for 91 days',
    {},
    'atlassian-cloud',
    true,
    91,
    'unrecoverable',
    undefined,
  ],
])('after a rejection, %s', (_, part, type, isRefused, days, status, probableCause) => {
  const before = { ...inUse, ...part } as StoredSession;
  const after = afterRejection(
    before,
    { type, isRefused, isShared: false },
    defaultSettings,
    days * day,
  );
  expect([after.status, after.probableCause]).toEqual([status, probableCause]);
  expect(after).not.toHaveProperty('journal');
});

describe('another session of this browser', () => {
  type Pair = Parameters<typeof mayShareGrant>[0];
  const pair = (part: object, app: object = {}): Pair => ({
    session: { id: 'one', account: { accountId: 'ada' }, signedInAtMs: 1, ...part } as never,
    client: { type: 'atlassian-cloud', clientId: 'app', ...app } as never,
  });
  const other = { id: 'other' };
  test.each<[string, Pair, boolean]>([
    ['of the same app and account', pair(other), true],
    [
      'of another account',
      pair({ ...other, account: { accountId: 'bo' }, signedInAtMs: 2 }),
      false,
    ],
    ['without an account, later', pair({ ...other, account: {}, signedInAtMs: 2 }), true],
    ['without an account, earlier', pair({ ...other, account: {}, signedInAtMs: 0 }), false],
    ['of another app', pair(other, { clientId: 'app 2' }), false],
    ['of another type of provider', pair(other, { type: 'atlassian-gov-cloud' }), false],
    ['that is the same one', pair({}), false],
  ])('%s', (_, beside, expected) => {
    expect(mayShareGrant(pair({}), beside)).toBe(expected);
  });
});
