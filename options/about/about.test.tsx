// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { BrokerError, fault } from '#core/values/fault.ts';
import { defaultSettings } from '#core/values/settings.ts';
import type { AboutView } from '#wire/about-view.ts';
import { press, savingWorker, showOptions } from '../../test/support/pages/options-page.tsx';
import { anOverview, type FakeWorker } from '../../test/support/samples/ui-views.ts';
import { diagnosticsText } from './diagnostics.ts';

vi.mock('../../extension/browser/i18n.ts', () => import('../../test/support/english.ts'));
afterEach(cleanup);

const about: AboutView = {
  schemaVersion: 6,
  amounts: {
    local: [
      { kind: 'session', entries: 2, bytes: 2048 },
      { kind: 'client', entries: 1, bytes: 1000 },
    ],
    mirror: [{ kind: 'session', entries: 2, bytes: 2000 }],
    session: [],
  },
  storageFaults: [
    fault('storage_damaged', {
      subject: 'client:1',
      things: [{ kind: 'client', name: 'Secret project' }],
    }),
  ],
  clients: [{ of: 'atlassian-cloud', count: 1 }],
  sessions: [
    { of: 'valid', count: 1 },
    { of: 'recoverable', count: 1 },
  ],
  siteCount: 4,
  connections: [{ of: 'active', count: 1 }],
  denialCount: 0,
  hostPatterns: ['https://dash.example/*'],
  missingHostCount: 1,
  settings: {
    values: { ...defaultSettings, clockSkewSeconds: 90 },
    defaults: defaultSettings,
    managed: [],
  },
  recentFaults: [{ of: 'not_allowed', count: 3 }],
};

let worker: FakeWorker;
beforeEach(() => {
  worker = savingWorker().answer('about.get', () => about);
});
const show = (part = {}) => showOptions(worker, anOverview(), '#/about', part);

it('shows the versions, how much is stored, and which hosts are allowed', async () => {
  await show();
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('About');
  const build = await screen.findByRole('region', { name: 'This extension' });
  await within(build).findByText('Clock difference');
  expect(build.textContent).toContain('9.9.9');
  expect(build.textContent).toContain('Test/1');
  const rows = screen.getAllByRole('row').map(({ textContent }) => textContent);
  expect(rows).toEqual([
    'WhereEntriesSize',
    'On this computer33 kB',
    'Second copy of it22 kB',
    'Until the browser closes00 kB',
  ]);
  expect(screen.getByText('1 host is allowed for clients and pages')).toBeDefined();
  expect(screen.getByText('https://dash.example/*')).toBeDefined();
});

it('copies the diagnostics, which name nothing that is stored, and says so', async () => {
  const { copied } = await show();
  await press('Copy diagnostics');
  expect(await screen.findByText('Copied')).toBeDefined();
  expect(copied).toEqual([diagnosticsText(about, { version: '9.9.9', browser: 'Test/1' })]);
  expect(copied[0]?.split('\n')).toEqual([
    'Threelo 9.9.9',
    'browser: Test/1',
    'schema: 6',
    'storage.local: session 2 (2048 B), client 1 (1000 B)',
    'IndexedDB: session 2 (2000 B)',
    'storage.session: empty',
    'storage faults: storage_damaged client 1',
    'clients: atlassian-cloud 1',
    'sessions: valid 1, recoverable 1; sites: 4',
    'connections: active 1; denied questions: 0',
    'optional hosts: 1 allowed, 1 missing',
    'settings: clockSkewSeconds=90',
    'recent faults: not_allowed 3',
  ]);
});

it('asks once before it erases everything, says what ends, and then what happened', async () => {
  const world = await show();
  await press('Erase everything');
  const question = screen.getByRole('region', { name: 'Erase everything?' });
  expect(document.activeElement?.textContent).toBe('Erase everything?');
  expect(
    within(question)
      .getAllByRole('listitem')
      .map(({ textContent }) => textContent),
  ).toEqual([
    '2 sessions end. Their providers are asked to revoke their tokens, where that is possible.',
    '1 client is deleted, with its secret.',
    '1 page or extension is disconnected.',
  ]);
  await press('Cancel');
  await waitFor(() => expect(screen.queryByText('Erase everything?')).toBeNull());
  expect(worker.bodies('everything.erase')).toEqual([]);
  await press('Erase everything');
  await press('Erase now');
  await waitFor(() => expect(world.startedAnew).toBe(1));
  expect(worker.bodies('everything.erase')).toEqual([{}]);
  cleanup();
  await show({ wasErasedHere: true });
  expect(screen.getByText(/^Everything is erased\./u)).toBeDefined();
  expect(screen.queryByText('Erase everything?')).toBeNull();
});

it('can erase a store that cannot be read, and says why when that fails', async () => {
  const unreadable = () => {
    throw new BrokerError('storage_damaged', { subject: 'schema' });
  };
  worker.answer('about.get', unreadable);
  worker.refuse('everything.erase', 'storage_failed');
  const world = await showOptions(worker, anOverview(), '#/about');
  worker.answer('overview.get', unreadable);
  await world.store.reload();
  await press('Erase everything');
  await press('Erase now');
  expect(await screen.findByText(/could not store this/u)).toBeDefined();
  expect(screen.getAllByText(/cannot be read, because its version is damaged/u)).toHaveLength(1);
  expect(screen.getByRole('region', { name: 'Erase everything?' })).toBeDefined();
  expect(world.startedAnew).toBe(0);
});

it('links the page of Atlassian that lists the connected apps', async () => {
  await show();
  const link = screen.getByRole('link', { name: 'Connected apps' });
  expect(link.getAttribute('href')).toBe('https://id.atlassian.com/manage-profile/apps');
});
