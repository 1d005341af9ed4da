import { expect, test } from 'vitest';
import { sessionKind } from './entity-kinds.ts';
import type { StoredSession } from './schema.ts';

test('a noted attempt is newer than none, and a late one newer than that', () => {
  const version = (journal?: object): number =>
    sessionKind.versionOf({ generation: 1, ...(journal && { journal }) } as StoredSession);
  const open = { generation: 1, startedAtMs: 0, attempts: 1 };
  expect(version(open)).toBeGreaterThan(version());
  expect(version({ ...open, lateAtMs: 1 })).toBeGreaterThan(version(open));
  expect(version({ ...open, lateAtMs: 1 })).toBeLessThan(2);
});
