// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { signal } from '@preact/signals';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Origin } from '#core/values/origin.ts';
import { createPendingActions } from '#ui/state/pending-actions.ts';
import type { SiteRow } from '#wire/list-views.ts';
import type { GrantView } from '#wire/views.ts';
import { hostPatternOf } from '../test/support/pages/popup-store.ts';
import { aSiteRow, listSites } from '../test/support/samples/site-rows.ts';
import { aGrant, dashboard, FakeWorker, sessionId } from '../test/support/samples/ui-views.ts';
import { draftLifetimeMs } from './connect-draft.ts';
import { ConnectPanel } from './connect-panel.tsx';
import { createConnectStore, type ConnectPorts } from './connect-store.ts';

vi.mock('../extension/browser/i18n.ts', () => import('../test/support/english.ts'));
afterEach(cleanup);

let worker: FakeWorker;
let kept: unknown;
let nowMs: number;
beforeEach(() => {
  worker = new FakeWorker();
  kept = undefined;
  nowMs = 1_700_000_100_000;
  have(undefined, [aSiteRow('Acme'), aSiteRow('Beta')]);
});

/** What the worker has: the grant of the page, and the sites to choose from. */
function have(grant: GrantView | undefined, rows: readonly SiteRow[]): void {
  if (grant === undefined) worker.refuse('grant.get', 'not_connected');
  else worker.answer('grant.get', () => grant);
  listSites(worker, rows);
}

/** A popup: what it keeps is there for the next one. */
function aStore(part: Partial<ConnectPorts> = {}, origin: Origin = dashboard) {
  const actions = createPendingActions();
  const store = createConnectStore(
    {
      send: worker.send,
      page: signal({ origin }),
      hostPattern: hostPatternOf,
      requestHostPatterns: () => Promise.resolve(true),
      drafts: {
        read: () => Promise.resolve(kept),
        keep: (draft) => Promise.resolve(void (kept = draft)),
        nowMs: () => nowMs,
      },
      ...part,
    },
    actions,
    () => Promise.resolve(),
  );
  return { store, actions };
}

async function open(part: Partial<ConnectPorts> = {}, origin: Origin = dashboard) {
  const { store } = aStore(part, origin);
  await store.open(origin);
  cleanup();
  render(<ConnectPanel store={{ connection: store, view: signal({ mayLast: true }) }} />);
  await screen.findAllByRole('checkbox');
  return store;
}
const box = (name: RegExp) => screen.getByRole<HTMLInputElement>('checkbox', { name });
const text = (wanted: RegExp) => (_: string, element: Element | null) =>
  element?.localName === 'p' && wanted.test(element.textContent);
const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name });
const acme = { cloudId: 'cloud-acme', product: 'jira', sessionId };
const beta = { ...acme, cloudId: 'cloud-beta' };
const manyPaths = (count: number): string =>
  Array.from({ length: count }, (_, at) => `/${String(at + 1)}`).join('\n');

describe('the panel', () => {
  it('shows its whole origin, has the focus on its heading, and grants what is chosen', async () => {
    const origin = `https://${'very-long.'.repeat(12)}example` as Origin;
    const requestHostPatterns = vi.fn(() => new Promise<boolean>(() => {}));
    await open({ requestHostPatterns }, origin);
    expect(screen.getByText(origin)).toBeDefined();
    const heading = screen.getByRole('heading', { name: 'Connect this page' });
    expect(document.activeElement).toBe(heading);
    expect(screen.getByText('Choose at least one site.')).toBeDefined();
    expect(button('Connect').disabled).toBe(true);
    fireEvent.click(box(/^Beta Jira/u));
    fireEvent.click(screen.getByRole('radio', { name: 'Read and write' }));
    expect(
      await screen.findByText(text(/^1 site selected: Beta Jira as Ada Lovelace$/u)),
    ).toBeDefined();
    fireEvent.click(button('Connect'));
    expect(worker.bodies('grant.prepare')).toEqual([
      { origin, access: 'write', duration: 'always', sites: [beta] },
    ]);
    expect(await screen.findByText(/Answer the browser’s permission prompt/u)).toBeDefined();
  });

  it('takes typed paths, and says what is wrong with them at the field', async () => {
    await open();
    fireEvent.click(box(/^Acme/u));
    fireEvent.change(screen.getByLabelText('Paths'), { target: { value: 'some' } });
    const field = await screen.findByLabelText<HTMLTextAreaElement>('Paths that may be called');
    const problem = () =>
      field.getAttribute('aria-describedby')?.includes('paths-problem') === true &&
      field.getAttribute('aria-invalid') === 'true'
        ? document.getElementById('paths-problem')?.textContent
        : undefined;
    expect(problem()).toBeUndefined();
    fireEvent.click(button('Connect'));
    await waitFor(() => expect(problem()).toBe('Enter at least one path.'));
    expect(document.activeElement).toBe(field);
    fireEvent.input(field, { target: { value: '/rest/\nissue?x' } });
    await waitFor(() => expect(problem()).toMatch(/^“issue\?x” is not the beginning of a path/u));
    expect(worker.bodies('grant.prepare')).toEqual([]);
    fireEvent.input(field, { target: { value: '/rest/\n' } });
    await waitFor(() => expect(problem()).toBeUndefined());
    fireEvent.click(button('Connect'));
    expect(worker.bodies('grant.prepare')).toMatchObject([{ paths: ['/rest/'] }]);
  });

  it('says that a page reaches every path of an API of another provider, with its risk', async () => {
    have(undefined, [aSiteRow('Git', { product: 'generic' })]);
    await open();
    fireEvent.click(box(/^Git/u));
    expect(await screen.findByText(/every path except the provider’s own/u)).toBeDefined();
    fireEvent.click(screen.getByRole('radio', { name: 'Read and write' }));
    expect(await screen.findByText(/able to create credentials there/u)).toBeDefined();
  });
});

describe('begins', () => {
  it('with nothing but the site of the tab, and the default access', async () => {
    have(undefined, [aSiteRow('Beta', { isOfTab: true }), aSiteRow('Acme')]);
    const { store } = aStore({ defaultAccess: () => 'write' });
    await store.open(dashboard, 'beta.atlassian.net');
    expect(worker.bodies('site.find')).toMatchObject([
      { origin: dashboard, host: 'beta.atlassian.net' },
    ]);
    expect(store.draft.value?.list.chosen.value).toMatchObject([beta]);
    expect(store.draft.value?.access).toBe('write');
  });

  it('with what the page has, and sends that without a change', async () => {
    const grant = aGrant({ access: 'write', duration: 'session', paths: ['/wiki/', '/rest/'] });
    have(grant, [aSiteRow('Acme', { isGranted: true }), aSiteRow('Beta', { isOfTab: true })]);
    const { store } = aStore();
    await store.open(dashboard, 'beta.atlassian.net');
    await store.connect();
    expect(worker.bodies('grant.prepare')).toEqual([
      {
        origin: dashboard,
        access: 'write',
        duration: 'session',
        paths: ['/wiki/', '/rest/'],
        sites: [acme],
      },
    ]);
    await store.open(dashboard);
    store.change({ duration: 'always', isEveryPath: true });
    await store.connect();
    expect(worker.bodies('grant.prepare')[1]).toMatchObject({ duration: 'always' });
    expect(worker.bodies('grant.prepare')[1]).not.toHaveProperty('paths');
  });

  it('not at all when the connection cannot be read', async () => {
    worker.refuse('grant.get', 'unavailable');
    const { store, actions } = aStore();
    await store.open(dashboard);
    expect(store.draft.value).toBeUndefined();
    expect(actions.fault.value?.code).toBe('unavailable');
  });
});

describe('Connect', () => {
  it('requests the permission and sends the command within the task of the click', async () => {
    const order: string[] = [];
    let isPrepared: Promise<unknown> | undefined;
    const store = await open({
      requestHostPatterns: (patterns, prepared) => {
        order.push(`request ${patterns.join()}`);
        isPrepared = prepared;
        return Promise.resolve(true);
      },
    });
    worker.answer('grant.prepare', () => 'prepared');
    fireEvent.click(box(/^Acme/u));
    const done = store.connect();
    expect(order).toEqual([`request ${hostPatternOf(dashboard)}`]);
    expect(worker.bodies('grant.prepare')).toHaveLength(1);
    await done;
    expect(await isPrepared).toBe('prepared');
    expect(store.draft.value).toBeUndefined();
  });

  it.each(['', '  \n', 'rest/api', '/a/../b', '/a%20b', manyPaths(21)])(
    'sends nothing while the paths are %j',
    async (pathsText) => {
      const store = await open();
      fireEvent.click(box(/^Acme/u));
      store.change({ isEveryPath: false, pathsText });
      await store.connect();
      expect(worker.bodies('grant.prepare')).toEqual([]);
      store.change({ pathsText: `\n ${manyPaths(20)}\n/1 \n` });
      await store.connect();
      expect(worker.bodies('grant.prepare')).toMatchObject([{ paths: manyPaths(20).split('\n') }]);
    },
  );

  it('does nothing while no site is chosen', async () => {
    const requestHostPatterns = vi.fn(() => Promise.resolve(true));
    const store = await open({ requestHostPatterns });
    await store.connect();
    expect(requestHostPatterns).not.toHaveBeenCalled();
    expect(worker.bodies('grant.prepare')).toEqual([]);
  });

  it('grants nothing that has gone meanwhile, and says what that was', async () => {
    const store = await open();
    for (const name of [/^Acme/u, /^Beta/u]) fireEvent.click(box(name));
    have(undefined, [aSiteRow('Acme')]);
    await store.refresh();
    expect(await screen.findByText(text(/no longer chosen: Beta Jira$/u))).toBeDefined();
    await store.connect();
    expect(worker.bodies('grant.prepare')).toMatchObject([{ sites: [acme] }]);
  });

  it('keeps the panel when the permission is denied, and when the worker refuses', async () => {
    const { store, actions } = aStore({ requestHostPatterns: () => Promise.resolve(false) });
    await store.open(dashboard);
    store.draft.value?.list.toggle(aSiteRow('Acme'));
    await store.connect();
    expect(store.state.value).toBe('refused');
    worker.refuse('grant.prepare', 'not_found');
    await store.connect();
    expect(actions.fault.value?.code).toBe('not_found');
    expect(store.state.value).toBe('idle');
    expect(store.draft.value?.list.chosen.value).toHaveLength(1);
  });
});

describe('when the popup closes before the page is connected', () => {
  const other = 'https://other.example' as Origin;
  async function choose(): Promise<void> {
    const { store } = aStore();
    await store.open(dashboard);
    store.draft.value?.list.toggle(aSiteRow('Beta'));
    store.draft.value?.list.setFilter('be');
    store.change({ access: 'write', isEveryPath: false, pathsText: '/rest/' });
  }
  const resumed = async (origin = dashboard) => {
    const { store } = aStore({}, origin);
    await store.resume(origin);
    return store.draft.value;
  };

  it('the next one over the page shows the panel as it was', async () => {
    await choose();
    const draft = await resumed();
    expect(draft).toMatchObject({ access: 'write', isEveryPath: false, pathsText: '/rest/' });
    expect(draft?.list.chosen.value).toMatchObject([beta]);
    expect(draft?.list.filter.value).toBe('be');
    expect(draft?.list.counts.value).toEqual({ total: 2, matching: 1 });
  });

  it('a site that has gone since is not chosen any more', async () => {
    await choose();
    have(undefined, [aSiteRow('Acme')]);
    const draft = await resumed();
    expect(draft?.list.chosen.value).toEqual([]);
    expect(draft?.list.notice.value).toMatchObject({ kind: 'gone', sites: [beta] });
  });

  it.each<[string, () => unknown, Origin]>([
    ['over another page', () => undefined, other],
    ['after ten minutes', () => (nowMs += draftLifetimeMs + 1), dashboard],
    ['after the clock was set back', () => (nowMs -= 1), dashboard],
    [
      'when the page was connected meanwhile',
      () => {
        have(aGrant({ grantedAtMs: nowMs }), []);
      },
      dashboard,
    ],
  ])('nothing is shown %s', async (_, act, origin) => {
    await choose();
    act();
    expect(await resumed(origin)).toBeUndefined();
  });

  it('nothing is kept for a page that was connected meanwhile, also when it is disconnected later', async () => {
    await choose();
    have(aGrant({ grantedAtMs: nowMs }), []);
    await resumed();
    expect(kept).toBeUndefined();
    have(undefined, [aSiteRow('Beta')]);
    expect(await resumed()).toBeUndefined();
  });

  it('nothing is kept after Back, and after the page was connected', async () => {
    await choose();
    const { store } = aStore();
    await store.resume(dashboard);
    store.close();
    expect(kept).toBeUndefined();
    await choose();
    await store.open(dashboard);
    store.change({ isEveryPath: true });
    await store.connect();
    expect(kept).toBeUndefined();
    expect(await resumed()).toBeUndefined();
  });
});
