// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { cloudScopeSets } from '#core/provider/scope-catalogue.ts';
import { fault } from '#core/values/fault.ts';
import type { FlowView, Overview } from '#wire/views.ts';
import {
  press,
  savingWorker,
  sentClients,
  showOptions,
  type,
  valueOf,
} from '../../test/support/pages/options-page.tsx';
import {
  ada,
  aClient,
  anOverview,
  aSite,
  clientId,
  dashboard,
  sessionId,
  type FakeWorker,
} from '../../test/support/samples/ui-views.ts';

vi.mock('../../extension/browser/i18n.ts', () => import('../../test/support/english.ts'));
afterEach(cleanup);

const empty = anOverview({ clients: [] });
const flow = (part: Partial<FlowView>): FlowView => ({
  clientId,
  clientName: 'Atlassian Cloud',
  clientType: 'atlassian-cloud',
  state: 'waiting',
  startedAtMs: 0,
  ...part,
});
const signedIn = flow({ state: 'succeeded', sessionId, account: ada });
const row = (name: string) => ({ ...aSite(name), sessionId, account: ada, clientName: 'x' });

let worker: FakeWorker;
beforeEach(() => {
  worker = savingWorker().answer('site.find', () => ({
    total: 2,
    matching: 2,
    rows: [row('Acme'), row('Globex')],
  }));
});

/** The overview that the worker reports from now on. */
const report = (overview: Overview): void => void worker.answer('overview.get', () => overview);
/** Fills in the app, and signs in; the worker then has the client and this sign-in. */
async function saveAndSignIn(after: FlowView): Promise<void> {
  type('Client ID', 'app-id');
  type('Client secret', 'hidden');
  report(anOverview({ clients: [aClient()], flow: after }));
  await press('Save and sign in');
  await waitFor(() => expect(worker.bodies('flow.start')).toEqual([{ clientId }]));
}
const step = (name: string) => within(screen.getByRole('region', { name: new RegExp(name, 'u') }));

it('shows the callback URL before every field, and the steps in the console with its link', async () => {
  const world = await showOptions(worker, empty, '#/welcome');
  expect(screen.getByText('Step 1 of 4')).toBeDefined();
  const callback = await screen.findByLabelText<HTMLInputElement>('Callback URL of this browser');
  expect(document.querySelector('main :is(input, textarea)')).toBe(callback);
  await waitFor(() => expect(callback.value).toMatch(/^https:/u));
  await press('Copy Callback URL of this browser');
  expect(await screen.findByText('Step 2 of 4')).toBeDefined();
  expect(world.copied).toEqual([callback.value]);
  const link = step('Create the app').getByRole<HTMLAnchorElement>('link');
  expect(link.href).toBe('https://developer.atlassian.com/console/myapps/');
  expect(screen.getByText('write:page:confluence')).toBeDefined();
});

it('needs no more than the client ID and the secret, saves and signs in by one button', async () => {
  await showOptions(worker, empty, '#/welcome');
  await saveAndSignIn(flow({}));
  expect(sentClients(worker)).toMatchObject([
    { name: 'Atlassian Cloud', clientId: 'app-id', clientSecret: 'hidden' },
  ]);
  expect(sentClients(worker)[0]?.['scopes']).toEqual(cloudScopeSets.read);
  const last = step('Sign in');
  expect(await last.findByRole('button', { name: 'Show window' })).toBeDefined();
  await waitFor(() =>
    expect(document.activeElement).toBe(last.getByRole('heading', { name: 'Step 4: Sign in' })),
  );
  fireEvent.click(last.getByRole('button', { name: 'Cancel' }));
  expect(worker.bodies('flow.cancel')).toHaveLength(1);
});

it('requests the scopes for writing when that is chosen', async () => {
  await showOptions(worker, empty, '#/welcome');
  fireEvent.click(await screen.findByRole('radio', { name: /^Read and write/u }));
  await saveAndSignIn(flow({}));
  expect(sentClients(worker)[0]?.['scopes']).toEqual(cloudScopeSets.write);
});

it('shows the account and its sites, and leads back to the page that the person came from', async () => {
  const from = `#/welcome?from=${encodeURIComponent(dashboard)}&tab=7`;
  const world = await showOptions(worker, empty, from);
  await saveAndSignIn(signedIn);
  expect(await screen.findByText('All steps are done')).toBeDefined();
  const done = step('Sign in');
  expect(done.getByRole('status').textContent).toBe(
    'Signed in as Ada Lovelace (ada@acme.example). 2 sites found:',
  );
  expect(done.getAllByRole('listitem')).toHaveLength(2);
  expect(screen.queryByRole('button', { name: 'Save and sign in' })).toBeNull();
  expect(done.getByText(/choose “Connect this page”/u)).toBeDefined();
  await press('Back to dashboard.example');
  expect(world.shownPages).toEqual([{ origin: dashboard, tabId: 7 }]);
});

it('lists the causes of a failure at the step, and a second attempt changes the same client', async () => {
  await showOptions(worker, empty, '#/welcome');
  await saveAndSignIn(flow({ state: 'failed', fault: fault('flow_closed') }));
  expect(await step('Sign in').findByText(/colleagues see “Something went wrong”/u)).toBeDefined();
  await press('Check the client');
  expect(document.activeElement).toBe(screen.getByLabelText('Client ID'));
  type('Client ID', 'another-id');
  await press('Save and sign in');
  await waitFor(() => expect(worker.bodies('client.update')).toHaveLength(1));
  expect(worker.bodies('client.update')).toMatchObject([{ id: clientId }]);
  expect(worker.bodies('client.create')).toHaveLength(1);
});

it('keeps what was typed over a reload, but never the secret', async () => {
  const { texts } = await showOptions(worker, empty, '#/welcome');
  type('Client ID', 'app-id');
  type('Client secret', 'hidden');
  type('Name', 'Mine');
  expect(JSON.stringify([...texts])).not.toContain('hidden');
  cleanup();
  const tabTexts = {
    read: (name: string) => texts.get(name),
    write: (name: string, text: string) => texts.set(name, text),
  };
  await showOptions(worker, empty, '#/welcome', { tabTexts });
  await screen.findByLabelText('Name');
  expect(['Name', 'Client ID', 'Client secret'].map(valueOf)).toEqual(['Mine', 'app-id', '']);
  expect(screen.getByText('Step 3 of 4')).toBeDefined();
});

it('begins anew for a second client after it was left or on request', async () => {
  const world = await showOptions(worker, empty, '#/welcome');
  await saveAndSignIn(signedIn);
  await screen.findByText('All steps are done');
  world.store.arrive('#/clients');
  expect(worker.bodies('flow.dismiss')).toHaveLength(1);
  world.store.arrive('#/welcome');
  expect(await screen.findByText('Step 1 of 4')).toBeDefined();
  expect(valueOf('Client ID')).toBe('');
  type('Client ID', 'second');
  type('Client secret', 'hidden');
  await press('Save and sign in');
  await press('Set up another client');
  await waitFor(() => expect(valueOf('Client ID')).toBe(''));
});

it('does not save a client that lacks something, and focuses the first such field', async () => {
  await showOptions(worker, empty, '#/welcome');
  await press('Save and sign in');
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Client ID')));
  expect(worker.bodies('client.create')).toEqual([]);
});
