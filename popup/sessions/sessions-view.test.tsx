// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionId } from '#core/session/session.ts';
import type { Listed, PopupView, SessionRow } from '#wire/list-views.ts';
import { showPopup } from '../../test/support/pages/popup-page.tsx';
import {
  aPopupView,
  aSessionRow,
  aSignInClient,
  withoutSession,
} from '../../test/support/samples/popup-views.ts';
import { aSite, clientId, FakeWorker, sessionId } from '../../test/support/samples/ui-views.ts';

vi.mock('../../extension/browser/i18n.ts', () => import('../../test/support/english.ts'));
afterEach(cleanup);

let worker: FakeWorker;
beforeEach(() => {
  worker = new FakeWorker().answer('site.find', () => ({ total: 0, matching: 0, rows: [] }));
});

const show = (view: PopupView) => showPopup(worker, view);
const button = (name: string | RegExp) => screen.findByRole<HTMLButtonElement>('button', { name });
const press = async (name: string | RegExp) => {
  const found = await button(name);
  found.focus();
  fireEvent.click(found);
};
const item = (name: RegExp) => screen.getByRole('listitem', { name });
const numbered = (count: number, part: Partial<SessionRow> = {}): SessionRow[] =>
  Array.from({ length: count }, (_, at) =>
    aSessionRow({
      id: `s${String(at)}` as SessionId,
      account: { name: `Person ${String(at)}` },
      ...part,
    }),
  );
const listed = (rows: readonly SessionRow[], matching = rows.length): Listed<SessionRow> => ({
  total: 200,
  matching,
  rows,
});

describe('a session in a list', () => {
  it('says account, client, state and some sites, which open in a new tab', async () => {
    const matchingSites = [aSite('Acme'), aSite('Beta', { product: 'confluence' })];
    await show(aPopupView({ recent: [aSessionRow({ siteCount: 12, matchingSites })] }));
    expect(screen.getByRole('heading', { level: 2, name: 'Sessions (1)' })).toBeDefined();
    const row = item(/^Ada Lovelace ?Acme app ?Signed in$/u);
    expect(row.textContent).toMatch(/Acme Jira, Beta Confluence, and 10 more sites$/u);
    const link = within(row).getByRole<HTMLAnchorElement>('link', { name: 'Acme Jira' });
    expect([link.getAttribute('href'), link.target, link.rel]).toEqual([
      'https://acme.atlassian.net',
      '_blank',
      'noreferrer',
    ]);
  });

  it('has no link to an address that is none of the web', async () => {
    const matchingSites = [aSite('Acme', { url: 'javascript:alert(1)' })];
    await show(aPopupView({ recent: [aSessionRow({ matchingSites })] }));
    expect(item(/Ada/u).textContent).toContain('Acme Jira');
    expect(within(item(/Ada/u)).queryByRole('link')).toBeNull();
  });

  it('lists its sites and refreshes them while it is open, and leads to its details', async () => {
    const sites = ['Acme', 'Beta', 'Gamma', 'Delta'].map((name) => aSite(name));
    const { opened } = await show(
      aPopupView({ recent: [aSessionRow({ siteCount: 4, matchingSites: sites.slice(0, 3) })] }),
    );
    worker.answer('site.find', () => ({
      total: 4,
      matching: 4,
      rows: sites.map((site, at) => ({ ...site, isOfTab: at === 0 })),
    }));
    await press(/^Ada/u);
    expect((await button(/^Ada/u)).getAttribute('aria-expanded')).toBe('true');
    await within(item(/Ada/u)).findByText('Delta');
    expect(worker.bodies('site.find')).toEqual([
      { filter: '', offset: 0, limit: 8, sessionId, host: 'dashboard.example' },
    ]);
    expect(screen.getAllByText('This tab')).toHaveLength(1);
    expect(item(/Ada/u).textContent).toMatch(
      /Ada Lovelace \(ada@acme\.example\).*Sites as of .*2023/u,
    );
    await press('Refresh sites');
    await press('Details');
    expect(worker.bodies('session.refresh-sites')).toEqual([{ id: sessionId }]);
    expect(opened).toEqual([`#/sessions/${sessionId}`]);
  });

  it('says in its row why an action on it failed', async () => {
    await show(aPopupView());
    worker.refuse('session.refresh-sites', 'provider_unreachable');
    await press(/^Ada/u);
    await press('Refresh sites');
    expect((await within(item(/Ada/u)).findByRole('alert')).textContent).toMatch(/try again/u);
    expect(screen.getAllByRole('alert')).toHaveLength(1);
    worker.answer('session.refresh-sites', () => null);
    await press('Refresh sites');
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  });

  it('says what ends before it signs out, and the focus stays in the list', async () => {
    const pages = [
      { origin: 'https://one.example', isOnlySession: true },
      { origin: 'https://two.example', isOnlySession: false },
    ];
    worker.answer('session.details', () => ({ pages }));
    await show(aPopupView({ recent: [aSessionRow({ pageCount: 2 })] }));
    await press(/^Ada/u);
    await press('Sign out');
    expect(worker.bodies('session.sign-out')).toEqual([]);
    const question = screen.getByRole('group', { name: /^Sign out Ada Lovelace ?\?/u });
    expect(question.textContent).toMatch(/The session ends.*2 connected pages lose its sites\./u);
    await waitFor(() =>
      expect(question.textContent).toMatch(
        /disconnected:https:\/\/one\.example.*lose its sites.*https:\/\/two\.example/u,
      ),
    );
    expect(question.contains(document.activeElement)).toBe(true);
    await press('Cancel');
    expect(document.activeElement).toBe(await button('Sign out'));
    await press('Sign out');
    worker.answer('popup.view', () => aPopupView({ recent: numbered(1) }));
    await press('Sign out');
    expect(worker.bodies('session.sign-out')).toEqual([{ id: sessionId }]);
    await waitFor(() => expect(screen.queryByText(/^Ada/u)).toBeNull());
    expect(document.activeElement).toBe(await button(/^Person 0/u));
  });

  it.each([
    ['Sign-in needed', { problem: 'sign-in', status: 'recoverable' }, /no longer accepts/u],
    [
      'Sign-in needed',
      { problem: 'sign-in', status: 'recoverable', probableCause: 'signed-in-elsewhere' },
      /Probably this app was signed in from another browser/u,
    ],
    [
      'Sign-in needed',
      { problem: 'sign-in', status: 'recoverable', probableCause: 'client-edited' },
      /An edit of its client ended this session/u,
    ],
    ['Ended', { problem: 'sign-in', status: 'unrecoverable' }, /has ended permanently/u],
    ['Not renewed', { problem: 'refresh-refused', refreshError: 'quota_used' }, /quota_used/u],
    ['Unknown account', { problem: 'account-unknown', isIdentified: false }, /not reported yet/u],
    ['Scopes missing', { missingScopes: ['read:jira-user'] }, /read:jira-user/u],
    ['Sites lost', { lostSites: [aSite('Globex')] }, /Globex Jira/u],
    ['No site', { siteCount: 0, matchingSites: [] }, /has no site/u],
  ] as const)('that is in the state %s says why, and signs in again', async (state, part, why) => {
    await show(aPopupView({ recent: [aSessionRow(part)] }));
    const row = item(new RegExp(`${state}$`, 'u'));
    await press(new RegExp(`${state}$`, 'u'));
    expect(row.textContent).toMatch(why);
    await press('Sign in again');
    await waitFor(() => expect(worker.bodies('flow.start')).toEqual([{ clientId, sessionId }]));
  });

  it.each([
    [
      'Client refused',
      { problem: 'client-rejected' },
      /refuses the client ID or the client secret/u,
    ],
    ['Key lost', { problem: 'key-lost' }, /RSA key of Acme app is lost/u],
  ] as const)('that is in the state %s leads to its client', async (state, part, why) => {
    const { opened } = await show(aPopupView({ recent: [aSessionRow(part)] }));
    await press('Check the client');
    await press(new RegExp(`${state}$`, 'u'));
    expect(item(/Ada/u).textContent).toMatch(why);
    await press('Check the client');
    expect(opened).toEqual([`#/clients/${clientId}`, `#/clients/${clientId}`]);
  });

  it.each([
    [{ unreadableSites: 2 }, /^2 entries of the provider’s list/u],
    [
      { siteCount: 0, matchingSites: [], sitesReadAtMs: undefined },
      /^The list of sites could not/u,
    ],
  ])('whose sites could not be read says so, and not that it has none', async (part, why) => {
    await show(aPopupView({ recent: [aSessionRow(part as Partial<SessionRow>)] }));
    await press(/Sites not read$/u);
    expect(screen.getByText(why)).toBeDefined();
    expect(screen.queryByText(/has no site/u)).toBeNull();
    expect(screen.queryByRole('button', { name: 'Sign in again' })).toBeNull();
  });
});

describe('the lists', () => {
  it('show those that need the person, with the button that mends each, while they are few', async () => {
    const rows = numbered(3, { problem: 'sign-in' });
    await show(aPopupView({ needsPerson: { count: 3, rows } }));
    expect(screen.getAllByRole('button', { name: 'Sign in again' })).toHaveLength(3);
    await press('Needs you (3)');
    expect(screen.queryByRole('button', { name: 'Sign in again' })).toBeNull();
  });

  it('fold those that need the person when they are many', async () => {
    await show(
      aPopupView({ needsPerson: { count: 4, rows: numbered(4, { problem: 'sign-in' }) } }),
    );
    expect((await button('Needs you (4)')).getAttribute('aria-expanded')).toBe('false');
  });

  it('show all sessions in parts of 60', async () => {
    const all = numbered(200);
    worker.answer('session.find', ({ offset }: { offset: number }) =>
      listed(all.slice(offset, offset + 60), 200),
    );
    await show(aPopupView({ recent: all.slice(0, 5), sessionCount: 200, siteCount: 5000 }));
    expect(screen.getByRole('button', { name: 'Recent (5)' })).toBeDefined();
    expect(worker.bodies('session.find')).toEqual([]);
    await press('200 sessions · 5,000 sites');
    const rows = () =>
      within(screen.getByRole('region', { name: /^200 sessions/u })).getAllByRole('listitem');
    await waitFor(() => expect(rows()).toHaveLength(60));
    expect(screen.getByText('60 of 200')).toBeDefined();
    await press('Show more');
    await waitFor(() => expect(rows()).toHaveLength(120));
    expect(document.activeElement).toBe(await button('Show more'));
  });
});

describe('the search', () => {
  it('is not there for few sessions with few sites', async () => {
    await show(aPopupView({ recent: numbered(3) }));
    expect(screen.queryByRole('searchbox')).toBeNull();
  });

  it('finds sessions, and shows the lists again when it is empty', async () => {
    await show(aPopupView({ recent: numbered(4) }));
    const field = screen.getByRole('searchbox', { name: 'Search sessions' });
    worker.answer('session.find', () => listed([aSessionRow()]));
    fireEvent.input(field, { target: { value: ' ada ' } });
    expect(await screen.findByRole('heading', { name: '1 session found' })).toBeDefined();
    expect(screen.queryByText('Person 1')).toBeNull();
    expect(worker.bodies('session.find')).toEqual([
      { filter: 'ada', offset: 0, limit: 60, order: 'last-use' },
    ]);
    worker.answer('session.find', () => listed([]));
    fireEvent.input(field, { target: { value: 'zzz' } });
    expect(await screen.findByRole('heading', { name: 'No session matches.' })).toBeDefined();
    fireEvent.input(field, { target: { value: '' } });
    expect(await screen.findByText('Person 1')).toBeDefined();
  });

  it('that fails says why, and tries again', async () => {
    await show(aPopupView({ recent: numbered(4) }));
    worker.refuse('session.find', 'unavailable');
    fireEvent.input(screen.getByRole('searchbox'), { target: { value: 'ada' } });
    expect(await screen.findByText(/does not respond/u)).toBeDefined();
    worker.answer('session.find', () => listed([aSessionRow()]));
    await press('Try again');
    expect(await screen.findByText('Ada Lovelace')).toBeDefined();
    expect(screen.queryByText(/does not respond/u)).toBeNull();
  });
});

describe('signing in', () => {
  const clients = (count: number) =>
    Array.from({ length: count }, (_, at) =>
      aSignInClient(`Client ${String(at)}`, `c${String(at)}`),
    );
  const offered = () => screen.queryAllByRole('button', { name: /^Sign in with Client/u });

  it('has a button for each of a few clients', async () => {
    await show(withoutSession({ clients: clients(6) }));
    expect(offered()).toHaveLength(6);
    expect(screen.queryByRole('searchbox')).toBeNull();
    await press('Sign in with Client 5');
    await waitFor(() => expect(worker.bodies('flow.start')).toEqual([{ clientId: 'c5' }]));
  });

  it('has a search for 300 clients, of which 60 at most are shown', async () => {
    await show(withoutSession({ clients: clients(300) }));
    expect(offered()).toHaveLength(60);
    expect(screen.getByText(/^240 more clients/u)).toBeDefined();
    fireEvent.input(screen.getByRole('searchbox', { name: 'Search clients' }), {
      target: { value: 'client 29' },
    });
    await waitFor(() => expect(offered()).toHaveLength(13));
    expect(screen.getByText('13 clients')).toBeDefined();
  });

  it('with another account is folded, and says how to switch', async () => {
    await show(aPopupView());
    expect(screen.queryByRole('button', { name: 'Sign in' })).toBeNull();
    await press('Sign in with another account');
    expect(screen.getByText(/switch accounts on that page/u)).toBeDefined();
    await press('Sign in');
    await waitFor(() => expect(worker.bodies('flow.start')).toEqual([{ clientId }]));
  });
});
