import { describe, expect, test, vi } from 'vitest';
import { boundSite, grantedSiteId, type PageGrant } from '#core/grant/page-grant.ts';
import type { Origin } from '#core/values/origin.ts';
import type { StoredSession } from '#storage/schema.ts';
import {
  aStoredSession,
  aStoredSite,
  listSource,
  manySessions,
} from '../../test/support/samples/stored-sessions.ts';
import type { PageQuestion } from '../grants/open-question.ts';
import { plainSiteView } from '../views/site-view.ts';
import { createSiteIndex } from './site-index.ts';
import { findSites, type WantedSites } from './site-list.ts';

const origin = 'https://page.example' as Origin;
const ada = { accountId: 'ada', name: 'Ada', email: 'ada@example.com' };
const bob = { accountId: 'bob', name: 'bob', email: 'bob@example.com' };
const zoe = { accountId: 'zoe', name: 'Zoë Ångström', email: 'zoe@example.com' };

const sessions = [
  aStoredSession(1, { account: zoe, sites: [aStoredSite('Delta'), aStoredSite('alpha')] }),
  aStoredSession(2, {
    account: bob,
    sites: [aStoredSite('Site 10'), aStoredSite('Site 9'), aStoredSite('Émile')],
  }),
  aStoredSession(3, {
    account: ada,
    sites: [aStoredSite('Wiki', { product: 'confluence' }), aStoredSite('alpha')],
  }),
];

interface Given {
  readonly list?: readonly StoredSession[];
  readonly grant?: Partial<PageGrant>;
  readonly uses?: Readonly<Record<string, number>>;
}

/** Finds in the lists of a worker. */
function start({ list = sessions, grant, uses = {} }: Given = {}) {
  const source = listSource(list);
  const dependencies = {
    ...source,
    index: createSiteIndex(source),
    grants: {
      find: (of: Origin) =>
        of === origin && grant !== undefined ? ({ origin, ...grant } as PageGrant) : undefined,
    },
    uses: { siteMs: (id: string) => uses[id] },
  };
  return (wanted: Partial<WantedSites> = {}, question?: PageQuestion) =>
    findSites(
      { filter: '', offset: 0, limit: 60, origin, ...wanted },
      question,
      dependencies,
      plainSiteView,
    );
}
const granted = (session: StoredSession, name: string) => {
  const site = session.sites.find((one) => one.name === name)!;
  const { cloudId, product } = site;
  return { cloudId, product, sessionId: session.id };
};
const bound = (session: StoredSession, name: string) =>
  boundSite(granted(session, name), session.account);
const [ofZoe, ofBob, ofAda] = sessions as [StoredSession, StoredSession, StoredSession];
const names = ({ rows }: { readonly rows: readonly { readonly name: string }[] }) =>
  rows.map(({ name }) => name);
const all = ['alpha', 'Wiki', 'Émile', 'Site 9', 'Site 10', 'alpha', 'Delta'];

describe('order', () => {
  test('by account and name, numbers by their value', () => {
    expect(names(start()())).toEqual(all);
  });

  test('granted, then the host of the tab, then those used last', () => {
    const find = start({
      grant: { sites: [bound(ofZoe, 'Delta')] },
      uses: {
        [grantedSiteId(granted(ofBob, 'Site 10'))]: 10,
        [grantedSiteId(granted(ofBob, 'Émile'))]: 20,
        [grantedSiteId(granted(ofZoe, 'Delta'))]: 30,
      },
    });
    const found = find({ host: 'wiki.atlassian.net' });
    expect(names(found)).toEqual(['Delta', 'Wiki', 'Émile', 'Site 10', 'alpha', 'Site 9', 'alpha']);
    expect(found.rows.map(({ isGranted, isOfTab }) => [isGranted, isOfTab]).slice(0, 3)).toEqual([
      [true, false],
      [false, true],
      [false, false],
    ]);
  });

  test('a site that was granted for another account is not marked as granted', () => {
    const site = { ...bound(ofZoe, 'Delta'), account: { accountId: 'somebody else' } };
    const { rows } = start({ grant: { sites: [site] } })();
    expect(rows.map(({ isGranted }) => isGranted)).not.toContain(true);
  });
});

describe('filter', () => {
  test.each([
    ['ALPHA', ['alpha', 'alpha']],
    ['alpha zoe', ['alpha']],
    ['angstrom', ['alpha', 'Delta']],
    ['ÅNGSTRÖM', ['alpha', 'Delta']],
    ['emile', ['Émile']],
    ['bob@example.com 9', ['Site 9']],
    ['confluence', ['Wiki']],
    ['https://delta.atlassian.net', ['Delta']],
    ['app 003', ['alpha', 'Wiki']],
    ['  ', all],
    ['alpha absent', []],
  ])('%s', (filter, found) => {
    const { total, matching, rows } = start()({ filter });
    expect([names({ rows }), matching, total]).toEqual([found, found.length, 7]);
  });

  test('only some sites, and only those of one session', () => {
    const only = [granted(ofBob, 'Site 9'), granted(ofZoe, 'Delta')];
    const found = start()({ only });
    expect([names(found), found.matching, found.total]).toEqual([['Site 9', 'Delta'], 2, 7]);
    expect(names(start()({ only, filter: 'delta' }))).toEqual(['Delta']);
    expect(names(start()({ sessionId: ofAda.id }))).toEqual(['alpha', 'Wiki']);
  });
});

describe('which sites are offered', () => {
  const ended = { ...ofBob, status: 'unrecoverable' as const };
  const unknown = { ...ofAda, isIdentified: false, account: {} };
  const list = [ofZoe, ended, unknown];

  test('those of sessions that can be used, and of those that are granted', () => {
    expect(names(start({ list })())).toEqual(['alpha', 'Delta']);
    const withGrant = start({ list, grant: { sites: [bound(ofBob, 'Site 9')] } });
    expect(withGrant().total).toBe(5);
    expect(withGrant().rows[0]).toMatchObject({ name: 'Site 9', problem: 'sign-in' });
    expect(withGrant().rows.map(({ isGranted }) => isGranted)).toEqual([
      true,
      ...Array.from({ length: 4 }, () => false),
    ]);
    // Of one session: whatever its state is.
    expect(start({ list })({ sessionId: unknown.id }).rows[0]).toMatchObject({
      problem: 'account-unknown',
    });
  });

  test('those that answer a question', () => {
    const find = start({ grant: { sites: [bound(ofZoe, 'Delta'), bound(ofAda, 'alpha')] } });
    const asked = { id: 'a', origin, access: 'read' } as const;
    const candidates = [granted(ofZoe, 'Delta'), granted(ofBob, 'Site 9')];
    const site = find({}, { ...asked, kind: 'site', candidates });
    expect([names(site), site.total]).toEqual([['Delta'], 1]);
    const products = ['confluence'] as const;
    const access = find({}, { ...asked, kind: 'access', products });
    expect(names(access)).toEqual(['alpha', 'Delta', 'Wiki']);
    expect(find({}, { ...asked, kind: 'access' }).total).toBe(7);
  });
});

test('a row says whose site it is, what its scopes allow, and no image or scope', () => {
  const [row] = start()({ filter: 'wiki' }).rows;
  expect(row).toEqual({
    cloudId: 'cloud-wiki',
    product: 'confluence',
    url: 'https://wiki.atlassian.net',
    name: 'Wiki',
    sessionId: ofAda.id,
    account: ada,
    clientId: ofAda.clientId,
    clientName: 'App 003',
    isGranted: false,
    isOfTab: false,
    scopedAccess: 'none',
  });
});

describe('of 5,000 sites and 200 sessions', () => {
  const many = manySessions(200, 5000);
  const uses = Object.fromEntries(
    many.map((session, at) => [
      grantedSiteId({ ...session.sites[at % 25]!, sessionId: session.id }),
      at,
    ]),
  );
  const find = start({ list: many, uses, grant: { sites: [bound(many[7]!, 'Site 180')] } });

  test.each([0, 59, 60, 4999, 5000, 1_000_000])(
    'a part from %i on has the rows that follow',
    (offset) => {
      const { rows, total } = find({ offset, limit: 1000 });
      expect([rows.length, total]).toEqual([Math.max(0, Math.min(60, 5000 - offset)), 5000]);
    },
  );

  test('the parts are the whole list, without duplicates', () => {
    for (const filter of ['', '1', 'person 19']) {
      const { matching } = find({ filter });
      const parts = Array.from({ length: Math.ceil(matching / 37) }, (_, at) =>
        find({ filter, offset: at * 37, limit: 37 }),
      );
      const ids = parts.flatMap(({ rows }) => rows.map(grantedSiteId));
      expect([ids.length, new Set(ids).size]).toEqual([matching, matching]);
      const whole = parts.flatMap(({ rows }) => rows.map(({ isGranted }) => isGranted));
      expect(whole.lastIndexOf(true)).toBe(filter === 'person 19' ? -1 : 0);
    }
  });

  test('what is compared is made once, and again for a session that changed', () => {
    find();
    const normalize = vi.spyOn(String.prototype, 'normalize');
    const compare = vi.spyOn(
      Intl.Collator.prototype as { readonly compare: unknown },
      'compare',
      'get',
    );
    find({ filter: 'site 12' });
    expect([normalize.mock.calls.length, compare.mock.calls.length]).toEqual([1, 0]);
    many[3] = { ...many[3]!, sites: [aStoredSite('New')] };
    expect(find({ filter: 'new' }).matching).toBe(1);
    expect(normalize.mock.calls.length).toBeLessThan(10);
    expect(compare.mock.calls.length).toBeGreaterThan(0);
    vi.restoreAllMocks();
  });
});
