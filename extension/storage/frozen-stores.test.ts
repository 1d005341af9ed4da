import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { migrate, type RawStore } from './migrations.ts';
import { parseClient, parseGrant, parseSession, parseSites, type Parsed } from './parse-stored.ts';
import { prefixes, schemaVersion } from './schema.ts';

// One complete store per version, as that version wrote it. Never edited after a release.
const folder = join(import.meta.dirname, '../../test/fixtures');
const files = readdirSync(folder).filter((file) => /^store-v\d+\.json$/u.test(file));
const frozen = (file: string): RawStore =>
  JSON.parse(readFileSync(join(folder, file), 'utf8')) as RawStore;

const parserOf = (key: string): ((raw: unknown) => Parsed<unknown>) | undefined => {
  if (key.startsWith(prefixes.client)) return parseClient;
  if (key.startsWith(prefixes.session)) return parseSession;
  if (key.startsWith(prefixes.sites)) return parseSites;
  return key.startsWith(prefixes.grant) ? parseGrant : undefined;
};
const sealedMembers = (store: RawStore): string[] =>
  Object.entries(store).flatMap(([key, entry]) =>
    Object.entries(entry as object)
      .filter(([name]) => name.startsWith('sealed'))
      .map(([name, value]) => `${key} ${name} ${JSON.stringify(value)}`),
  );

test('there is a frozen store of every version up to the current one', () => {
  expect(files.map((file) => frozen(file)['schema'])).toEqual(
    Array.from({ length: schemaVersion }, (_, at) => ({ version: at + 1 })),
  );
});

describe.each(files)('%s', (file) => {
  const before = frozen(file);
  const after = migrate(before);

  test('becomes a store of the current version in which every entity can be parsed', () => {
    expect(after['schema']).toEqual({ version: schemaVersion });
    const entities = Object.entries(after).filter(([key]) => key !== 'schema');
    expect(entities.length).toBeGreaterThan(6);
    for (const [key, entry] of entities) {
      // Earlier versions stored which site the popup showed as current: that is left out.
      const { currentSite: _current, ...value } = entry as { readonly currentSite?: unknown };
      expect(parserOf(key)?.(entry), key).toEqual({ ok: true, value });
    }
  });
  test('keeps every entity, and its encrypted members byte for byte', () => {
    const isSites = (key: string): boolean => key.startsWith(prefixes.sites);
    const keys = Object.keys(after).filter((key) => !isSites(key) || key in before);
    expect(keys.toSorted()).toEqual(Object.keys(before).toSorted());
    expect(Object.keys(after).filter(isSites)).toHaveLength(3);
    expect(sealedMembers(before)).toHaveLength(7);
    expect(sealedMembers(after)).toEqual(sealedMembers(before));
  });
  test('changes no existing member', () => {
    for (const [key, entry] of Object.entries(before)) {
      const sites = after[key.replace(prefixes.session, prefixes.sites)] as object | undefined;
      if (key !== 'schema')
        expect({ ...sites, ...(after[key] as object) }).toMatchObject(entry as object);
    }
  });
  test('is the same when a step runs twice, as after a crash', () => {
    expect(migrate({ ...after, schema: before['schema'] })).toEqual(after);
  });
});

test('version 2 records which sessions are not identified yet', () => {
  const session = (sitesReadAtMs: unknown, account: unknown): unknown =>
    migrate({ schema: { version: 1 }, 'session:1': { sitesReadAtMs, account } })['session:1'];
  expect(session(0, {})).toMatchObject({ isIdentified: false });
  expect(session(0, { accountId: 'a' })).toMatchObject({ isIdentified: true });
  expect(session(1, {})).toMatchObject({ isIdentified: true });
});

test('version 7 moves the sites of a session, also damaged ones, and leaves a session without any', () => {
  const sites = { sites: 'gone', sitesReadAtMs: 1, unreadableSites: 2, lostSites: [] };
  const store = {
    schema: { version: 6 },
    'session:1': { id: '1', ...sites, status: 'valid' },
    'session:2': { id: '2' },
  };
  expect(migrate(store)).toEqual({
    schema: { version: 7 },
    'session:1': { id: '1', status: 'valid' },
    'sites:1': { id: '1', ...sites },
    'session:2': { id: '2' },
  });
});

test.each([[null], [1], ['x'], [[]]])('a damaged entry (%j) stays unchanged', (entry) => {
  const store = { schema: { version: 1 }, 'client:1': entry, 'session:1': entry };
  expect(migrate(store)).toEqual({ ...store, schema: { version: schemaVersion } });
});
