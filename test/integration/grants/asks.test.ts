import { beforeEach, describe, expect, test } from 'vitest';
import type { GrantedSite } from '../../../extension/core/grant/page-grant.ts';
import type { Product } from '../../../extension/core/session/site.ts';
import type { AskView, SessionView } from '../../../extension/wire/views.ts';
import { ACME_CLOUD_ID, GLOBEX_CLOUD_ID } from '../../standin/facts/sites.ts';
import { rejection } from '../../support/faults.ts';
import { connect, dashboard, offeredSites, runFlow } from '../../support/harness.ts';
import { apiCalls, bodyOf, fetchAll, sitesAt } from '../../support/page-calls.ts';
import { until } from '../../support/until.ts';
import { client, harness, revive, session, standin, useSession } from '../use-session.ts';
import { connections } from '../../support/connections.ts';

useSession({ sites: () => [] });

async function question(): Promise<AskView> {
  await until(() => harness.world.openWindows.size > 0);
  const asks = await harness.ui('ask.list', {});
  expect(asks).toHaveLength(1);
  expect([...harness.world.openWindows.values()]).toEqual([
    `popup/ask.html?id=${asks[0]?.id ?? ''}`,
  ]);
  return asks[0] as AskView;
}
const granted = (sites: SessionView['sites']): GrantedSite[] =>
  sites.map(({ cloudId, product }) => ({ cloudId, product, sessionId: session.id }));
const refuse = async (): Promise<void> => {
  const { id } = await question();
  await harness.ui('ask.decide', { id, decision: { allow: false } });
};
/** Closes the window, which is a refusal but no denial. */
const close = async (): Promise<void> => {
  await question();
  const [windowId = 0] = harness.world.openWindows.keys();
  await harness.world.windows.close(windowId);
  harness.background.questions.windowClosed(windowId);
};

describe('several sites', () => {
  beforeEach(() => connect(harness, session));
  const choose = async (product: 'jira' | 'confluence', cloudId: string): Promise<void> => {
    const ask = await question();
    expect(ask).toMatchObject({ kind: 'site', origin: dashboard, product });
    const rows = await offeredSites(harness, ask.id);
    expect(rows.map((site) => site.product)).toEqual([product, product]);
    const sites = granted(rows.filter((site) => site.cloudId === cloudId));
    await harness.ui('ask.decide', {
      id: ask.id,
      decision: { allow: true, sites, access: 'read' },
    });
  };

  test('are chosen from once, and the choice outlives the worker', async () => {
    const work = fetchAll(harness.page());
    await choose('jira', GLOBEX_CLOUD_ID);
    expect((await work).url).toBe('https://globex.atlassian.net/rest/api/3/myself');
    expect(harness.world.openWindows.size).toBe(0);
    await revive();
    expect((await fetchAll(harness.page())).url).toContain('globex');
    expect(harness.world.told).toEqual([]);
  });
  test('are asked about once for all calls that wait', async () => {
    const work = Array.from({ length: 20 }, () => fetchAll(harness.page()));
    await choose('jira', ACME_CLOUD_ID);
    expect((await Promise.all(work)).every(({ url }) => url.includes('acme'))).toBe(true);
  });
  test('two products are two questions, one after the other, and both answers are kept', async () => {
    const calls = (): Promise<{ status: number }[]> =>
      Promise.all([
        fetchAll(harness.page()),
        fetchAll(harness.page(), { input: '/wiki/api/v2/spaces' }),
      ]);
    const work = calls();
    await until(() => harness.world.openWindows.size === 1);
    const asks = await harness.ui('ask.list', {});
    expect(asks.map(({ product }) => product)).toEqual(['jira', 'confluence']);
    for (const ask of asks) {
      await until(() => [...harness.world.openWindows.values()].join().endsWith(ask.id));
      expect(harness.world.openWindows.size).toBe(1);
      const rows = await offeredSites(harness, ask.id);
      const sites = granted(rows.filter(({ cloudId }) => cloudId === ACME_CLOUD_ID));
      await harness.ui('ask.decide', {
        id: ask.id,
        decision: { allow: true, sites, access: 'read' },
      });
    }
    expect((await work).map(({ status }) => status)).toEqual([200, 200]);
    expect((await calls()).length).toBe(2);
    expect(harness.world.openWindows.size).toBe(0);
  });
  test('a refused choice is `site_required`, and a path with `site` still works', async () => {
    const work = rejection(fetchAll(harness.page()));
    await refuse();
    expect((await work).code).toBe('site_required');
    expect(apiCalls(standin)).toEqual([]);
    expect((await fetchAll(harness.page(), { site: `jira:${ACME_CLOUD_ID}` })).status).toBe(200);
  });
  test('a closed window is a refusal', async () => {
    const work = rejection(fetchAll(harness.page()));
    await close();
    expect((await work).code).toBe('site_required');
    expect(await harness.ui('ask.list', {})).toEqual([]);
  });
  test('a page that is disconnected meanwhile gets that fault, its window closes, and it is no refusal', async () => {
    for (let time = 0; time < 4; time += 1) {
      const work = rejection(fetchAll(harness.page()));
      await question();
      await harness.ui('grant.remove', { origin: dashboard });
      expect((await work).code).toBe('not_connected');
      expect(harness.world.openWindows.size).toBe(0);
      await connect(harness, session);
    }
  });
  test('an answer after the page was disconnected has no effect', async () => {
    const work = rejection(fetchAll(harness.page()));
    const { id } = await question();
    const sites = await offeredSites(harness, id);
    await harness.ui('grant.remove', { origin: dashboard });
    await work;
    const decision = { allow: true as const, sites: granted(sites), access: 'write' as const };
    expect((await rejection(harness.ui('ask.decide', { id, decision }))).code).toBe('not_found');
    expect(await connections(harness.ui)).toEqual([]);
  });
  test('a site that was taken from the connection meanwhile cannot be chosen', async () => {
    const work = fetchAll(harness.page());
    const { id } = await question();
    const chosen = granted(session.sites.filter((one) => one.name.startsWith('Globex')));
    await connect(harness, session, { sites: sitesAt(session, 'acme') });
    const decision = { allow: true as const, sites: chosen, access: 'read' as const };
    expect(await rejection(harness.ui('ask.decide', { id, decision }))).toMatchObject({
      code: 'not_found',
      subject: 'site',
    });
    await refuse();
    expect((await rejection(work)).code).toBe('site_required');
  });
});

interface Wanted {
  access?: 'write';
  products?: Product[];
  paths?: string[];
}

describe('requestAccess', () => {
  beforeEach(() => connect(harness, session, { sites: sitesAt(session, 'acme') }));
  const write = { method: 'POST', input: '/rest/api/3/echo', body: bodyOf('x') };

  test('for writing, allowed: the sites come back with it, and a write is sent', async () => {
    expect((await rejection(fetchAll(harness.page(), write))).code).toBe('not_allowed');
    const work = harness.page()('page.request-access', { access: 'write' });
    const ask = await question();
    expect(ask).toMatchObject({ kind: 'access', access: 'write', origin: dashboard });
    expect(ask).toMatchObject({ grantedAccess: 'read', granted: [{}, {}] });
    const rows = await offeredSites(harness, ask.id);
    expect(rows.map(({ isGranted }) => isGranted)).toEqual([true, true, false, false]);
    const sites = granted(sitesAt(session, 'acme'));
    await harness.ui('ask.decide', {
      id: ask.id,
      decision: { allow: true, sites, access: 'write' },
    });
    expect((await work).map(({ access }) => access)).toEqual(['write', 'write']);
    expect((await fetchAll(harness.page(), write)).status).toBe(200);
    expect(harness.world.told).toContainEqual({ origin: dashboard, event: 'grant.changed' });
  });
  test.each<[string, Wanted, Wanted]>([
    ['another access', {}, { access: 'write' }],
    ['other products', { products: ['jira'] }, { products: ['jira', 'confluence'] }],
    ['all products', { products: ['jira'] }, {}],
    ['other paths', { paths: ['/rest/'] }, { paths: ['/rest/api/'] }],
    ['every path', {}, { paths: ['/'] }],
  ])('for %s than an open question is a question of its own', async (_, one, other) => {
    const page = harness.page();
    const first = page('page.request-access', one);
    const second = rejection(page('page.request-access', other));
    await until(() => harness.world.openWindows.size === 1);
    const [ask, next, ...others] = await harness.ui('ask.list', {});
    expect(others).toEqual([]);
    const sites = granted(sitesAt(session, 'acme'));
    await harness.ui('ask.decide', {
      id: ask!.id,
      decision: { allow: true, sites, access: 'read' },
    });
    expect((await first).map(({ access }) => access)).toEqual(['read', 'read']);
    await until(() => [...harness.world.openWindows.values()].join().endsWith(next!.id));
    await refuse();
    expect((await second).code).toBe('not_allowed');
  });
  test('for the same access, products and paths, in any order, is one question', async () => {
    const page = harness.page();
    const works = [
      rejection(
        page('page.request-access', {
          products: ['jira', 'confluence'],
          paths: ['/wiki/', '/rest/'],
        }),
      ),
      rejection(
        page('page.request-access', {
          products: ['confluence', 'jira'],
          paths: ['/rest/', '/wiki/', '/rest/api/'],
          access: 'read',
        }),
      ),
    ];
    await refuse();
    for (const { code } of await Promise.all(works)) expect(code).toBe('not_allowed');
    expect(harness.world.openWindows.size).toBe(0);
  });
  test('for reading, shown after write access was allowed, keeps it', async () => {
    const page = harness.page();
    const writing = page('page.request-access', { access: 'write' });
    const reading = rejection(page('page.request-access', {}));
    await until(() => harness.world.openWindows.size === 1);
    const [ask, next] = await harness.ui('ask.list', {});
    expect(next).toMatchObject({ access: 'read' });
    const sites = granted(sitesAt(session, 'acme'));
    await harness.ui('ask.decide', {
      id: ask!.id,
      decision: { allow: true, sites, access: 'write' },
    });
    await writing;
    await until(() => [...harness.world.openWindows.values()].join().endsWith(next!.id));
    expect(await question()).toMatchObject({ id: next!.id, access: 'write' });
    await refuse();
    await reading;
  });
  test('refused: nothing changes', async () => {
    const work = rejection(harness.page()('page.request-access', { access: 'write' }));
    await refuse();
    const denied = await work;
    expect(denied.code).toBe('not_allowed');
    expect(denied.message).not.toContain('requestAccess');
    expect((await rejection(fetchAll(harness.page(), write))).code).toBe('not_allowed');
    expect((await fetchAll(harness.page())).status).toBe(200);
  });
  test('three refusals rest for a day, without a window, and for this origin alone', async () => {
    for (let time = 0; time < 3; time += 1) {
      const work = rejection(harness.page()('page.request-access', {}));
      await close();
      await work;
    }
    await revive();
    expect((await rejection(harness.page()('page.request-access', {}))).code).toBe('not_allowed');
    expect(harness.world.openWindows.size).toBe(0);
    const other = 'https://other.example' as typeof dashboard;
    await connect(harness, session, { origin: other });
    const asked = harness.page(other)('page.request-access', {});
    const { id } = await question();
    await harness.ui('ask.decide', {
      id,
      decision: { allow: true, sites: granted(session.sites), access: 'read' },
    });
    await asked;
    standin.clock.advance(24 * 3_600_000);
    const later = rejection(harness.page()('page.request-access', {}));
    await close();
    await later;
  });
  test('for a product shows that product, and what is granted already', async () => {
    const work = rejection(harness.page()('page.request-access', { products: ['confluence'] }));
    const ask = await question();
    const rows = await offeredSites(harness, ask.id);
    const seen = rows.map(({ product, isGranted }) => `${product} ${String(isGranted)}`);
    expect(seen.sort()).toEqual(['confluence false', 'confluence true', 'jira true']);
    // The window offers no other one, and the worker takes none.
    const other = granted(sitesAt(session, 'globex').filter(({ product }) => product === 'jira'));
    const decision = { allow: true as const, sites: other, access: 'read' as const };
    expect(await rejection(harness.ui('ask.decide', { id: ask.id, decision }))).toMatchObject({
      code: 'not_found',
      subject: 'site',
    });
    await harness.ui('ask.decide', { id: ask.id, decision: { allow: false } });
    await work;
  });
  test('cannot be granted for a session whose account is not known, and the question stays open', async () => {
    const work = harness.page()('page.request-access', {});
    const { id } = await question();
    standin.faults.add({ kind: 'status', status: 503, match: { path: '/me' } });
    const flow = await runFlow(harness, client);
    const sites = sitesAt(session, 'acme').map(({ cloudId, product }) => ({
      cloudId,
      product,
      sessionId: flow.sessionId!,
    }));
    const decision = { allow: true as const, sites, access: 'write' as const };
    expect(await rejection(harness.ui('ask.decide', { id, decision }))).toMatchObject({
      code: 'not_found',
      subject: 'account',
    });
    expect(await connections(harness.ui)).toMatchObject([{ access: 'read' }]);
    await harness.ui('ask.decide', {
      id,
      decision: { ...decision, sites: granted(sitesAt(session, 'acme')) },
    });
    expect((await work).map(({ access }) => access)).toEqual(['write', 'write']);
  });
  test('is answered once', async () => {
    const work = rejection(harness.page()('page.request-access', {}));
    const { id } = await question();
    await harness.ui('ask.decide', { id, decision: { allow: false } });
    expect(
      (await rejection(harness.ui('ask.decide', { id, decision: { allow: false } }))).code,
    ).toBe('not_found');
    await work;
  });
});
