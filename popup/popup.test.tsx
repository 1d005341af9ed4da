// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Origin } from '#core/values/origin.ts';
import type { PopupView, SessionProblem } from '#wire/list-views.ts';
import { hiddenIn, withHidden } from '../test/support/pages/hidden-characters.ts';
import { showPopup } from '../test/support/pages/popup-page.tsx';
import {
  aConnectedSite,
  aConnection,
  aPopupView,
  aSessionRow,
  withoutSession,
} from '../test/support/samples/popup-views.ts';
import { listSites } from '../test/support/samples/site-rows.ts';
import {
  aDenial,
  aGrantWithChoices,
  clientId,
  dashboard,
  FakeWorker,
  grace,
  otherSessionId,
  sessionId,
} from '../test/support/samples/ui-views.ts';
import type { PopupPorts } from './store.ts';

vi.mock('../extension/browser/i18n.ts', () => import('../test/support/english.ts'));
afterEach(cleanup);

let worker: FakeWorker;
beforeEach(() => {
  worker = new FakeWorker();
});

const show = (view: PopupView, ports: Partial<PopupPorts> = {}) => showPopup(worker, view, ports);
const button = (name: string) => screen.findByRole<HTMLButtonElement>('button', { name });
const press = async (name: string) => fireEvent.click(await button(name));
/** The block of the page. */
const block = () => screen.getByRole('region', { name: /^https:|^This page$/u });
const text = () => block().textContent;

describe('a page that is not connected', () => {
  it('says so, with one button', async () => {
    await show(aPopupView());
    expect(text()).toMatch(/^Not connectedhttps:\/\/dashboard\.exampleConnect this page$/u);
    expect((await button('Connect this page')).disabled).toBe(false);
  });

  it.each([
    ['that has no origin to connect', { host: '' }, aPopupView(), /cannot be connected/u],
    ['that has no known address', {}, aPopupView(), /until you open this popup again/u],
    [
      'without a session that can be used',
      { origin: dashboard },
      aPopupView({ canConnect: false }),
      /Sign in first/u,
    ],
  ])('%s says why not', async (_, page, view, reason) => {
    await show(view, { activePage: () => Promise.resolve(page) });
    const connect = await button('Connect this page');
    expect(connect.disabled).toBe(true);
    const hint = document.getElementById(connect.getAttribute('aria-describedby') ?? '');
    expect(hint?.textContent).toMatch(reason);
  });

  it('leads to the first run without a client, and back from there', async () => {
    const { opened } = await show(withoutSession({ clients: [] }));
    await press('Set up Threelo');
    expect(opened).toEqual(['#/welcome?from=https%3A%2F%2Fdashboard.example']);
    expect(screen.queryByRole('button', { name: /Connect|Sign in/u })).toBeNull();
  });

  it('offers the sign-in without a session', async () => {
    await show(withoutSession());
    await press('Sign in');
    expect(worker.bodies('flow.start')).toEqual([{ clientId }]);
    expect(screen.queryByRole('button', { name: 'Connect this page' })).toBeNull();
  });
});

describe('what came of a choice that the browser was asked for', () => {
  const failed = aPopupView({
    connectOutcome: { origin: dashboard, result: 'failed', isChange: true },
  });
  const said = `The connection of ${dashboard} was not changed.`;

  it('is said, until it is dismissed', async () => {
    await show(failed);
    expect(document.body.textContent).toContain(said);
    await press('Dismiss');
    expect(worker.bodies('grant.dismiss')).toEqual([{}]);
  });

  it('is said also where the choice is shown again', async () => {
    listSites(worker, []);
    worker.refuse('grant.get', 'not_connected');
    const terms = { access: 'read', duration: 'always', isEveryPath: true, pathsText: '' };
    const kept = { origin: dashboard, keptAtMs: 0, filter: '', chosen: [], terms };
    const keep = () => Promise.resolve();
    await show(failed, { drafts: { read: () => Promise.resolve(kept), keep, nowMs: () => 1 } });
    const panel = await screen.findByRole('region', { name: 'Connect this page' });
    expect(panel.textContent).toContain(said);
  });
});

describe('a connected page', () => {
  it('says to which sites as whom, and its access', async () => {
    const sites = [
      aConnectedSite('Acme'),
      aConnectedSite('Beta', { sessionId: otherSessionId, account: grace }),
    ];
    await show(aPopupView({ page: aConnection({ access: 'write', sites }) }));
    expect(text()).toMatch(/^ConnectedRead and writehttps:\/\/dashboard\.example/u);
    const rows = within(block()).getAllByRole('listitem');
    expect(rows.map(({ textContent }) => textContent)).toEqual([
      'AAcme Jiraacme.atlassian.net · as Ada LovelaceWorks',
      'BBeta Jirabeta.atlassian.net · as Grace HopperWorks',
    ]);
  });

  it.each<[SessionProblem, RegExp, string]>([
    ['sign-in', /no longer accepts/u, 'Sign in again'],
    ['refresh-refused', /refuses to renew/u, 'Sign in again'],
    ['account-unknown', /whose session/u, 'Sign in again'],
    ['site-lost', /no longer has access/u, 'Sign in again'],
    ['client-rejected', /refuses the client/u, 'Check the client'],
    ['key-lost', /RSA key/u, 'Check the client'],
    ['other-account', /another account/u, 'Choose again'],
  ])('with the problem %s needs its person, not "connected"', async (problem, words, remedy) => {
    const sites = [
      aConnectedSite('Acme', { problem }),
      aConnectedSite('Beta', { problem }),
      aConnectedSite('Gamma', { sessionId: otherSessionId, account: grace }),
    ];
    const { opened } = await show(aPopupView({ page: aConnection({ sites }) }));
    expect(text()).toMatch(/^Needs you/u);
    expect(text()).not.toMatch(/Connected/u);
    // One line for both sites of the session.
    expect(within(block()).getAllByText(words)).toHaveLength(1);
    const mend = within(block()).getByRole('button', { name: remedy });
    expect(
      document.getElementById(mend.getAttribute('aria-describedby') ?? '')?.textContent,
    ).toMatch(words);
    fireEvent.click(mend);
    if (remedy === 'Sign in again')
      await waitFor(() => expect(worker.bodies('flow.start')).toEqual([{ clientId, sessionId }]));
    if (remedy === 'Check the client') expect(opened).toEqual([`#/clients/${clientId}`]);
    if (remedy === 'Choose again') expect(await button('Connect')).toBeDefined();
  });

  it('that is suspended says why, and asks the browser again', async () => {
    const requestHostPatterns = vi.fn(() => Promise.resolve(false));
    const page = aConnection({ hasHostPermission: false });
    await show(aPopupView({ page }), { requestHostPatterns });
    expect(text()).toMatch(/^Suspended/u);
    expect(text()).not.toContain('Works');
    await press('Allow again');
    expect(requestHostPatterns).toHaveBeenCalledExactlyOnceWith([`${dashboard}/*`]);
    expect(await screen.findByText(/permission was refused.* still suspended/u)).toBeDefined();
  });

  it('that is paused says so, and is resumed', async () => {
    await show(aPopupView({ page: aConnection({ isPaused: true }) }));
    expect(text()).toMatch(/^Paused/u);
    await press('Resume');
    expect(worker.bodies('grant.pause')).toEqual([{ origin: dashboard, isPaused: false }]);
  });

  it('says which sessions lack the scopes for its access, and leads to them', async () => {
    const sites = [
      aConnectedSite('Acme', { scopedAccess: 'read', sessionId: otherSessionId }),
      aConnectedSite('Beta', { scopedAccess: 'none' }),
      aConnectedSite('Gamma', { scopedAccess: 'write' }),
    ];
    const { opened } = await show(aPopupView({ page: aConnection({ access: 'write', sites }) }));
    const rows = within(block()).getAllByRole('listitem');
    expect(rows.map(({ textContent }) => textContent.replace(/^.*Lovelace/u, ''))).toEqual([
      'No scope to writeDetails',
      'No scope for this productDetails',
      'Works',
    ]);
    fireEvent.click(within(block()).getAllByRole('button', { name: 'Details' })[0]!);
    expect(opened).toEqual([`#/sessions/${otherSessionId}`]);
  });

  it('with more sites than are shown leads to all of them', async () => {
    const { opened } = await show(aPopupView({ page: aConnection({ siteCount: 31 }) }));
    await press('30 more sites');
    expect(opened).toEqual(['#/connected-pages/https%3A%2F%2Fdashboard.example']);
  });

  it('shows what limits it, and changes the default sites', async () => {
    const { sites, choices } = aGrantWithChoices();
    const page = aConnection({
      choices,
      choosable: sites,
      paths: ['/rest/api/3/issue/'],
      duration: 'session',
    });
    await show(aPopupView({ page }));
    expect(within(block()).getByText('/rest/api/3/issue/').localName).toBe('code');
    expect(text()).toContain('Until the browser closes');
    const select = within(block()).getByLabelText<HTMLSelectElement>('Default site for Jira');
    expect([...select.options].map((option) => option.text)).toEqual([
      'Ask when needed',
      'Acme Jira as Ada Lovelace',
      'Acme Jira as Grace Hopper',
      'Beta Jira as Ada Lovelace',
    ]);
    fireEvent.change(select, { target: { value: '' } });
    expect(worker.bodies('grant.choose')).toEqual([{ origin: dashboard, key: 'jira' }]);
  });

  it('is disconnected without a question, and connected again as it was', async () => {
    const grant = { ...aGrantWithChoices(), access: 'write' as const, paths: ['/wiki/'] };
    const requestHostPatterns = vi.fn(() => Promise.resolve(true));
    const { store } = await show(aPopupView({ page: aConnection() }), { requestHostPatterns });
    worker.answer('grant.get', () => grant).answer('popup.view', () => aPopupView());
    const disconnect = await button('Disconnect');
    disconnect.focus();
    fireEvent.click(disconnect);
    expect(await screen.findByText(/^Disconnected\./u)).toBeDefined();
    expect(document.activeElement?.textContent).toBe(dashboard);
    expect(worker.bodies('grant.remove')).toEqual([{ origin: dashboard }]);
    worker.answer('popup.view', () => aPopupView({ page: aConnection() }));
    await press('Connect again');
    await screen.findByText('Connected');
    expect(requestHostPatterns).toHaveBeenCalledOnce();
    const sites = grant.sites.map(({ cloudId, product, sessionId: id }) => ({
      cloudId,
      product,
      sessionId: id,
    }));
    expect(worker.bodies('grant.prepare')).toEqual([
      { origin: dashboard, sites, access: 'write', duration: 'always', paths: ['/wiki/'] },
    ]);
    expect(worker.bodies('grant.choose')).toEqual([
      { origin: dashboard, key: 'jira', site: sites[1] },
    ]);
    expect(store.pageConnection.ended.value).toBeUndefined();
  });

  it('lists what was denied to it, and forgets it without losing the focus', async () => {
    const [first, second] = [
      aDenial({ products: ['jira', 'confluence'], paths: ['/wiki/'] }),
      aDenial({ id: 'site', kind: 'site', product: 'jira' }),
    ];
    await show(aPopupView({ page: aConnection(), denials: [first, second] }));
    expect(text()).toContain('Asked to read and change data of Jira and Confluence');
    expect(text()).toContain('Asked which Jira site to use');
    const forget = (): HTMLElement[] => screen.queryAllByRole('button', { name: 'Forget' });
    worker.answer('popup.view', () => aPopupView({ page: aConnection(), denials: [second] }));
    fireEvent.click(forget()[0]!);
    await waitFor(() => expect(forget()).toHaveLength(1));
    expect(document.activeElement).toBe(forget()[0]);
    worker.answer('popup.view', () => aPopupView({ page: aConnection() }));
    fireEvent.click(forget()[0]!);
    await waitFor(() => expect(forget()).toEqual([]));
    expect(document.activeElement?.textContent).toBe(dashboard);
  });
});

it('has one heading of the first level, and leads to the options', async () => {
  const { opened } = await show(
    aPopupView({
      page: aConnection(),
      needsPerson: { count: 1, rows: [aSessionRow({ id: otherSessionId, problem: 'sign-in' })] },
    }),
  );
  const levels = screen.getAllByRole('heading').map(({ localName }) => localName);
  expect(levels).toEqual(['h1', 'h2', 'h2', 'h3', 'h2', 'h3', 'h2']);
  await press('Options');
  expect(opened).toEqual([undefined]);
});

it('shows a sign-in that runs on top, and offers no other one', async () => {
  const flow = { clientId, clientName: 'Acme app', state: 'waiting', startedAtMs: 0 } as const;
  await show(withoutSession({ flow }));
  expect(screen.getByRole('main').textContent).toMatch(/^Waiting for the sign-in/u);
  expect(screen.queryByRole('button', { name: 'Sign in' })).toBeNull();
  await press('Show window');
  await press('Cancel');
  expect(worker.sent.map(([name]) => name)).toEqual(
    expect.arrayContaining(['flow.show', 'flow.cancel']),
  );
});

it('shows hidden characters of names by their number, in titles too', async () => {
  const view = aPopupView({
    page: aConnection({
      ...aGrantWithChoices(),
      choosable: aGrantWithChoices().sites,
      sites: [aConnectedSite('A'), aConnectedSite('B', { account: grace, problem: 'sign-in' })],
    }),
    needsPerson: { count: 1, rows: [aSessionRow({ id: otherSessionId, problem: 'sign-in' })] },
    connectOutcome: { origin: dashboard, result: 'connected' },
  });
  await show(withHidden(view));
  for (const closed of document.querySelectorAll<HTMLElement>('[aria-expanded=false]'))
    fireEvent.click(closed);
  await screen.findAllByRole('link');
  expect(hiddenIn(document).raw).toEqual([]);
  expect(hiddenIn(document).shown).toBeGreaterThan(5);
});

it('isolates names from servers, and shows another origin as it is', async () => {
  const origin = 'https://xn--80ak6aa92e.example' as Origin;
  const account = { name: 'Ada\u202Egnp.exe' };
  await show(
    aPopupView({ page: aConnection({ origin, sites: [aConnectedSite('A', { account })] }) }),
    {
      activePage: () => Promise.resolve({ origin, host: 'x' }),
    },
  );
  expect(within(block()).getByText(origin).localName).toBe('bdi');
  expect(within(block()).getByText(/Ada.*gnp/u).localName).toBe('bdi');
});
