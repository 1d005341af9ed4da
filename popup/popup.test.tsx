// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClientId } from '../extension/core/client/client-configuration.ts';
import type { Origin } from '../extension/core/values/origin.ts';
import type { Overview } from '../extension/wire/views.ts';
import { popupStore } from '../test/support/pages/popup-store.ts';
import {
  aClient,
  aGrant,
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

describe('the way in', () => {
  it('leads to the new-client form when there is no client', async () => {
    const opened = await show(anOverview({ clients: [], sessions: [] }));
    await press('Add client');
    await press('Options');
    expect(opened).toEqual(['#/clients/new', undefined]);
  });

  it('offers Sign in for the one client', async () => {
    await show(anOverview({ sessions: [] }));
    await press('Sign in');
    expect(worker.bodies('flow.start')).toEqual([{ clientId }]);
  });

  it('offers one way in per client, by its name', async () => {
    const second = aClient({ id: 'x' as ClientId, name: 'Consulting' });
    await show(anOverview({ sessions: [], clients: [aClient(), second] }));
    await press('Sign in with Consulting');
    expect(worker.bodies('flow.start')).toEqual([{ clientId: 'x' }]);
  });

  it('says that a sign-in waits, and offers no other', async () => {
    const flow = { clientId, clientName: 'Acme app', state: 'waiting', startedAtMs: 0 } as const;
    await show(anOverview({ sessions: [], flow }));
    expect(await screen.findByText('Waiting for the sign-in…')).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Sign in' })).toBeNull();
  });
});

describe('an account', () => {
  it('shows its sites with the current one ticked, and takes another choice', async () => {
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

  it('says from when its list of sites is', async () => {
    await show(anOverview({ sessions: [aSession({ sitesReadAtMs: 1_700_000_000_000 })] }));
    expect(screen.getByText(/^Sites as of .*2023/u)).toBeDefined();
  });
  it('offers a filter above six sites', async () => {
    const sites = ['A', 'B', 'C', 'D', 'E', 'F', 'Gamma'].map((name) => aSite(name));
    await show(anOverview({ sessions: [aSession({ sites })] }));
    fireEvent.input(await screen.findByLabelText('Filter sites'), { target: { value: 'gam' } });
    await waitFor(() => expect(screen.getAllByRole('radio')).toHaveLength(1));
    fireEvent.input(screen.getByLabelText('Filter sites'), { target: { value: 'zzz' } });
    expect(await screen.findByText('No site matches.')).toBeDefined();
  });

  it('names the scopes that are missing and signs in again', async () => {
    await show(anOverview({ sessions: [aSession({ missingScopes: ['read:jira-user'] })] }));
    expect(await screen.findByText(/read:jira-user/u)).toBeDefined();
    await press('Sign in again');
    expect(worker.bodies('flow.start')).toEqual([{ clientId, sessionId }]);
  });

  it('sends to the client when Atlassian refuses that', async () => {
    const opened = await show(anOverview({ sessions: [aSession({ isClientRejected: true })] }));
    expect(
      await screen.findByText(/refuses the client ID or the client secret of Acme app/u),
    ).toBeDefined();
    await press('Check the client');
    expect(opened).toEqual([`#/clients/${clientId}`]);
  });

  it('sends to the client when its RSA key is lost', async () => {
    const opened = await show(anOverview({ sessions: [aSession({ isKeyPairLost: true })] }));
    expect(await screen.findByText(/RSA key of Acme app is lost/u)).toBeDefined();
    await press('Check the client');
    expect(opened).toEqual([`#/clients/${clientId}`]);
  });

  it('names the sites that are lost and signs in again', async () => {
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
  it('cannot be connected when it has no origin of its own', async () => {
    await show(anOverview(), { activePage: () => Promise.resolve({}) });
    expect((await button('Connect this page')).disabled).toBe(true);
  });

  it('is connected from the panel, which shows its origin in full', async () => {
    const origin = `https://${'very-long.'.repeat(12)}example` as Origin;
    const requestHostPatterns = vi.fn(() => new Promise<boolean>(() => {}));
    await show(anOverview(), {
      activePage: () => Promise.resolve({ origin, host: 'x' }),
      requestHostPatterns,
    });
    await press('Connect this page');
    expect(await screen.findByText(origin)).toBeDefined();
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Read' }).checked).toBe(true);
    fireEvent.click(screen.getByRole('radio', { name: 'Read and write' }));
    await press('Connect');
    expect(requestHostPatterns).toHaveBeenCalledOnce();
    expect(worker.bodies('grant.prepare')).toMatchObject([{ origin, access: 'write' }]);
    expect(await screen.findByText(/Answer the browser's permission prompt/u)).toBeDefined();
  });

  it('that is connected shows its access and can be disconnected', async () => {
    await show(anOverview({ grants: [aGrant({ access: 'write' })] }));
    const card = await screen.findByRole('region', { name: 'This page is connected' });
    expect(within(card).getByText('Read and write')).toBeDefined();
    await press('Disconnect');
    expect(worker.bodies('grant.remove')).toEqual([{ origin: dashboard }]);
  });

  it('that the browser withholds is asked for again', async () => {
    const requestHostPatterns = vi.fn(() => Promise.resolve(false));
    const grants = [aGrant({ hasHostPermission: false })];
    await show(anOverview({ grants }), { requestHostPatterns });
    await press('Allow again');
    expect(requestHostPatterns).toHaveBeenCalledOnce();
    expect(await screen.findByText(/permission for this page was refused/u)).toBeDefined();
  });
});
