// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionId } from '#core/session/session.ts';
import type { SessionDetails, SessionRow } from '#wire/list-views.ts';
import { choose, press, showOptions, type } from '../../test/support/pages/options-page.tsx';
import { aSessionRow } from '../../test/support/samples/popup-views.ts';
import { aSiteRow, listSites } from '../../test/support/samples/site-rows.ts';
import {
  aCallEntry,
  aClient,
  anOverview,
  aSite,
  clientId,
  dashboard,
  FakeWorker,
  otherSessionId,
  sessionId,
} from '../../test/support/samples/ui-views.ts';

vi.mock('../../extension/browser/i18n.ts', () => import('../../test/support/english.ts'));
afterEach(cleanup);

const atMs = 1_700_000_000_000;
const dayMs = 86_400_000;
const aRow = (part: Partial<SessionRow> = {}): SessionRow =>
  aSessionRow({ grantedScopes: ['read:me', 'read:jira-work'], ...part });
const detailsOf = (part: Partial<SessionDetails> = {}): SessionDetails => ({
  row: aRow(),
  requestedScopes: aClient().scopes,
  products: ['jira'],
  renewableUntilMs: atMs + 90 * dayMs,
  pages: [],
  recentProblems: [],
  ...part,
});

let worker: FakeWorker;
let rows: SessionRow[];
let details: SessionDetails;

beforeEach(() => {
  rows = [aRow()];
  details = detailsOf();
  worker = new FakeWorker()
    .answer('session.find', ({ offset }: { readonly offset: number }) => ({
      total: rows.length,
      matching: rows.length,
      rows: rows.slice(offset, offset + 60),
    }))
    .answer('session.details', () => details);
  listSites(worker, [aSiteRow('Acme')]);
});

const at = (hash = '#/sessions') => showOptions(worker, anOverview(), hash);
const opened = `#/sessions/${sessionId}`;
const items = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('li.item')];
const open = async (part: Partial<SessionDetails> = {}) => {
  details = detailsOf(part);
  rows = [details.row];
  const world = await at(opened);
  await screen.findByRole('button', { name: 'Rename' });
  return world;
};

it('lists sessions: account, client, sites, last use, and the state as a word', async () => {
  rows = [
    aRow({ lastUsedAtMs: atMs, siteCount: 4 }),
    aRow({
      id: otherSessionId,
      account: { label: 'Work', name: 'Bo' },
      status: 'recoverable',
      problem: 'sign-in',
    }),
    aRow({ id: 'a' as SessionId, status: 'unrecoverable', problem: 'sign-in' }),
    aRow({ id: 'b' as SessionId, problem: 'client-rejected' }),
  ];
  await at();
  const texts = items().map(({ textContent }) => textContent);
  expect(texts[0]).toMatch(
    /^Ada Lovelaceada@acme\.example · Acme appSigned in4 sites · Last used on Nov/u,
  );
  expect(texts[1]).toMatch(/^WorkBo · Acme appSign-in needed/u);
  expect(texts[2]).toContain('Ended');
  expect(texts[3]).toContain('Client refused');
  const looks = items().map((item) => item.querySelector('svg')?.getAttribute('class'));
  expect(new Set(looks).size).toBe(3);
  expect(screen.getByText('4 sessions')).toBeDefined();
});

it('searches, sorts, and shows only those that need the person', async () => {
  await at();
  type('Search sessions', 'ada');
  choose('Sort by', 'account');
  const needing = screen.getByLabelText<HTMLInputElement>('Only those that need you');
  fireEvent.click(needing);
  await waitFor(() => {
    expect(worker.bodies('session.find').at(-1)).toEqual({
      filter: 'ada',
      offset: 0,
      limit: 60,
      order: 'account',
      only: 'needs-person',
    });
  });
  fireEvent.click(needing);
  await waitFor(() => {
    expect(worker.bodies('session.find').at(-1)).not.toHaveProperty('only');
  });
});

it('only the response to the last search counts', async () => {
  const { store } = await at();
  let answer = (_found: unknown): void => undefined;
  worker.answer('session.find', () => new Promise((resolve) => (answer = resolve)));
  const first = store.sessions.find({ filter: 'a' });
  await waitFor(() => expect(worker.bodies('session.find').at(-1)).toMatchObject({ filter: 'a' }));
  const late = answer;
  worker.answer('session.find', () => ({ total: 1, matching: 0, rows: [] }));
  await store.sessions.find({ filter: 'ab' });
  late({ total: 1, matching: 1, rows: [aRow()] });
  await first;
  expect(store.sessions.list.value?.rows).toEqual([]);
  await screen.findByText('No session matches.');
});

it('draws 60 of 200 sessions, and keeps the focus when it shows others', async () => {
  rows = Array.from({ length: 200 }, (_, one) => aRow({ id: String(one) as SessionId }));
  await at();
  expect(items()).toHaveLength(60);
  await press('Next');
  await screen.findByText('61–120 of 200');
  expect(document.activeElement?.textContent).toBe('61–120 of 200');
  expect(items()).toHaveLength(60);
});

it('opens a session by its name, and the address says which', async () => {
  const world = await at();
  const toggle = screen.getByRole('button', { name: 'Ada Lovelace' });
  expect(toggle.getAttribute('aria-expanded')).toBe('false');
  fireEvent.click(toggle);
  expect(world.hash).toBe(opened);
  await screen.findByRole('button', { name: 'Rename' });
  expect(toggle.getAttribute('aria-expanded')).toBe('true');
  fireEvent.click(toggle);
  expect(world.hash).toBe('#/sessions');
});

it('an opened session that is not among those listed is shown all the same', async () => {
  details = detailsOf();
  rows = [aRow({ id: otherSessionId })];
  await at(opened);
  await waitFor(() => expect(items()).toHaveLength(2));
});

it('says that a session no longer exists', async () => {
  worker.refuse('session.details', 'not_found');
  await at(opened);
  await screen.findByText(/This session no longer exists/u);
});

describe('an opened session', () => {
  it('tells when it ends and why', async () => {
    await open();
    const text = items()[0]?.textContent;
    expect(text).toContain('If that is not possible by Feb 12, 2024');
    expect(text).toContain('its refresh token lasts 90 days');
    cleanup();
    await open({ row: aRow({ endsAtMs: atMs + dayMs, isShortLived: true }) });
    expect(items()[0]?.textContent).toContain('because the scope offline_access is missing');
  });

  it('names the scopes that the client also asks for, and signs in to add them', async () => {
    await open({ row: aRow({ missingScopes: ['manage:jira-webhook'] }) });
    const button = screen.getByRole('button', { name: 'Sign in to add' });
    const description = document.getElementById(button.getAttribute('aria-describedby') ?? '');
    expect(description?.textContent).toBe('The client also asks for: manage:jira-webhook');
    fireEvent.click(button);
    await waitFor(() => {
      expect(worker.bodies('flow.start')).toEqual([{ clientId, sessionId }]);
    });
  });

  it('offers the scopes for writing', async () => {
    await open();
    expect(screen.getByText('Scopes for writing')).toBeDefined();
    expect(items()[0]?.textContent).toContain(
      'no scope for writing to Jira. Missing: write:jira-work',
    );
    cleanup();
    await open({ row: aRow({ grantedScopes: ['write:jira-work'] }) });
    expect(screen.queryByText('Scopes for writing')).toBeNull();
  });

  it('lists its pages, and the last calls that did not succeed', async () => {
    await open({
      pages: [{ origin: dashboard, isOnlySession: true }],
      recentProblems: [aCallEntry({ result: 'failed', status: 404 })],
    });
    expect(screen.getByRole('link', { name: dashboard }).getAttribute('href')).toBe(
      `#/connected-pages/${encodeURIComponent(dashboard)}`,
    );
    expect(items()[0]?.textContent).toContain('There is nothing at this path');
  });

  it('searches its sites', async () => {
    await open({ row: aRow({ siteCount: 40 }) });
    type('Search sites', 'beta');
    await waitFor(() => {
      expect(worker.bodies('site.find').at(-1)).toEqual({
        filter: 'beta',
        offset: 0,
        limit: 60,
        sessionId,
      });
    });
  });

  it('says what is wrong, with the button that mends it', async () => {
    await open({
      row: aRow({ status: 'recoverable', problem: 'sign-in', lostSites: [aSite('Beta')] }),
    });
    const text = items()[0]?.textContent;
    expect(text).toContain('The provider no longer accepts this session.');
    expect(text).toContain('This session no longer has access to Beta Jira.');
    expect(screen.getAllByRole('button', { name: 'Sign in again' })).toHaveLength(1);
    cleanup();
    await open({ row: aRow({ isClientRejected: true, problem: 'client-rejected' }) });
    expect(screen.getByRole('link', { name: 'Check the client' }).getAttribute('href')).toBe(
      `#/clients/${clientId}`,
    );
  });

  it('is renamed', async () => {
    await open();
    await press('Rename');
    const input = screen.getByLabelText<HTMLInputElement>('Your name for this session');
    expect(document.activeElement).toBe(input);
    expect(input.maxLength).toBe(60);
    type('Your name for this session', 'Work');
    await press('Save');
    await waitFor(() => {
      expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Rename' }));
    });
    expect(worker.bodies('session.rename')).toEqual([{ id: sessionId, label: 'Work' }]);
  });

  it('is signed out after one confirmation, which says what happens to its pages', async () => {
    const other = 'https://other.example' as typeof dashboard;
    const world = await open({
      pages: [
        { origin: dashboard, isOnlySession: true },
        { origin: other, isOnlySession: false },
      ],
    });
    await press('Sign out');
    const panel = screen.getByRole('region', { name: /^Sign out Ada Lovelace/u });
    expect(document.activeElement?.textContent).toBe('Sign out Ada Lovelace (ada@acme.example)?');
    expect(panel.textContent).toContain(`These pages are disconnected:${dashboard}`);
    expect(panel.textContent).toContain(`keep those of other sessions:${other}`);
    await press('Cancel');
    await waitFor(() => {
      expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Sign out' }));
    });
    expect(worker.bodies('session.sign-out')).toEqual([]);
    await press('Sign out');
    rows = [];
    worker.refuse('session.details', 'not_found');
    fireEvent.click(
      within(screen.getByRole('region', { name: /^Sign out/u })).getByRole('button', {
        name: 'Sign out',
      }),
    );
    await screen.findByText('Nobody is signed in');
    expect(worker.bodies('session.sign-out')).toEqual([{ id: sessionId }]);
    await waitFor(() => {
      expect(world.hash).toBe('#/sessions');
    });
    expect(document.activeElement).toBe(screen.getByRole('heading', { level: 1 }));
    expect(screen.queryByText(/no longer exists/u)).toBeNull();
  });

  it('reads its sites again, and says there why that failed', async () => {
    await open();
    worker.refuse('session.refresh-sites', 'no_site');
    await press('Refresh sites');
    expect((await screen.findByRole('alert')).textContent).toContain('no site was granted');
    expect(items()[0]?.contains(screen.getByRole('alert'))).toBe(true);
  });
});

it('says what a session is when nobody is signed in', async () => {
  rows = [];
  await at();
  await screen.findByText('Nobody is signed in');
  const link = screen.getByRole('link', { name: 'Choose a client to sign in with' });
  expect(link.getAttribute('href')).toBe('#/clients');
});
