// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, screen, waitFor } from '@testing-library/preact';
import { afterEach, expect, it, vi } from 'vitest';
import type { ClientId } from '#core/client/client-configuration.ts';
import { exportClients } from '#core/import/client-interchange.ts';
import type { ClientView } from '#wire/views.ts';
import {
  press,
  pressEnabled,
  savingWorker,
  showOptions,
  type,
} from '../../test/support/pages/options-page.tsx';
import { aClient, anOverview } from '../../test/support/samples/ui-views.ts';

vi.mock('../../extension/browser/i18n.ts', () => import('../../test/support/english.ts'));
afterEach(cleanup);

const id = (at: number) => `11111111-1111-4111-8111-${String(at).padStart(12, '0')}` as ClientId;
/** Every third is a Data Center client of a host of its own. */
const many = (count: number): ClientView[] =>
  Array.from({ length: count }, (_, at) => {
    const name = `Client ${String(at)}`;
    if (at % 3 !== 0) return aClient({ id: id(at), name, clientId: `app-${String(at)}` });
    const baseUrl = `https://jira-${String(at)}.example/jira`;
    return aClient({
      id: id(at),
      name,
      type: 'data-center',
      product: 'jira',
      baseUrl,
      clientId: `link-${String(at)}`,
      authorizationEndpoint: `${baseUrl}/rest/oauth2/latest/authorize`,
      tokenEndpoint: `${baseUrl}/rest/oauth2/latest/token`,
    });
  });
const generic = {
  type: 'generic',
  authorizationEndpoint: 'https://login.example/authorize',
  tokenEndpoint: 'https://login.example/token',
} as const;
const show = (clients: readonly ClientView[]) =>
  showOptions(savingWorker(), anOverview({ clients }));
const rows = () => screen.queryAllByRole('heading', { level: 3 }).map((row) => row.textContent);
const groups = () => screen.queryAllByRole('heading', { level: 2 }).map((row) => row.textContent);
const status = () => screen.getByRole('status').textContent;

it('groups 300 clients by type, and draws 30 of them at a time', async () => {
  await show(many(300));
  expect(groups()).toEqual(['Atlassian Cloud 200']);
  expect(rows()).toHaveLength(30);
  expect(status()).toBe('300 clients');
  for (let drawn = 60; drawn <= 300; drawn += 30) {
    await press('Show more');
    await waitFor(() => expect(rows()).toHaveLength(drawn));
  }
  expect(groups()).toEqual(['Atlassian Cloud 200', 'Atlassian Data Center 100']);
  expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
});

it.each([
  ['CLIENT 299', ['Client 299'], 'the name'],
  ['link-297', ['Client 297'], 'the client ID'],
  ['jira-0.example', ['Client 0'], 'the host'],
  [
    'data center 12',
    ['Client 12', 'Client 120', 'Client 123', 'Client 126', 'Client 129'],
    'the type',
  ],
])('finds %j by %3$s', async (text, names) => {
  await show(many(300));
  type('Search clients', text);
  await waitFor(() => expect(rows()).toEqual(names));
  expect(status()).toBe(`${String(names.length)} of 300 clients`);
});

it('says that nothing matches, and keeps the search while a client is edited', async () => {
  const world = await show(many(33));
  type('Search clients', 'Client 32');
  await waitFor(() => expect(rows()).toEqual(['Client 32']));
  await press('Edit');
  await screen.findByRole('heading', { level: 1, name: 'Edit client “Client 32”' });
  world.store.arrive('#/clients');
  await waitFor(() => expect(rows()).toEqual(['Client 32']));
  type('Search clients', 'nobody');
  await waitFor(() => expect(rows()).toEqual([]));
  expect(status()).toBe('No client matches.');
});

it('draws 30 again after another search', async () => {
  await show(many(300));
  await press('Show more');
  await waitFor(() => expect(rows()).toHaveLength(60));
  type('Search clients', 'client');
  await waitFor(() => expect(rows()).toHaveLength(30));
});

it.each([
  [6, false],
  [7, true],
])('with %i clients there is a search: %s', async (count, isThere) => {
  await show(many(count));
  expect(screen.queryByLabelText('Search clients') !== null).toBe(isThere);
});

it('says no longer that a client is saved after it was deleted', async () => {
  const worker = savingWorker().answer('client.impact', () => ({ sessions: [], origins: [] }));
  await showOptions(worker, anOverview(), `#/clients/${aClient().id}`);
  await press('Save');
  expect(await screen.findByText(/is saved\.$/u)).toBeDefined();
  await press('Delete');
  worker.answer('overview.get', () => anOverview({ clients: [] }));
  await press('Delete');
  await waitFor(() => expect(screen.queryByText(/is saved\.$/u)).toBeNull());
});

it('names up to eight imported clients, and counts more', async () => {
  for (const [count, text] of [
    [2, 'Imported: Client 0 and Client 1.'],
    [9, 'Imported: 9 clients.'],
  ] as const) {
    const worker = savingWorker().answer('client.import', () => ({ created: many(count) }));
    await showOptions(worker, anOverview());
    await press('Import');
    type(
      'Or paste the JSON',
      exportClients([{ ...aClient({ name: 'New' }), ...generic, redirectUriSuffix: '' }]),
    );
    await pressEnabled('Preview');
    await pressEnabled('Import');
    await waitFor(() => expect(document.querySelector('.notice p')?.textContent).toBe(text));
    cleanup();
  }
});

it('marks a client of the organization, which can be shown and not deleted', async () => {
  await show([aClient({ managed: { hasSecret: true } })]);
  expect(screen.getByText('Managed by your organization')).toBeDefined();
  expect(screen.queryByRole('button', { name: 'Delete' })).toBeNull();
  await press('Show');
  expect((await screen.findByRole('heading', { level: 1 })).textContent).toBe('Acme app');
  expect(screen.queryByRole('textbox', { name: 'Name' })).toBeNull();
  expect(screen.queryByRole('button', { name: 'Save' })).toBeNull();
});

it('asks for the secret of a client that the organization gives without one, and for nothing else', async () => {
  await show([aClient({ managed: { hasSecret: false }, hasSecret: false })]);
  await press('Edit');
  expect(await screen.findByLabelText('Client secret')).toBeDefined();
  expect(screen.queryByRole('textbox', { name: 'Name' })).toBeNull();
  expect(screen.getByRole('button', { name: 'Save' })).toBeDefined();
});
