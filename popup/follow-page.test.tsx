// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ActivePage } from '#browser/pages/active-page.ts';
import type { SessionId } from '#core/session/session.ts';
import type { Origin } from '#core/values/origin.ts';
import type { PopupView } from '#wire/list-views.ts';
import { drawPopup } from '../test/support/pages/popup-page.tsx';
import { aConnection, aPopupView, aSessionRow } from '../test/support/samples/popup-views.ts';
import { aSiteRow, listSites } from '../test/support/samples/site-rows.ts';
import { dashboard, FakeWorker } from '../test/support/samples/ui-views.ts';
import type { PopupPorts } from './store.ts';

vi.mock('../extension/browser/i18n.ts', () => import('../test/support/english.ts'));
afterEach(cleanup);

const other = 'https://other.example' as Origin;
const pages = {
  dashboard: { origin: dashboard, host: 'dashboard.example', tabId: 1 },
  other: { origin: other, host: 'other.example', tabId: 2 },
  /** A page whose address the browser does not say. */
  unknown: {},
} as const satisfies Record<string, ActivePage>;

let worker: FakeWorker;
let front: ActivePage;
beforeEach(() => {
  front = pages.dashboard;
  worker = new FakeWorker().answer('popup.view', viewOf);
  worker.refuse('grant.get', 'not_connected');
  worker.answer('session.find', () => ({ total: 4, matching: 1, rows: rows.slice(1, 2) }));
  listSites(worker, [aSiteRow('Acme'), aSiteRow('Beta')]);
});

const rows = ['Ada', 'Bo', 'Cy', 'Di'].map((name) =>
  aSessionRow({ id: name as SessionId, account: { name } }),
);

/** The page of the dashboard is connected, the others are not. */
function viewOf({ origin }: { readonly origin?: Origin }): PopupView {
  const page = origin === dashboard ? { page: aConnection() } : {};
  return aPopupView({ recent: rows, ...page });
}

/** A popup over the dashboard; `move` is what the browser reports when another page is in front. */
async function open(ports: Partial<PopupPorts> = {}) {
  const { opening, store } = drawPopup(worker, {
    activePage: () => Promise.resolve(front),
    readSnapshot: async (page) => viewOf(await page),
    ...ports,
  });
  await opening;
  const move = async (to: ActivePage) => {
    front = to;
    await store.followPage();
  };
  return { store, move };
}

const press = async (name: string | RegExp) =>
  fireEvent.click(await screen.findByRole('button', { name }));
const block = () => screen.getByRole('region', { name: /^https:|^This page$/u }).textContent;
const panel = () => screen.queryByRole('region', { name: 'Connect this page' });

describe('when another page is in front', () => {
  it('the popup is about that page, and what does not concern it stays', async () => {
    const { move } = await open();
    expect(block()).toMatch(/^Connected.*https:\/\/dashboard\.example/u);
    fireEvent.input(screen.getByRole('searchbox'), { target: { value: 'b' } });
    await screen.findByRole('heading', { name: '1 session found' });
    await press(/^Bo/u);
    await waitFor(() => expect(worker.bodies('site.find')).toHaveLength(1));
    await move(pages.other);
    await waitFor(() => expect(block()).toMatch(/^Not connectedhttps:\/\/other\.example/u));
    expect(worker.bodies('popup.view').at(-1)).toEqual({ origin: other });
    expect(screen.getByRole<HTMLInputElement>('searchbox').value).toBe('b');
    const row = screen.getByRole('button', { name: /^Bo/u });
    expect(row.getAttribute('aria-expanded')).toBe('true');
    // Which of its sites are of the tab.
    await waitFor(() =>
      expect(worker.bodies('site.find').at(-1)).toMatchObject({ host: 'other.example' }),
    );
  });

  it('whose address is not known, it says so, until the page before is in front again', async () => {
    const { move } = await open();
    await move(pages.unknown);
    await screen.findByText(/cannot see the address of this page until/u);
    expect(block()).not.toMatch(/onnected|dashboard/u);
    expect(screen.getByRole('button', { name: 'Connect this page' })).toHaveProperty(
      'disabled',
      true,
    );
    await move(pages.dashboard);
    await waitFor(() => expect(block()).toMatch(/^Connected.*https:\/\/dashboard\.example/u));
  });

  it('a reply about the page before is not shown', async () => {
    const { store, move } = await open();
    const replied = Promise.withResolvers<undefined>();
    worker.answer('popup.view', async (asked: { origin: Origin }) => {
      await replied.promise;
      return viewOf(asked);
    });
    const reloaded = store.reload();
    await move(pages.other);
    const seen: unknown[] = [];
    store.view.subscribe((view) => seen.push(view?.page?.origin));
    replied.resolve(undefined);
    await reloaded;
    expect(worker.bodies('popup.view').at(-1)).toEqual({ origin: other });
    expect(new Set(seen)).toEqual(new Set([undefined]));
  });

  it('while the popup opens, what was stored of the page before is not shown over it', async () => {
    const [stored, replied] = [
      Promise.withResolvers<undefined>(),
      Promise.withResolvers<undefined>(),
    ];
    worker.answer('popup.view', async (asked: { origin: Origin }) => {
      await replied.promise;
      return viewOf(asked);
    });
    const { store, opening } = drawPopup(worker, {
      activePage: () => Promise.resolve(front),
      readSnapshot: async (page) => {
        const found = await page;
        if (found.origin !== dashboard) return undefined;
        await stored.promise;
        return viewOf(found);
      },
    });
    const shown: unknown[] = [];
    store.view.subscribe((view) => shown.push([store.page.value.origin, view?.page?.origin]));
    front = pages.other;
    const followed = store.followPage();
    await waitFor(() => expect(worker.bodies('popup.view')).toHaveLength(1));
    stored.resolve(undefined);
    await followed;
    replied.resolve(undefined);
    await opening;
    expect(shown).not.toContainEqual([other, dashboard]);
    expect(shown.at(-1)).toEqual([other, undefined]);
  });

  it('many reports are one reading at a time, and the last page is shown', async () => {
    const { store, move } = await open();
    void move(pages.other);
    void move(pages.unknown);
    await move(pages.other);
    await waitFor(() => expect(store.page.value).toEqual(pages.other));
    await waitFor(() => expect(block()).toMatch(/^Not connectedhttps:\/\/other\.example/u));
  });

  it('of the same origin, nothing is read again but the tab', async () => {
    const { store, move } = await open();
    const view = store.view.value;
    await move({ ...pages.dashboard, tabId: 7 });
    expect(store.page.value.tabId).toBe(7);
    expect(store.view.value).toBe(view);
    expect(worker.bodies('popup.view')).toHaveLength(1);
  });
});

describe('a choice of sites', () => {
  async function choose(ports: Partial<PopupPorts> = {}) {
    front = pages.other;
    const shown = await open(ports);
    await press('Connect this page');
    fireEvent.click(await screen.findByRole('checkbox', { name: /^Beta Jira/u }));
    await waitFor(() => expect(shown.store.connection.draft.value).toBeDefined());
    return shown;
  }
  const third = { origin: 'https://third.example' as Origin, host: 'third.example' };

  it('is not shown over another page, and nothing of it is applied there; one for that page replaces it', async () => {
    const { store, move } = await choose();
    await move(third);
    await waitFor(() => expect(panel()).toBeNull());
    store.connection.change({ access: 'write' });
    await store.connection.connect();
    expect(worker.bodies('grant.prepare')).toEqual([]);
    await press('Connect this page');
    await waitFor(() => expect(panel()?.textContent).toContain('https://third.example'));
    expect(store.connection.draft.value?.list.chosen.value).toEqual([]);
    store.connection.close();
    await move(pages.other);
    expect(panel()).toBeNull();
  });

  it('is as it was when its page is in front again', async () => {
    const { move } = await choose();
    await move(pages.unknown);
    await waitFor(() => expect(panel()).toBeNull());
    await move(pages.other);
    await waitFor(() => expect(panel()?.textContent).toContain('https://other.example'));
    const box = await screen.findByRole<HTMLInputElement>('checkbox', { name: /^Beta Jira/u });
    expect(box.checked).toBe(true);
  });

  it('that was kept for a page is shown when that comes to the front, as at an opening', async () => {
    const terms = { access: 'read', duration: 'always', isEveryPath: true, pathsText: '' };
    const kept = { origin: other, keptAtMs: 0, filter: '', chosen: [], terms };
    const { move } = await open({
      drafts: { read: () => Promise.resolve(kept), keep: () => Promise.resolve(), nowMs: () => 1 },
    });
    expect(panel()).toBeNull();
    await move(pages.other);
    await waitFor(() => expect(panel()?.textContent).toContain(other));
  });

  it('that is read while another page comes to the front is not shown over that', async () => {
    front = pages.other;
    const { store, move } = await open();
    let answer: (() => void) | undefined;
    worker.answer('grant.get', () => new Promise((resolve) => (answer = () => resolve(undefined))));
    const opened = store.connection.open(other, 'other.example');
    await waitFor(() => expect(answer).toBeDefined());
    await move(third);
    answer?.();
    await opened;
    expect(store.connection.draft.value).toBeUndefined();
    await move(pages.other);
    expect(store.connection.draft.value).toBeUndefined();
  });

  it.each([true, false])(
    'that the browser is asked for ends only itself (allowed: %s)',
    async (isAllowed) => {
      let answer: ((isAllowed: boolean) => void) | undefined;
      const { store, move } = await choose({
        requestHostPatterns: () => new Promise((resolve) => (answer = resolve)),
      });
      await press('Connect');
      await move(third);
      await press('Connect this page');
      await waitFor(() => expect(panel()?.textContent).toContain('https://third.example'));
      answer?.(isAllowed);
      await waitFor(() => expect(store.pendingActions.running.value.size).toBe(0));
      expect(worker.bodies('grant.prepare')).toMatchObject([{ origin: other }]);
      expect(panel()?.textContent).toContain('https://third.example');
      expect(store.connection.state.value).toBe('idle');
    },
  );
});
