// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Origin } from '#core/values/origin.ts';
import type { RequestOf } from '#wire/commands.ts';
import type { GrantRow } from '#wire/list-views.ts';
import type { GrantView } from '#wire/views.ts';
import { choose, press, showOptions, type } from '../../test/support/pages/options-page.tsx';
import { aSiteRow, listSites } from '../../test/support/samples/site-rows.ts';
import {
  aDenial,
  aGrant,
  aGrantWithChoices,
  anOverview,
  clientId,
  dashboard,
  FakeWorker,
  sessionId,
} from '../../test/support/samples/ui-views.ts';
import type { OptionsPorts } from '../state/store.ts';

vi.mock('../../extension/browser/i18n.ts', () => import('../../test/support/english.ts'));
afterEach(cleanup);

const other = 'https://other.example' as Origin;
const opened = `#/connected-pages/${encodeURIComponent(dashboard)}`;

let worker: FakeWorker;
let grants: GrantView[];
beforeEach(() => {
  grants = [aGrant()];
  worker = new FakeWorker()
    .answer('grant.find', ({ filter, offset }: RequestOf<'grant.find'>) => {
      const matching = grants.filter(({ origin }) => origin.includes(filter)).map(rowOf);
      return {
        total: grants.length,
        matching: matching.length,
        rows: matching.slice(offset, offset + 60),
      };
    })
    .answer('grant.get', ({ origin }: RequestOf<'grant.get'>) => {
      const found = grants.find((grant) => grant.origin === origin);
      if (found === undefined) worker.refuse('grant.get', 'not_connected');
      return found;
    });
  listSites(worker, [aSiteRow('Acme', { isGranted: true }), aSiteRow('Beta')]);
});

const rowOf = (grant: GrantView): GrantRow => ({
  ...grant,
  siteCount: grant.sites.length,
  sites: grant.sites.slice(0, 8).map((site) => ({ ...site, clientId })),
  problemCount: 0,
});
const at = (hash = '#/connected-pages', part: Partial<OptionsPorts> = {}) =>
  showOptions(worker, anOverview({ denials: [aDenial()] }), hash, part);
const items = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('li.item')];
const open = async (part: Partial<OptionsPorts> = {}) => {
  const world = await at(opened, part);
  await screen.findByRole('checkbox', { name: /^Acme/u });
  return world;
};
const box = (name: RegExp) => screen.getByRole<HTMLInputElement>('checkbox', { name });
const isOff = (name: string): boolean =>
  screen.getByRole('button', { name }).getAttribute('aria-disabled') === 'true';

describe('the list', () => {
  it('says of an imported connection how many sites wait for whose sign-in', async () => {
    const row = { ...rowOf(aGrant({ sites: [] })), siteCount: 2 };
    const awaited = [{ clientId, name: 'Ada', siteCount: 2 }];
    worker.answer('grant.find', () => ({ total: 1, matching: 1, rows: [{ ...row, awaited }] }));
    await at();
    await waitFor(() => expect(items()).toHaveLength(1));
    expect(items()[0]?.textContent).toMatch(/2 sites.*Waits until Ada signs in.*Suspended/u);
    expect(items()[0]?.textContent).not.toContain('more');
  });

  it('says the access, the sites as whom, the use, and what is wrong', async () => {
    grants = [
      aGrant({ lastUsedAtMs: 1_700_000_000_000, callsIn30Days: 12, duration: 'session' }),
      aGrant({ origin: other, access: 'write', isPaused: true }),
    ];
    const [row] = grants.map(rowOf) as [GrantRow, GrantRow];
    worker.answer('grant.find', () => ({
      total: 3,
      matching: 3,
      rows: [
        {
          ...row,
          siteCount: 5,
          problemCount: 2,
          sites: row.sites.map((site) => ({ ...site, problem: 'sign-in' })),
        },
        rowOf(grants[1]!),
        { ...row, origin: 'https://third.example', hasHostPermission: false },
      ],
    }));
    await at();
    await waitFor(() => expect(items()).toHaveLength(3));
    const [first, second, third] = items().map(({ textContent }) => textContent);
    expect(first).toMatch(/Acme Jira as Ada Lovelace and 4 more sites/u);
    expect(first).toMatch(/Acme Jira: sign-in expired and 1 more site with a problem/u);
    expect(first).toMatch(/Read.*Last used on Nov 14, 2023.* · 12 calls in 30 days · Until the b/u);
    expect(second).toMatch(/Paused.*You paused this connection/u);
    expect(third).toMatch(/Suspended/u);
    expect(within(items()[2]!).getByRole('button', { name: 'Allow again' })).toBeDefined();
    fireEvent.click(within(items()[1]!).getByRole('button', { name: 'Resume' }));
    expect(worker.bodies('grant.pause')).toEqual([{ origin: other, isPaused: false }]);
  });

  it('is searched, and shows 60 at once', async () => {
    grants = Array.from({ length: 70 }, (_, n) =>
      aGrant({ origin: `https://p${String(n)}.example` as Origin }),
    );
    await at();
    await waitFor(() => expect(items()).toHaveLength(60));
    expect(screen.getByText('70 connections')).toBeDefined();
    await press('Next');
    await waitFor(() => expect(items()).toHaveLength(10));
    type('Search connections', 'p69');
    await waitFor(() => expect(items()).toHaveLength(1));
    expect(screen.getByText('1 of 70 match')).toBeDefined();
    type('Search connections', 'zzz');
    expect(await screen.findByText('No connection matches.')).toBeDefined();
  });

  it('names another extension by its id, and says when it is not served, and what limits a connection', async () => {
    const id = 'abcdefghijklmnopabcdefghijklmnop';
    grants = [aGrant({ origin: `extension:${id}` as Origin, isServed: false, paths: ['/wiki/'] })];
    await at();
    expect(await screen.findByRole('button', { name: `Extension ${id}` })).toBeDefined();
    expect(
      screen.getByText(/^Suspended: Threelo does not answer other extensions now/u),
    ).toBeDefined();
    expect(screen.getByText(/Only this path$/u)).toBeDefined();
  });

  it('lists what was denied, and forgets it without losing the focus', async () => {
    worker.answer('denial.forget', () => {
      worker.answer('overview.get', () => anOverview());
    });
    await at();
    await press('Forget');
    expect(worker.bodies('denial.forget')).toEqual([{ origin: dashboard, id: aDenial().id }]);
    await waitFor(() => expect(screen.queryByText('1 denied request')).toBeNull());
    expect(screen.getByText(/may ask this again/u)).toBeDefined();
    expect(document.activeElement?.textContent).toBe('Connected pages');
  });

  it('says how to connect the first page', async () => {
    grants = [];
    await at();
    expect(await screen.findByText(/^No page is connected/u)).toBeDefined();
  });
});

describe('one connection', () => {
  it('has its own address and title, and is changed in place', async () => {
    const { store } = await open();
    expect(store.title.value).toBe('Connection of https://dashboard.example – Threelo');
    expect(isOff('Save')).toBe(true);
    fireEvent.click(box(/^Beta/u));
    fireEvent.click(screen.getByRole('radio', { name: 'Read and write' }));
    choose('Duration', 'session');
    choose('Paths', 'some');
    fireEvent.input(await screen.findByLabelText('Paths that may be called'), {
      target: { value: '/rest/' },
    });
    await waitFor(() => expect(isOff('Save')).toBe(false));
    grants = [aGrant({ access: 'write', duration: 'session', paths: ['/rest/'] })];
    await press('Save');
    expect(await screen.findByText('Saved.')).toBeDefined();
    expect(worker.bodies('grant.prepare')).toEqual([
      {
        origin: dashboard,
        access: 'write',
        duration: 'session',
        paths: ['/rest/'],
        sites: ['acme', 'beta'].map((name) => ({
          cloudId: `cloud-${name}`,
          product: 'jira',
          sessionId,
        })),
      },
    ]);
    expect(worker.bodies('grant.dismiss')).toHaveLength(1);
    expect(isOff('Save')).toBe(true);
    expect(store.hasUnsaved()).toBe(false);
  });

  it('keeps what is not saved over a reload and while another one is open, until Cancel', async () => {
    grants = [aGrant(), aGrant({ origin: other })];
    const { store, texts } = await open();
    fireEvent.click(box(/^Beta/u));
    expect(store.hasUnsaved()).toBe(true);
    store.arrive(`#/connected-pages/${encodeURIComponent(other)}`);
    await waitFor(() => expect(box(/^Beta/u).checked).toBe(false));
    expect(items()[0]?.textContent).toContain('Has changes that are not saved');
    cleanup();
    const tabTexts = { read: (name: string) => texts.get(name), write: vi.fn() };
    const again = await open({ tabTexts });
    expect(again.store.hasUnsaved()).toBe(true);
    await waitFor(() => expect(box(/^Beta/u).checked).toBe(true));
    await press('Cancel');
    await waitFor(() => expect(box(/^Beta/u).checked).toBe(false));
    expect(again.store.hasUnsaved()).toBe(false);
    expect(tabTexts.write).toHaveBeenLastCalledWith('connected-pages', '{}');
  });

  it('follows what is changed elsewhere, unless it has changes of its own', async () => {
    const { store } = await open();
    grants = [aGrant({ access: 'write' })];
    await store.reload();
    const write = () => screen.getByRole<HTMLInputElement>('radio', { name: 'Read and write' });
    await waitFor(() => expect(write().checked).toBe(true));
    fireEvent.click(box(/^Beta/u));
    grants = [aGrant({ access: 'read' })];
    await store.reload();
    expect(write().checked).toBe(true);
    expect(box(/^Beta/u).checked).toBe(true);
  });

  it('is paused, and shows that nothing is served', async () => {
    await open();
    grants = [aGrant({ isPaused: true })];
    await press('Pause');
    expect(worker.bodies('grant.pause')).toEqual([{ origin: dashboard, isPaused: true }]);
    expect(await screen.findByText(/^You paused this connection/u)).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Pause' })).toBeNull();
  });

  it('is disconnected after a question', async () => {
    const { store } = await open();
    await press('Disconnect');
    const title = await screen.findByText(
      (_, element) =>
        element?.localName === 'h3' && element.textContent === `Disconnect ${dashboard}?`,
    );
    await waitFor(() => expect(document.activeElement).toBe(title));
    expect(worker.bodies('grant.remove')).toEqual([]);
    grants = [];
    await press('Disconnect');
    await waitFor(() => expect(store.route.value).toEqual({ view: 'connected-pages' }));
    expect(worker.bodies('grant.remove')).toEqual([{ origin: dashboard }]);
    expect(document.activeElement?.textContent).toBe('Connected pages');
  });

  it('is not changed when the browser does not allow it', async () => {
    grants = [aGrant({ hasHostPermission: false })];
    await open({ requestHostPatterns: () => Promise.resolve(false) });
    fireEvent.click(box(/^Beta/u));
    await press('Save');
    await waitFor(() => expect(worker.bodies('grant.unprepare')).toEqual([{ origin: dashboard }]));
    expect(box(/^Beta/u).checked).toBe(true);
    expect(screen.queryByText('Saved.')).toBeNull();
  });

  it('says which sites do not serve what it allows, with the session of each', async () => {
    const grant = aGrant({ access: 'write' });
    const [site] = rowOf(grant).sites;
    worker.answer('grant.find', () => ({
      total: 1,
      matching: 1,
      rows: [{ ...rowOf(grant), sites: [{ ...site, scopedAccess: 'read' }] }],
    }));
    await open();
    const link = screen.getByRole<HTMLAnchorElement>('link', { name: 'Session of Ada Lovelace' });
    expect(link.getAttribute('href')).toBe(`#/sessions/${sessionId}`);
    expect(link.closest('li')?.textContent).toMatch(/^Acme Jira: no scope for writing/u);
  });

  it('has its default sites, and a link to what it did', async () => {
    grants = [aGrantWithChoices()];
    await open();
    expect(screen.getByLabelText('Default site for Jira')).toBeDefined();
    const link = screen.getByRole<HTMLAnchorElement>('link', { name: 'Show its activity' });
    expect(link.getAttribute('href')).toBe(`#/activity/${encodeURIComponent(dashboard)}`);
  });

  it('that does not exist says so', async () => {
    grants = [aGrant({ origin: other })];
    await at(opened);
    expect(await screen.findByText(/^This page is not connected/u)).toBeDefined();
  });
});
