// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { TransferPreview } from '#core/transfer/transfer-preview.ts';
import {
  press,
  savingWorker,
  showOptions,
  type,
  valueOf,
} from '../../test/support/pages/options-page.tsx';
import { aClient, anOverview, type FakeWorker } from '../../test/support/samples/ui-views.ts';
import {
  aRow,
  chooseExport,
  exportedBytes,
  passphrase,
  showPreview,
} from '../../test/support/pages/transfer-page.ts';
import { settingText } from './setting-text.ts';

vi.mock('../../extension/browser/i18n.ts', () => import('../../test/support/english.ts'));
afterEach(cleanup);

const preview: TransferPreview = {
  madeAtMs: 0,
  digest: 'd1',
  rows: [
    {
      id: 'client:0',
      kind: 'client',
      name: 'Acme app',
      type: 'atlassian-cloud',
      state: 'new',
      values: [
        { member: 'description', theirs: [''] },
        { member: 'clientId', theirs: ['abc'] },
      ],
      notes: ['new-callback-url'],
    },
    {
      id: 'setting:clockSkewSeconds',
      kind: 'setting',
      name: 'clockSkewSeconds',
      state: 'differs',
      values: [{ member: 'clockSkewSeconds', mine: ['5'], theirs: ['90'] }],
      notes: [],
    },
    {
      id: 'grant:https://dash.example',
      kind: 'grant',
      name: 'https://dash.example',
      state: 'impossible',
      values: [],
      notes: [],
      obstacle: 'no-site',
    },
    { id: 'client:1', kind: 'client', name: 'Other app', state: 'same', values: [], notes: [] },
  ],
};

let worker: FakeWorker;
beforeEach(() => {
  worker = savingWorker()
    .answer('transfer.export', () => ({ bytes: exportedBytes.buffer, withoutSecret: ['Old app'] }))
    .answer('transfer.preview', () => preview)
    .answer('transfer.import', () => ({
      taken: 1,
      missingHostPatterns: ['https://dash.example/*'],
    }));
});
const overview = anOverview({ clients: [aClient({ publicKeyPem: 'pem' })] });
const show = (part = {}) => showOptions(worker, overview, '#/transfer', part);

async function look(): Promise<void> {
  await showPreview();
  await screen.findByRole('group', { name: 'New' });
}

it('exports under a passphrase that is long enough and typed twice, and says what is not in the file', async () => {
  const { downloads, store } = await show();
  expect(store.title.value).toBe('Export and import – Threelo');
  expect(screen.getByText(/RSA keys cannot leave this browser/u).textContent).toContain('Acme app');
  type('Passphrase', 'elevenchars');
  await press('Export');
  expect(await screen.findByText('Use at least 12 characters.')).toBeDefined();
  expect(document.activeElement?.id).toBe('export-passphrase');
  type('Passphrase', passphrase);
  expect(await screen.findByText('Long enough.')).toBeDefined();
  expect(await screen.findByText('The two passphrases differ.')).toBeDefined();
  type('Passphrase again', passphrase);
  fireEvent.click(screen.getByLabelText('Show the passphrase'));
  await waitFor(() =>
    expect(screen.getByLabelText('Passphrase').getAttribute('type')).toBe('text'),
  );
  await press('Export');
  expect(await screen.findByText(/^Exported to threelo-/u)).toBeDefined();
  expect(screen.getByText(/are not in the file: Old app/u)).toBeDefined();
  expect(worker.bodies('transfer.export')).toEqual([{ passphrase }]);
  expect(downloads.map(([, content]) => content)).toEqual([exportedBytes.buffer]);
  // Nothing of it is kept in the page.
  expect([valueOf('Passphrase'), valueOf('Passphrase again')]).toEqual(['', '']);
});

it.each<[string, Uint8Array<ArrayBuffer>, RegExp]>([
  ['cut', exportedBytes.slice(0, -1), /The end of this file is missing/u],
  ['changed', exportedBytes.with(90, 1), /was changed after the export/u],
  ['foreign', new TextEncoder().encode('[]'), /not an export of Threelo/u],
])('says that a %s file is one before a passphrase is typed', async (_, content, text) => {
  await show();
  chooseExport(content);
  expect((await screen.findByText(text)).closest('[role=alert]')).not.toBeNull();
  expect(worker.bodies('transfer.preview')).toEqual([]);
});

it('says in both forms at once that a passphrase is too long, and sends nothing', async () => {
  await show();
  const long = 'x'.repeat(1025);
  const problemOf = (id: string) => document.getElementById(`${id}-problem`)?.textContent;
  const text = 'This is too long: a passphrase has 1,024 characters at most.';
  type('Passphrase', long);
  await waitFor(() => expect(problemOf('export-passphrase')).toBe(text));
  await press('Export');
  expect(document.activeElement?.id).toBe('export-passphrase');
  await showPreview(long);
  expect(problemOf('import-passphrase')).toBe(text);
  expect(document.activeElement?.id).toBe('import-passphrase');
  expect(worker.bodies('transfer.export')).toEqual([]);
  expect(worker.bodies('transfer.preview')).toEqual([]);
});

it('names client and field of what cannot be imported, as long as its preview is shown', async () => {
  worker.refuse('transfer.import', 'invalid_import', {
    fields: [
      { field: 'client:0.clientSecret', problem: 'secret_too_long' },
      { field: 'clockSkewSeconds', problem: 'number_invalid' },
    ],
  });
  await show();
  await look();
  await press('Import 1 entry');
  const alert = await screen.findByRole('alert');
  expect([...alert.querySelectorAll('li')].map(({ textContent }) => textContent)).toEqual([
    expect.stringMatching(/^Client secret of “Acme app”: This is too long/u),
    expect.stringMatching(/^Clock difference: /u),
  ]);
  type('Passphrase of the file', 'another');
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
});

it('says that the passphrase is wrong, and keeps the file', async () => {
  worker.refuse('transfer.preview', 'passphrase_wrong');
  await show();
  await showPreview('something else');
  expect(
    await screen.findByText(/not the passphrase that the file was exported with/u),
  ).toBeDefined();
});

it('shows what would change, takes what is new, and imports what the person ticks', async () => {
  const asked: string[][] = [];
  const requestHostPatterns = (patterns: readonly string[]) => {
    asked.push([...patterns]);
    return Promise.resolve(true);
  };
  await show({ requestHostPatterns });
  await look();
  expect(document.activeElement?.textContent).toMatch(/^Exported on/u);
  expect(screen.getByLabelText('Acme app')).toHaveProperty('checked', true);
  expect(screen.getByText(/callback URL is another one/u)).toBeDefined();
  const facts = screen.getByLabelText('Acme app').closest('li')?.querySelector('dl');
  expect(facts?.textContent).toBe('Client IDabc');
  const setting = screen.getByLabelText('Clock difference');
  expect(setting).toHaveProperty('checked', false);
  expect(setting.closest('li')?.textContent).toContain('Here: 5 secondsIn the file: 90 seconds');
  expect(screen.getByText(/No site can be taken/u)).toBeDefined();
  fireEvent.click(setting);
  await press('Import 2 entries');
  expect(await screen.findByText('1 entry was imported.')).toBeDefined();
  expect(worker.bodies('transfer.import')).toMatchObject([
    { passphrase, digest: 'd1', taken: ['client:0', 'setting:clockSkewSeconds'] },
  ]);
  await press('Allow 1 host');
  expect(asked).toEqual([['https://dash.example/*']]);
  await waitFor(() => expect(screen.queryByText('Allow 1 host')).toBeNull());
});

it('takes or keeps all at once', async () => {
  await show();
  await look();
  await press('Take all from the file');
  expect(await screen.findByRole('button', { name: 'Import 2 entries' })).toBeDefined();
  await press('Keep all as it is here');
  expect(await screen.findByRole('button', { name: 'Import 0 entries' })).toHaveProperty(
    'disabled',
    true,
  );
});

it('can choose what another entry needs first, and says which; what one excludes goes', async () => {
  const http = 'setting:plainHttp';
  const rows = [
    aRow('Needs', { needs: [http] }),
    aRow('Excludes', { excludes: http }),
    aRow('https://dash.example', { kind: 'grant', needs: ['Needs'] }),
    aRow('Managed', { state: 'impossible', obstacle: 'http-managed' }),
    aRow('Forbidden', { state: 'impossible', obstacle: 'http-forbidden' }),
    aRow(http, { kind: 'setting', name: 'plainHttp', state: 'differs' }),
  ];
  worker.answer('transfer.preview', () => ({ ...preview, rows }));
  await show();
  await look();
  const box = (name: string) => screen.getByRole<HTMLInputElement>('checkbox', { name });
  const page = 'https://dash.example';
  const states = () =>
    ['Needs', 'Excludes', page].map((name) => `${box(name).disabled} ${box(name).checked}`);
  expect(states()).toEqual(['true false', 'false true', 'true false']);
  const told = (name: string) =>
    document.getElementById(box(name).getAttribute('aria-describedby')!)?.textContent;
  expect(told('Needs')).toMatch(/also choose the setting “Allow plain http” of this file/u);
  expect(told(page)).toMatch(/Its client is not chosen\. .* also choose Needs\./u);
  expect(screen.getByText(/your organization does not allow/u)).toBeDefined();
  expect(screen.getByText(/Allow plain http in the settings, then/u)).toBeDefined();
  fireEvent.click(box('Allow plain http'));
  await waitFor(() => expect(states()).toEqual(['false true', 'true false', 'false true']));
  expect(told('Excludes')).toMatch(/do not choose that setting/u);
  await press('Import 3 entries');
  await waitFor(() =>
    expect(worker.bodies('transfer.import')).toMatchObject([{ taken: ['Needs', page, http] }]),
  );
});

it('says how long a connection lasts with the setting of the file, and without it', async () => {
  const lasting = 'setting:lastingGrants';
  const otherwise = { with: lasting, theirs: ['always'] };
  const values = [{ member: 'duration', mine: ['session'], theirs: ['session'], otherwise }];
  const rows = [
    aRow('https://dash.example', { kind: 'grant', state: 'differs', values }),
    aRow(lasting, { kind: 'setting', name: 'lastingGrants', state: 'differs' }),
  ];
  worker.answer('transfer.preview', () => ({ ...preview, rows }));
  await show();
  await showPreview();
  const box = await screen.findByRole('checkbox', { name: 'Allow connections without an end' });
  const mine = 'Here: Until the browser closes';
  const shown = () => document.querySelector('.facts')?.textContent;
  expect(shown()).toBe(`Duration${mine}After the import: Until the browser closes`);
  for (const theirs of ['Until you withdraw it', 'Until the browser closes']) {
    fireEvent.click(box);
    await waitFor(() => expect(shown()).toBe(`Duration${mine}After the import: ${theirs}`));
  }
});

it('shows the new preview when something was changed meanwhile', async () => {
  worker.refuse('transfer.import', 'preview_outdated');
  await show();
  await look();
  worker.answer('transfer.preview', () => ({
    ...preview,
    digest: 'd2',
    rows: preview.rows.slice(1),
  }));
  await press('Import 1 entry');
  expect(await screen.findByText(/changed since the preview/u)).toBeDefined();
  await waitFor(() => expect(screen.queryByLabelText('Acme app')).toBeNull());
});

it.each([
  ['activityLog', 'false', 'off'],
  ['defaultAccess', 'write', 'Read and write'],
  ['pruneAt', '23:00', '23:00'],
  ['concurrentRefreshes', '64', '64'],
  ['refreshTokenDurationDays', '1', '1 day'],
] as const)('says the value of %s, %s, as %s', (name, value, text) => {
  expect(settingText(name, value)).toBe(text);
});
