// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClientId } from '#core/client/client-configuration.ts';
import type { Origin } from '#core/values/origin.ts';
import type { Overview } from '#wire/views.ts';
import { popupStore } from '../test/support/pages/popup-store.ts';
import {
  aClient,
  aDenial,
  aGrant,
  aGrantWithChoices,
  anOverview,
  aSession,
  aSite,
  clientId,
  dashboard,
  FakeWorker,
  sessionId,
} from '../test/support/samples/ui-views.ts';
import { Popup } from './popup.tsx';
import type { PopupPorts } from './store.ts';

vi.mock('../extension/browser/i18n.ts', () => import('../test/support/english.ts'));
afterEach(cleanup);

let worker: FakeWorker;
beforeEach(() => {
  worker = new FakeWorker();
});

async function show(overview: Overview, ports: Partial<PopupPorts> = {}) {
  worker.answer('overview.get', () => overview);
  const { store, opened } = popupStore(worker, ports);
  render(<Popup store={store} />);
  await store.open();
  await screen.findAllByRole('button');
  return opened;
}
const button = (name: string) => screen.findByRole<HTMLButtonElement>('button', { name });
const press = async (name: string) => fireEvent.click(await button(name));

describe('signing in', () => {
  it('opens the form for a new client when there is none', async () => {
    const opened = await show(anOverview({ clients: [], sessions: [] }));
    await press('Add client');
    await press('Options');
    expect(opened).toEqual(['#/clients/new', undefined]);
  });

  it('offers Sign in for the only client', async () => {
    await show(anOverview({ sessions: [] }));
    await press('Sign in');
    expect(worker.bodies('flow.start')).toEqual([{ clientId }]);
  });

  it('offers one button per client, with its name', async () => {
    const second = aClient({ id: 'x' as ClientId, name: 'Consulting' });
    await show(anOverview({ sessions: [], clients: [aClient(), second] }));
    await press('Sign in with Consulting');
    expect(worker.bodies('flow.start')).toEqual([{ clientId: 'x' }]);
  });

  it('shows that a sign-in waits, and offers no other one', async () => {
    const flow = { clientId, clientName: 'Acme app', state: 'waiting', startedAtMs: 0 } as const;
    await show(anOverview({ sessions: [], flow }));
    expect(await screen.findByText('Waiting for the sign-in…')).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Sign in' })).toBeNull();
  });
});

describe('a session', () => {
  it('shows its sites with the current one checked, and sends another choice', async () => {
    const sites = [aSite('Acme'), aSite('Acme', { product: 'confluence' })];
    await show(anOverview({ sessions: [aSession({ sites })] }));
    const card = await screen.findByRole('region', { name: 'Ada Lovelace' });
    const jira = within(card).getByRole<HTMLInputElement>('radio', { name: /Acme Jira/u });
    expect(jira.checked).toBe(true);
    fireEvent.click(within(card).getByRole('radio', { name: /Acme Confluence/u }));
    expect(worker.bodies('session.choose-site')).toEqual([
      { id: sessionId, site: { cloudId: 'cloud-acme', product: 'confluence' } },
    ]);
  });

  it('shows when its list of sites was read', async () => {
    await show(anOverview({ sessions: [aSession({ sitesReadAtMs: 1_700_000_000_000 })] }));
    expect(screen.getByText(/^Sites as of .*2023/u)).toBeDefined();
  });
  it.each([
    [{ sites: [] }, /^The list of sites could not be read/u],
    [{ sites: [], sitesReadAtMs: 1, unreadableSites: 1 }, /^1 entry of the provider's list/u],
    [{ sitesReadAtMs: 1, unreadableSites: 2 }, /^2 entries of the provider's list/u],
  ])(
    'with a list of sites that could not be read says so, and not that it has none',
    async (part, text) => {
      await show(anOverview({ sessions: [aSession(part)] }));
      expect(await screen.findByText(text)).toBeDefined();
      expect(screen.queryByText(/has no site/u)).toBeNull();
      expect(screen.queryByRole('button', { name: 'Sign in again' })).toBeNull();
    },
  );
  it('without a site says so', async () => {
    await show(anOverview({ sessions: [aSession({ sites: [], sitesReadAtMs: 1 })] }));
    expect(await screen.findByText(/has no site/u)).toBeDefined();
    expect(screen.queryByText(/could not be read/u)).toBeNull();
  });
  it('offers a filter above six sites', async () => {
    const sites = ['A', 'B', 'C', 'D', 'E', 'F', 'Gamma'].map((name) => aSite(name));
    await show(anOverview({ sessions: [aSession({ sites })] }));
    fireEvent.input(await screen.findByLabelText('Filter sites'), { target: { value: 'gam' } });
    await waitFor(() => expect(screen.getAllByRole('radio')).toHaveLength(1));
    fireEvent.input(screen.getByLabelText('Filter sites'), { target: { value: 'zzz' } });
    expect(await screen.findByText('No site matches.')).toBeDefined();
  });

  it('lists the missing scopes and signs in again', async () => {
    await show(anOverview({ sessions: [aSession({ missingScopes: ['read:jira-user'] })] }));
    expect(await screen.findByText(/read:jira-user/u)).toBeDefined();
    await press('Sign in again');
    expect(worker.bodies('flow.start')).toEqual([{ clientId, sessionId }]);
  });

  it('links to the client when the provider refuses the client', async () => {
    const opened = await show(anOverview({ sessions: [aSession({ isClientRejected: true })] }));
    expect(
      await screen.findByText(/refuses the client ID or the client secret of Acme app/u),
    ).toBeDefined();
    await press('Check the client');
    expect(opened).toEqual([`#/clients/${clientId}`]);
  });

  it('names an unknown error with which the provider refuses to renew the session', async () => {
    await show(anOverview({ sessions: [aSession({ refreshError: 'quota_used_up' })] }));
    expect(await screen.findByText(/refuses to renew this session.*quota_used_up/u)).toBeDefined();
    await press('Sign in again');
    expect(worker.bodies('flow.start')).toEqual([{ clientId, sessionId }]);
  });

  it('says that the app was probably signed in from another browser, and signs in again', async () => {
    const session = aSession({ status: 'recoverable', probableCause: 'signed-in-elsewhere' });
    await show(anOverview({ sessions: [session] }));
    expect(
      await screen.findByText(/Probably this app was signed in from another browser/u),
    ).toBeDefined();
    await press('Sign in again');
    expect(worker.bodies('flow.start')).toEqual([{ clientId, sessionId }]);
  });

  it('names no cause of a sign-in that is needed when none is probable, or when it is past', async () => {
    const ended = { status: 'unrecoverable', probableCause: 'signed-in-elsewhere' } as const;
    await show(anOverview({ sessions: [aSession({ status: 'recoverable' }), aSession(ended)] }));
    expect(await screen.findByText(/no longer accepts this session/u)).toBeDefined();
    expect(screen.getByText(/has ended permanently/u)).toBeDefined();
    expect(screen.queryByText(/another browser/u)).toBeNull();
  });

  it('links to the client when its RSA key is lost', async () => {
    const opened = await show(anOverview({ sessions: [aSession({ isKeyPairLost: true })] }));
    expect(await screen.findByText(/RSA key of Acme app is lost/u)).toBeDefined();
    await press('Check the client');
    expect(opened).toEqual([`#/clients/${clientId}`]);
  });

  it('lists the lost sites and signs in again', async () => {
    await show(anOverview({ sessions: [aSession({ lostSites: [aSite('Globex')] })] }));
    expect(await screen.findByText(/Globex Jira/u)).toBeDefined();
    await press('Sign in again');
    expect(worker.bodies('flow.start')).toEqual([{ clientId, sessionId }]);
  });

  it('signs out and refreshes its sites', async () => {
    await show(anOverview());
    await press('Refresh sites');
    await press('Sign out');
    await waitFor(() => expect(worker.bodies('session.sign-out')).toEqual([{ id: sessionId }]));
    expect(worker.bodies('session.refresh-sites')).toEqual([{ id: sessionId }]);
  });
});

describe('the page', () => {
  it('cannot be connected without an origin that can be connected', async () => {
    await show(anOverview(), { activePage: () => Promise.resolve({}) });
    expect((await button('Connect this page')).disabled).toBe(true);
  });

  it('is connected in a panel', async () => {
    await show(anOverview());
    await press('Connect this page');
    expect(await screen.findByRole('region', { name: 'Connect this page' })).toBeDefined();
    await press('Back');
    expect(await button('Connect this page')).toBeDefined();
  });

  it('shows its access when it is connected, and can be disconnected', async () => {
    await show(anOverview({ grants: [aGrant({ access: 'write' })] }));
    const card = await screen.findByRole('region', { name: 'This page is connected' });
    expect(within(card).getByText('Read and write')).toBeDefined();
    await press('Disconnect');
    expect(worker.bodies('grant.remove')).toEqual([{ origin: dashboard }]);
  });

  it('shows what limits it, and changes the default sites', async () => {
    const limits = { paths: ['/rest/api/3/issue/'], duration: 'session' } as const;
    await show(anOverview({ grants: [{ ...aGrantWithChoices(), ...limits }] }));
    const card = await screen.findByRole('region', { name: 'This page is connected' });
    expect(within(card).getByText('Only addresses that begin with this path:')).toBeDefined();
    expect(within(card).getByText('/rest/api/3/issue/').localName).toBe('code');
    expect(within(card).getByText('Until the browser closes')).toBeDefined();
    const select = within(card).getByLabelText<HTMLSelectElement>('Default site for Jira');
    expect([...select.options].map(({ text }) => text)).toEqual([
      'Ask when needed',
      'Acme Jira as Ada Lovelace',
      'Acme Jira as Grace Hopper',
      'Beta Jira as Ada Lovelace',
    ]);
    expect(select.selectedIndex).toBe(2);
    const account = within(card).getByLabelText<HTMLSelectElement>('Default account for Acme Jira');
    expect(account.selectedIndex).toBe(0);
    fireEvent.change(account, { target: { value: account.options[1]?.value } });
    fireEvent.change(select, { target: { value: '' } });
    expect(worker.bodies('grant.choose')).toEqual([
      {
        origin: dashboard,
        key: 'jira:cloud-acme',
        site: { cloudId: 'cloud-acme', product: 'jira', sessionId },
      },
      { origin: dashboard, key: 'jira' },
    ]);
  });

  it('lists what was denied to it, and forgets it without losing the focus', async () => {
    const other = aDenial({ id: 'other', origin: 'https://other.example' as Origin });
    const site = aDenial({ id: 'site', kind: 'site', product: 'jira' });
    let denials = [aDenial({ products: ['jira', 'confluence'], paths: ['/wiki/'] }), site, other];
    const overview = anOverview({ grants: [aGrant()] });
    await show(overview);
    worker.answer('overview.get', () => ({ ...overview, denials }));
    worker.answer('denial.forget', ({ id }: { id: string }) => {
      denials = denials.filter((denial) => denial.id !== id);
    });
    await press('Refresh sites');
    expect(
      await screen.findByText('Asked to read and change data of Jira and Confluence'),
    ).toBeDefined();
    expect(screen.getByText('/wiki/')).toBeDefined();
    expect(screen.getByText('Asked which Jira site to use')).toBeDefined();
    expect(screen.getAllByText(/^You denied this on Nov 14, 2023.* Until Nov 21/u)).toHaveLength(2);
    const forget = (): HTMLElement[] => screen.queryAllByRole('button', { name: 'Forget' });
    fireEvent.click(forget()[0]!);
    await waitFor(() => expect(forget()).toHaveLength(1));
    expect(document.activeElement).toBe(forget()[0]);
    fireEvent.click(forget()[0]!);
    await waitFor(() => expect(forget()).toEqual([]));
    expect(document.activeElement?.textContent).toContain('This page is connected');
    expect(document.activeElement).not.toBe(document.body);
  });

  it('requests the host permission again when its grant is suspended', async () => {
    const requestHostPatterns = vi.fn(() => Promise.resolve(false));
    const grants = [aGrant({ hasHostPermission: false })];
    await show(anOverview({ grants }), { requestHostPatterns });
    await press('Allow again');
    expect(requestHostPatterns).toHaveBeenCalledOnce();
    expect(await screen.findByText(/permission was refused.* still asleep/u)).toBeDefined();
  });
});
