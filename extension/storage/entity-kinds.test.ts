import { expect, test } from 'vitest';
import { aStoredSession } from '../../test/support/samples/stored-sessions.ts';
import { sessionKind } from './entity-kinds.ts';
import type { StoredSession } from './schema.ts';

const late = { generation: 1, startedAtMs: 0, attempts: 1, lateAtMs: 1 };
const version = (part: Partial<StoredSession>): number =>
  sessionKind.versionOf(aStoredSession(1, { isIdentified: false, ...part }));

test('a copy with a recorded attempt is newer than one without, one with a late attempt newer still, and one that needs a sign-in the newest', () => {
  const { lateAtMs: _late, ...open } = late;
  expect(version({ journal: open })).toBeGreaterThan(version({}));
  expect(version({ journal: late })).toBeGreaterThan(version({ journal: open }));
  const ended = { status: 'recoverable' } as const;
  expect(version(ended)).toBeGreaterThan(version({ journal: late }));
  expect(version({ ...ended, isIdentified: true })).toBeLessThan(version({ generation: 2 }));
});

test('a copy in which the account was read is newer than one without it, and older than the next generation', () => {
  expect(version({ isIdentified: true })).toBeGreaterThan(version({}));
  expect(version({ isIdentified: true, journal: late })).toBeLessThan(version({ generation: 2 }));
});
