// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ActivityEntryView, ActivityView } from '#wire/views.ts';
import { choose, press, showOptions } from '../../test/support/pages/options-page.tsx';
import {
  aCallEntry,
  ada,
  anActivityView,
  anOverview,
  clientId,
  dashboard,
  FakeWorker,
  otherSessionId,
  sessionId,
} from '../../test/support/samples/ui-views.ts';

vi.mock('../../extension/browser/i18n.ts', () => import('../../test/support/english.ts'));
afterEach(cleanup);

let worker: FakeWorker;
let log: ActivityView;

beforeEach(() => {
  worker = new FakeWorker().answer('activity.list', ({ limit }: { readonly limit: number }) => ({
    ...log,
    entries: log.entries.slice(0, limit),
  }));
});

const other = 'https://other.example' as typeof dashboard;
const many = (count: number): ActivityEntryView[] =>
  Array.from({ length: count }, (_, at) => aCallEntry({ id: count - at, path: `/rest/${at}` }));
const show = (entries: readonly ActivityEntryView[], hash = '#/activity', part = {}) => {
  log = anActivityView({ entries, ...part });
  return showOptions(worker, anOverview(), hash);
};
// Not by role: that takes a second for some hundred rows.
const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('.entries > li')];
const onlyRow = (): HTMLElement => {
  const [row, ...others] = rows();
  expect(others).toEqual([]);
  return row!;
};

it('shows the entries by day, the latest first', async () => {
  const noon = new Date().setHours(12, 0, 0, 0);
  const day = 86_400_000;
  await show([
    aCallEntry({ id: 3, atMs: noon }),
    aCallEntry({ id: 2, atMs: noon - day, path: '/rest/b' }),
    aCallEntry({ id: 1, atMs: new Date(2026, 0, 5, 9).getTime(), path: '/rest/c' }),
  ]);
  expect(screen.getAllByRole('heading', { level: 2 }).map((one) => one.textContent)).toEqual([
    'Today',
    'Yesterday',
    'Monday, January 5, 2026',
  ]);
  expect(rows()).toHaveLength(3);
});

it('an entry tells time, page, call, site and account, result, status and duration', async () => {
  await show([aCallEntry({ attempts: 2 })]);
  const row = onlyRow();
  expect(row.textContent).toContain('GET /rest/api/3/myself');
  expect(row.textContent).toContain(`${dashboard} → acme.atlassian.net Jira`);
  expect(row.textContent).toContain('as Ada Lovelace');
  expect(within(row).getByText('OK')).toBeDefined();
  expect(row.textContent).toContain('HTTP 200 · 12 ms · sent 2 times');
  expect(row.querySelector('time')?.dateTime).toMatch(/^\d{4}-.*Z$/u);
});

describe('a call that did not succeed', () => {
  const page = `#/connected-pages/${encodeURIComponent(dashboard)}`;
  it.each<[Parameters<typeof aCallEntry>[0], string, string?, string?]>([
    [{ code: 'not_allowed', rule: 'access' }, 'connected for reading', 'Allow writing', page],
    [{ code: 'not_allowed', rule: 'paths' }, 'covers some paths', 'Change the paths', page],
    [{ code: 'not_allowed', rule: 'site' }, 'not connected to this site', 'Change the sites', page],
    [{ code: 'site_required', rule: 'site-choice' }, 'fits several', 'Choose a default site', page],
    [{ rule: 'consent' }, 'session has ended', 'Sign in again', `#/sessions/${sessionId}`],
    [{ code: 'grant_rejected' }, 'Sign in again', 'Sign in again', `#/sessions/${sessionId}`],
    [{ code: 'client_rejected' }, 'client secret', 'Check the client', `#/clients/${clientId}`],
    [{ rule: 'credentials' }, 'makes credentials'],
    [{ rule: 'header', subject: 'header cookie' }, 'pages may not set. (cookie)'],
    [{ code: 'too_large' }, '25 MiB'],
  ])('%j', async (part, reason, mend, href) => {
    await show([aCallEntry({ result: 'refused', ...part })]);
    const row = onlyRow();
    expect(row.textContent).toContain('Refused');
    expect(row.textContent).toContain(reason);
    const links = within(row).queryAllByRole('link');
    expect(links.map((link) => [link.textContent, link.getAttribute('href')])).toEqual(
      mend === undefined ? [] : [[mend, href]],
    );
  });

  it('names the scopes, and one click adds them to the client and signs in again', async () => {
    worker.answer('client.get', () => anOverview().clients[0]);
    const missingScopes = ['write:jira-work'];
    const { store } = await show([
      aCallEntry({ result: 'failed', lacksScope: true, rule: 'scopes', missingScopes }),
    ]);
    const button = screen.getByRole('button', { name: 'Add and sign in again' });
    const description = document.getElementById(button.getAttribute('aria-describedby') ?? '');
    expect(description?.textContent).toBe(
      'Ada Lovelace: The sign-in has no scope for this call. Missing: write:jira-work',
    );
    fireEvent.click(button);
    await waitFor(() => {
      expect(worker.bodies('flow.start')).toEqual([{ clientId, sessionId }]);
    });
    const [{ client } = { client: { scopes: [''] } }] = worker.bodies('client.update') as {
      client: { scopes: string[] };
    }[];
    expect(client.scopes).toContain('write:jira-work');
    // The session has the scope now.
    log = anActivityView({ entries: [aCallEntry({ result: 'failed', lacksScope: true })] });
    await store.activity.load();
    await screen.findByText('The sign-in had no scope for this call.');
    expect(screen.queryByRole('button', { name: 'Add and sign in again' })).toBeNull();
  });

  it('offers no sign-in for an operation that is closed to apps', async () => {
    await show([aCallEntry({ result: 'failed', lacksScope: true, rule: 'closed-to-3lo' })]);
    expect(onlyRow().textContent).toContain('Atlassian lets no OAuth 2.0 (3LO) app');
    expect(within(onlyRow()).queryByRole('button')).toBeNull();
  });
});

it('questions and connections have words of their own', async () => {
  const common = { origin: dashboard, atMs: Date.now() };
  await show([
    {
      ...common,
      id: 3,
      kind: 'question',
      result: 'refused',
      asked: 'access',
      access: 'write',
      tookMs: 1,
    },
    { ...common, id: 2, kind: 'disconnected', result: 'ok', isByPage: true },
    { ...common, id: 1, kind: 'connected', result: 'ok' },
  ]);
  expect(
    rows().map((row) => within(row).queryByText(/Denied|itself|Connected/u)?.textContent),
  ).toEqual(['Denied', 'Disconnected by the page itself', 'Connected']);
});

it('filters by page, site and result', async () => {
  const site = aCallEntry().site!;
  const world = await show([
    aCallEntry({ id: 4, result: 'failed', status: 404 }),
    aCallEntry({ id: 3, origin: other }),
    aCallEntry({
      id: 2,
      site: { ...site, url: 'https://beta.atlassian.net', product: 'confluence' },
    }),
    aCallEntry({ id: 1 }),
  ]);
  choose('Result', 'failed');
  await waitFor(() => expect(rows()).toHaveLength(1));
  choose('Result', '');
  const select = screen.getByLabelText<HTMLSelectElement>('Site');
  expect([...select.options].map(({ text }) => text)).toEqual([
    'All sites',
    'acme.atlassian.net Jira',
    'beta.atlassian.net Confluence',
  ]);
  choose('Site', select.options[2]!.value);
  await waitFor(() => expect(rows()).toHaveLength(1));
  choose('Page', other);
  await screen.findByText('No entry matches these filters.');
  expect(world.hash).toBe(`#/activity/${encodeURIComponent(other)}`);
  await press('Show all');
  await waitFor(() => expect(rows()).toHaveLength(4));
  expect(world.hash).toBe('#/activity');
  expect(document.activeElement).toBe(screen.getByRole('heading', { level: 1 }));
});

it('draws a hundred entries at once, and keeps the focus when the last ones are drawn', async () => {
  await show(many(250));
  expect(rows()).toHaveLength(100);
  expect(screen.getByText('250 entries')).toBeDefined();
  await press('Show more');
  await waitFor(() => expect(rows()).toHaveLength(200));
  screen.getByRole('button', { name: 'Show more' }).focus();
  await press('Show more');
  await waitFor(() => expect(rows()).toHaveLength(250));
  expect(document.activeElement?.textContent).toBe('250 of 250 entries shown');
});

it('adds what was recorded since, and keeps rows and focus', async () => {
  const { store } = await show(many(150));
  await press('Show more');
  await waitFor(() => expect(rows()).toHaveLength(150));
  const last = rows().at(-1);
  const button = screen.getByRole('button', { name: 'Copy as text' });
  button.focus();
  log = { ...log, entries: [aCallEntry({ id: 151, path: '/rest/new' }), ...log.entries] };
  await store.activity.loadLatest();
  await screen.findByText('151 entries');
  expect(worker.bodies('activity.list').at(-1)).toEqual({ limit: 100 });
  expect(rows()[0]?.textContent).toContain('/rest/new');
  expect([rows().at(-1), document.activeElement]).toEqual([last, button]);
});

it('loads everything when more was recorded than it asked for', async () => {
  const { store } = await show(many(50));
  log = { ...log, entries: many(400) };
  await store.activity.loadLatest();
  expect(store.activity.entries.value).toHaveLength(400);
});

it('copies all entries that match as plain text', async () => {
  const { copied } = await show([
    ...many(150).map((entry) => ({ ...entry, result: 'failed' as const, status: 404 })),
    aCallEntry({ id: 0, atMs: 0, result: 'refused', code: 'not_allowed', rule: 'access' }),
  ]);
  choose('Result', 'failed');
  await press('Copy as text');
  await screen.findByText('Copied');
  expect(copied[0]?.split('\n')).toHaveLength(150);
  choose('Result', 'refused');
  await waitFor(() => expect(rows()).toHaveLength(1));
  await press('Copy as text');
  await waitFor(() => expect(copied).toHaveLength(2));
  expect(copied[1]).toBe(
    `1970-01-01T00:00:00.000Z  ${dashboard}  GET /rest/api/3/myself  https://acme.atlassian.net jira  Refused  HTTP 200  12 ms  The call changes data, and the page is connected for reading only.`,
  );
});

it('erases the log after one confirmation', async () => {
  await show([aCallEntry()]);
  await press('Clear');
  expect(document.activeElement?.textContent).toBe('Erase what was recorded?');
  await press('Cancel');
  await waitFor(() => {
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Clear' }));
  });
  expect(worker.bodies('activity.clear')).toEqual([]);
  await press('Clear');
  log = anActivityView();
  await press('Erase');
  await screen.findByText('Nothing was recorded yet');
  expect(worker.bodies('activity.clear')).toEqual([{}]);
  expect(document.activeElement).toBe(screen.getByRole('heading', { level: 1 }));
});

it('says that the log is off, and where to turn it on', async () => {
  await show([], '#/activity', { isOn: false });
  await screen.findByText('The activity log is off');
  expect(screen.getByRole('link', { name: 'Open Settings' }).getAttribute('href')).toBe(
    '#/settings',
  );
});

it('counts the calls of each page in 30 days', async () => {
  const count = { ok: 3, failed: 2, refused: 1, aborted: 0 };
  await show([aCallEntry()], '#/activity', {
    days: [
      { ...count, origin: dashboard, day: '2026-11-25' },
      { ...count, origin: other, day: '2026-11-26', ok: 9 },
      { ...count, origin: dashboard, day: '2026-11-26' },
    ],
  });
  const table = screen.getByRole('table', { name: 'Calls in the last 30 days' });
  const cells = within(table)
    .getAllByRole('row')
    .map((row) => [...row.children].map(({ textContent }) => textContent));
  expect(cells).toEqual([
    ['Page', 'All', 'OK', 'Failed', 'Refused', 'Stopped by the page'],
    [dashboard, '12', '6', '4', '2', '0'],
    [other, '12', '9', '2', '1', '0'],
  ]);
});

it('says why the log could not be loaded', async () => {
  worker.refuse('activity.list', 'storage_failed');
  await showOptions(worker, anOverview(), '#/activity');
  expect((await screen.findByRole('alert')).textContent).toContain('could not store');
});

it('names the account of each site where several accounts called', async () => {
  const site = aCallEntry().site!;
  await show(
    [aCallEntry({ id: 2 }), aCallEntry({ id: 1, site: { ...site, sessionId: otherSessionId } })],
    '#/activity',
    {
      sessions: [
        { id: sessionId, clientId, account: ada },
        { id: otherSessionId, clientId, account: { name: 'Bo' } },
      ],
    },
  );
  const texts = [...screen.getByLabelText<HTMLSelectElement>('Site').options].map(
    ({ text }) => text,
  );
  expect(texts.slice(1)).toEqual([
    'acme.atlassian.net Jira as Ada Lovelace',
    'acme.atlassian.net Jira as Bo',
  ]);
});
