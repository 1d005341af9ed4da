import { expect, test } from 'vitest';
import { aStoredSession, aStoredSite } from '../../test/support/samples/stored-sessions.ts';
import { sessionKind, sitesKind } from './entity-kinds.ts';
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

test('the sites that were read later are newer, and any difference between two of the same time is noticed', () => {
  const { id, sites, lostSites } = aStoredSession(1);
  const read = { id, sites, lostSites, sitesReadAtMs: 2 };
  expect(sitesKind.versionOf(read)).toBeGreaterThan(
    sitesKind.versionOf({ ...read, sitesReadAtMs: 1 }),
  );
  const other = { ...read, sites: [aStoredSite('Acme')] };
  expect(sitesKind.bindingOf?.(other)).not.toBe(sitesKind.bindingOf?.(read));
});
