import { describe, expect, test } from 'vitest';
import type { PageGrant } from '#core/grant/page-grant.ts';
import type { SessionId } from '#core/session/session.ts';
import type { StoredClient, StoredSession } from '#storage/schema.ts';
import {
  aStoredSession,
  aStoredSite,
  listSource,
  manySessions,
} from '../../test/support/samples/stored-sessions.ts';
import { createSessionRows, findSessions, type WantedSessions } from './session-list.ts';
import { createSiteIndex } from './site-index.ts';

const person = (name: string) => ({ accountId: name, name });
const sites = ['Alpha', 'Beta', 'Gamma', 'Delta'].map((name) => aStoredSite(name));
const sessions = [
  aStoredSession(1, { account: person('Zoë'), sites, refreshedAtMs: 30 }),
  aStoredSession(2, { account: person('Bob'), sites: [sites[1]!], refreshedAtMs: 10 }),
  aStoredSession(3, { account: person('Ada'), lostSites: sites, refreshedAtMs: 20 }),
];

/** Finds in the lists of a worker. */
function start(
  list: readonly StoredSession[] = sessions,
  given: {
    readonly uses?: readonly (readonly [number, number])[];
    readonly client?: Partial<StoredClient>;
  } = {},
) {
  const source = listSource(list, () => given.client ?? {});
  const uses = new Map(given.uses?.map(([at, ms]) => [list[at]!.id, ms]));
  const use = (...ids: readonly SessionId[]) =>
    ({ sites: ids.map((sessionId) => ({ sessionId })) }) as unknown as PageGrant;
  const grants = { list: () => [use(list[0]!.id, list[0]!.id), use(list[0]!.id)] };
  const dependencies = {
    ...source,
    grants,
    uses: { sessionsMs: () => uses },
    index: createSiteIndex(source),
  };
  const find = (wanted: Partial<WantedSessions> = {}) =>
    findSessions({ filter: '', offset: 0, limit: 60, ...wanted }, dependencies);
  return { find, source, rows: () => createSessionRows(dependencies) };
}
const names = ({
  rows,
}: {
  readonly rows: readonly { readonly account: { readonly name?: string } }[];
}) => rows.map(({ account }) => account.name);

describe('order', () => {
  test('the last used first; where no use is recorded, the last renewed', () => {
    expect(names(start().find())).toEqual(['Zoë', 'Ada', 'Bob']);
    const { find } = start(sessions, { uses: [[1, 25]] });
    expect(names(find())).toEqual(['Zoë', 'Bob', 'Ada']);
    expect(find().rows.map(({ lastUsedAtMs }) => lastUsedAtMs)).toEqual([undefined, 25, undefined]);
  });
  test('by account', () => {
    expect(names(start().find({ order: 'account' }))).toEqual(['Ada', 'Bob', 'Zoë']);
  });
});

test.each([
  ['zoe', ['Zoë']],
  ['beta', ['Zoë', 'Bob']],
  ['bob beta', ['Bob']],
  ['bob alpha', []],
  ['app 003', ['Ada']],
  ['', ['Zoë', 'Ada', 'Bob']],
])('the filter %s', (filter, found) => {
  const result = start().find({ filter });
  expect([names(result), result.matching, result.total]).toEqual([found, found.length, 3]);
});

test('a row names three sites, those that match; counts sites, lost sites and pages', () => {
  const [row] = start().find({ filter: 'zoe' }).rows;
  expect(row).toMatchObject({ siteCount: 4, pageCount: 2, lostSiteCount: 0 });
  expect(row).toMatchObject({
    matchingSites: ['Alpha', 'Beta', 'Delta'].map((name) => ({ name })),
  });
  expect(start().find({ filter: 'gamma' }).rows[0]?.matchingSites).toMatchObject([
    { name: 'Gamma' },
  ]);
  const [ada] = start().find({ filter: 'ada' }).rows;
  expect([ada?.lostSiteCount, ada?.lostSites.length, ada?.matchingSites]).toEqual([4, 3, []]);
});

describe('problem', () => {
  const problemOf = (part: Partial<StoredSession>, client?: Partial<StoredClient>) => {
    const { find } = start([aStoredSession(1, part)], { ...(client && { client }) });
    const [listed] = find({ only: 'needs-person' }).rows;
    expect(listed?.problem).toBe(find().rows[0]?.problem);
    return listed?.problem;
  };
  const refused = (count: number) => ({ unknownRefusals: { error: 'slow_down', count } });

  test('of each kind', () => {
    expect(problemOf({})).toBeUndefined();
    expect(problemOf({ status: 'unknown' })).toBeUndefined();
    expect(problemOf({ status: 'recoverable' })).toBe('sign-in');
    expect(problemOf({ status: 'unrecoverable' })).toBe('sign-in');
    expect(problemOf({}, { rejectedAtMs: 1 })).toBe('client-rejected');
    expect(problemOf(refused(2))).toBeUndefined();
    expect(problemOf(refused(3))).toBe('refresh-refused');
    expect(problemOf({ isIdentified: false })).toBe('account-unknown');
  });
  test('of a lost key', () => {
    const { find, source } = start([sessions[0]!]);
    source.lostKeys.add(sessions[0]!.clientId);
    expect(find({ only: 'needs-person' }).rows[0]?.problem).toBe('key-lost');
  });
});

test('the parts of 200 sessions are the whole list, without duplicates', () => {
  const { find } = start(manySessions(200, 5000));
  const parts = [0, 60, 120, 180].map((offset) => find({ offset, limit: 1000 }));
  const ids = parts.flatMap(({ rows }) => rows.map(({ id }) => id));
  expect([ids.length, new Set(ids).size]).toEqual([200, 200]);
});
