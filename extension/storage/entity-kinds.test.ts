import { expect, test } from 'vitest';
import { sessionKind } from './entity-kinds.ts';
import type { StoredSession } from './schema.ts';

test('a copy with a recorded attempt is newer than one without, and one with a late attempt newer still', () => {
  const version = (journal?: object): number =>
    sessionKind.versionOf({ generation: 1, ...(journal && { journal }) } as StoredSession);
  const open = { generation: 1, startedAtMs: 0, attempts: 1 };
  expect(version(open)).toBeGreaterThan(version());
  expect(version({ ...open, lateAtMs: 1 })).toBeGreaterThan(version(open));
  expect(version({ ...open, lateAtMs: 1 })).toBeLessThan(2);
});

test('a copy in which the account was read is newer than one without it, and older than the next generation', () => {
  const version = (part: object): number =>
    sessionKind.versionOf({ generation: 1, isIdentified: false, ...part } as StoredSession);
  const late = { generation: 1, startedAtMs: 0, attempts: 1, lateAtMs: 1 };
  expect(version({ isIdentified: true })).toBeGreaterThan(version({}));
  expect(version({ isIdentified: true, journal: late })).toBeLessThan(version({ generation: 2 }));
});
