// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, fireEvent, screen, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { blankDraft, usesClientSecret } from '#core/client/client-configuration.ts';
import { profileOf } from '#core/provider/provider-profile.ts';
import { providerTypes, type ProviderType } from '#core/provider/provider-type.ts';
import type { TransferRow } from '#core/transfer/transfer-preview.ts';
import {
  choose,
  press,
  type as typeInto,
  savingWorker,
  showOptions,
  valueOf,
} from '../../test/support/pages/options-page.tsx';
import { aRow, showPreview } from '../../test/support/pages/transfer-page.ts';
import { anOverview, type FakeWorker } from '../../test/support/samples/ui-views.ts';

vi.mock('../../extension/browser/i18n.ts', () => import('../../test/support/english.ts'));
afterEach(cleanup);

let worker: FakeWorker;
beforeEach(() => {
  worker = savingWorker();
});

function answerPreview(...rows: readonly TransferRow[]): void {
  worker.answer('transfer.preview', () => ({ madeAtMs: 0, digest: 'd1', rows }));
}

/** The preview of a file with these rows. */
async function previewOf(...rows: readonly TransferRow[]): Promise<void> {
  answerPreview(...rows);
  await showOptions(worker, anOverview(), '#/transfer');
  await showPreview();
  await screen.findByRole('heading', { name: /^Exported on/u });
}

const entry = (name: string): HTMLElement =>
  screen.getByText(name, { selector: 'strong, strong *' }).closest('li')!;
const textsOf = (name: string, tag: 'dt' | 'dd'): string[] =>
  [...entry(name).querySelectorAll(tag)].map(({ textContent }) => textContent);

/** Members that the form of a new client does not show: what has one choice, what OAuth 1.0a does not have, an isolated cloud. */
function isHidden(member: string, kind: ProviderType): boolean {
  const { clientAuthentication, signatureMethods, protocol } = profileOf(kind);
  if (member === 'clientAuthentication') return clientAuthentication.length === 1;
  if (member === 'signatureMethod') return signatureMethods.length < 2;
  if (member === 'scopes') return protocol === 'oauth1';
  return member === 'apiBase' && kind === 'atlassian-cloud';
}

/** Values of members that are not any text; the type has its own name as its value. */
const samples: Readonly<Partial<Record<string, string>>> = {
  product: 'jira',
  clientAuthentication: 'basic',
  pkceMethod: 'plain',
};

it.each(providerTypes)(
  'names what differs as the form of a client of type %s does',
  async (type) => {
    const { clientSecret: _secret, ...draft } = blankDraft(type);
    const all = [...Object.keys(draft), 'clientAuthentication', ...profileOf(type).members];
    const members = [...new Set(all)].filter((member) => !isHidden(member, type));
    const values = members.map((member) => ({
      member,
      theirs: [samples[member] ?? type],
    }));
    const secret = usesClientSecret(draft) ? [{ member: 'clientSecret' }] : [];
    const value = {
      type,
      kind: 'client',
      state: 'differs',
      values: [...values, ...secret],
    } as const;
    await previewOf(aRow('Acme', value));
    const named = textsOf('Acme', 'dt');
    expect(named).toHaveLength(members.length + secret.length);
    cleanup();
    await showOptions(worker, anOverview(), '#/clients/new');
    choose('Type', type);
    await vi.waitFor(() => expect(valueOf('Type')).toBe(type));
    // The form shows the endpoints of a product when it has a base URL.
    if (members.includes('baseUrl')) typeInto('Base URL', 'https://jira.example');
    const form = [...document.querySelectorAll('label, legend, dt')].map((one) => one.textContent);
    expect(named.filter((label) => !form.includes(label))).toEqual([]);
  },
);

it('says the values as the form of a client and of a connection does', async () => {
  const values = [
    { member: 'type', theirs: ['data-center'] },
    { member: 'product', theirs: ['jira'] },
    { member: 'clientAuthentication', theirs: ['none'] },
    { member: 'pkceMethod', theirs: ['sha256'] },
    { member: 'isHttpAllowed', theirs: ['true'] },
    { member: 'tokenParameters', theirs: ['a=1', 'b=2', 'c=3'] },
  ];
  const terms = [
    { member: 'access', mine: ['read'], theirs: ['write'] },
    { member: 'sites', theirs: ['jira · https://acme.example · Ada', 'confluence · c2 · Bo'] },
    { member: 'paths', mine: ['/rest/'] },
    { member: 'isPaused', theirs: ['true'] },
    { member: 'chosen', theirs: ['1'] },
  ];
  const page = 'https://dash.example';
  await previewOf(
    aRow('Acme', { type: 'data-center', values }),
    aRow(`grant:${page}`, { kind: 'grant', name: page, state: 'differs', values: terms }),
    aRow('denials', { kind: 'denials', name: '2', values: [{ member: 'origin', theirs: [page] }] }),
  );
  expect(textsOf('Acme', 'dd')).toEqual([
    'Atlassian Data Center',
    'Jira',
    'None: a public client without a secret',
    'sha256 (as Data Center documents it)',
    'on',
    'a=1, b=2, and c=3',
  ]);
  expect(textsOf(page, 'dt')).toEqual([
    'Access',
    'Sites',
    'Paths',
    'Paused',
    'Default sites and accounts',
  ]);
  expect(textsOf(page, 'dd').slice(0, 3)).toEqual([
    'Here: Read',
    'In the file: Read and write',
    'In the file: Jira · https://acme.example · Ada and Confluence · c2 · Bo',
  ]);
  expect(textsOf('2 denied questions', 'dt')).toEqual(['Page']);
});

it.each([
  [4, true],
  [8, true],
  [9, false],
])('lists many values one by one, and folds a long list: %d sites', async (count, isOpen) => {
  const sites = Array.from({ length: count }, (_, at) => `jira · https://s${at}.example · Ada`);
  const name = 'https://dash.example';
  const values = [{ member: 'sites', mine: ['jira · c1 · Ada'], theirs: sites }];
  await previewOf(aRow(`grant:${name}`, { kind: 'grant', name, state: 'differs', values }));
  const list = entry(name).querySelector('details');
  expect(list?.open).toBe(isOpen);
  expect(list?.querySelector('summary')?.textContent).toBe(`In the file: ${count} values`);
  const listed = [...(list?.querySelectorAll('li') ?? [])].map(({ textContent }) => textContent);
  expect(listed).toEqual(sites.map((site) => site.replace('jira', 'Jira')));
});

it('says what the policy of the organization keeps as it is', async () => {
  await previewOf(
    aRow('Given', { state: 'impossible', obstacle: 'managed' }),
    aRow('Secret', {
      type: 'atlassian-cloud',
      state: 'differs',
      values: [{ member: 'clientSecret' }],
      notes: ['managed'],
    }),
  );
  expect(entry('Given').textContent).toMatch(/policy sets this\. It cannot be changed here\./u);
  expect(entry('Secret').textContent).toMatch(/Only the secret is imported: .* policy sets/u);
});

it('names by its label what prevents an import', async () => {
  const invalid = { state: 'impossible', obstacle: 'invalid' } as const;
  await previewOf(
    aRow('Acme', {
      ...invalid,
      type: 'oauth1',
      problems: [{ field: 'tokenEndpoint', problem: 'url_invalid' }],
    }),
    aRow('setting:clockSkewSeconds', {
      ...invalid,
      kind: 'setting',
      name: 'clockSkewSeconds',
      problems: [{ field: 'clockSkewSeconds', problem: 'number_out_of_range' }],
    }),
  );
  expect(entry('Acme').textContent).toMatch(/Access token URL: /u);
  expect(entry('Clock difference').textContent).not.toContain('clockSkewSeconds');
});

describe('a preview of thousands of entries', () => {
  const many = (count: number, part: Partial<TransferRow>) =>
    Array.from({ length: count }, (_, at) =>
      aRow(`${part.state ?? 'new'}:${String(at)}`, {
        name: `${part.state ?? 'new'} ${String(at)}`,
        ...part,
      }),
    );
  const group = (name: string) => within(screen.getByRole('group', { name }));
  const boxes = (name: string) => group(name).queryAllByRole('checkbox');
  const rows = [
    ...many(9999, {}),
    aRow('last', { name: 'Last', type: 'atlassian-cloud', notes: ['secret-missing'] }),
    ...many(130, { state: 'differs' }),
    aRow('bad', { state: 'impossible', obstacle: 'no-site' }),
    ...many(200, { state: 'same' }),
  ];
  beforeEach(() => previewOf(...rows));

  it('begins with what differs and what is impossible, and draws a part of each group', async () => {
    const headings = screen.getAllByRole('heading', { level: 4 });
    expect(headings.map(({ textContent }) => textContent)).toEqual([
      'Different',
      'Cannot be imported',
      'New',
    ]);
    expect([boxes('Different').length, boxes('New').length]).toEqual([60, 60]);
    expect(boxes('New')[0]).toBe(group('New').getByRole('checkbox', { name: 'Last' }));
    expect(document.querySelectorAll('li').length).toBeLessThan(200);
    expect(group('New').getByRole('status').textContent).toBe('1–60 of 10,000');
    expect(group('Cannot be imported').queryByRole('button')).toBeNull();
    fireEvent.click(group('Different').getByRole('button', { name: 'Next' }));
    fireEvent.click(group('Different').getByRole('button', { name: 'Next' }));
    await vi.waitFor(() => expect(boxes('Different')).toHaveLength(10));
    const status = group('Different').getByRole('status');
    expect([status.textContent, document.activeElement]).toEqual(['121–130 of 130', status]);
    expect(boxes('New')).toHaveLength(60);
  });

  it('counts and chooses all of them, also those that are not drawn', async () => {
    fireEvent.click(group('New').getByRole('checkbox', { name: 'new 0' }));
    fireEvent.click(group('New').getByRole('button', { name: 'Next' }));
    fireEvent.click(await group('New').findByRole('checkbox', { name: 'new 59' }));
    await screen.findByRole('button', { name: 'Import 9,998 entries' });
    fireEvent.click(group('New').getByRole('button', { name: 'Previous' }));
    const first = await group('New').findByRole('checkbox', { name: 'new 0' });
    expect(first).toHaveProperty('checked', false);
    await press('Take all from the file');
    await screen.findByRole('button', { name: 'Import 10,130 entries' });
    await press('Keep all as it is here');
    await screen.findByRole('button', { name: 'Import 0 entries' });
  });

  it('begins anew with another preview', async () => {
    fireEvent.click(group('New').getByRole('button', { name: 'Next' }));
    await group('New').findByRole('checkbox', { name: 'new 59' });
    worker.refuse('transfer.import', 'preview_outdated');
    worker.answer('transfer.preview', () => ({ madeAtMs: 0, digest: 'd2', rows: many(61, {}) }));
    await press('Import 10,000 entries');
    await vi.waitFor(() => expect(group('New').getByRole('status').textContent).toBe('1–60 of 61'));
  });
});

describe('a client whose secret is not in the file', () => {
  const rows = [
    aRow('client:0', { name: 'Team', type: 'atlassian-cloud', notes: ['secret-missing'] }),
    aRow('client:1', { name: 'Photos', type: 'oauth1', notes: ['secret-missing'] }),
    aRow('client:2', { name: 'Whole', type: 'generic' }),
  ];
  const fields = () => screen.queryAllByLabelText<HTMLInputElement>(/secret of/u);
  const labels = () => fields().map((field) => field.labels?.[0]?.textContent);
  const sent = () => worker.bodies('transfer.import') as { secrets: unknown }[];
  beforeEach(async () => {
    worker.answer('transfer.import', () => ({ taken: 3, missingHostPatterns: [] }));
    await previewOf(...rows);
  });

  it('is asked for its secret while it is chosen, and what happens without it is said', async () => {
    expect(labels()).toEqual(['Client secret of “Team”', 'Shared secret of “Photos”']);
    expect(textsOf('Photos', 'dt')).toEqual(['Shared secret']);
    expect(textsOf('Photos', 'dd')).toEqual(['Not in the file']);
    const [field] = fields();
    expect(field!.type).toBe('password');
    expect(document.getElementById(`${field!.id}-hint`)?.textContent).toContain(
      'nobody can sign in with it until you enter it',
    );
    typeInto('Client secret of “Team”', ' typed-secret ');
    typeInto('Shared secret of “Photos”', 'not sent');
    fireEvent.click(screen.getByRole('checkbox', { name: 'Photos' }));
    await vi.waitFor(() => expect(labels()).toEqual(['Client secret of “Team”']));
    await press('Import 2 entries');
    await screen.findByText('3 entries were imported.');
    expect(sent()).toMatchObject([
      {
        secrets: [{ id: 'client:0', clientSecret: 'typed-secret' }],
        taken: ['client:0', 'client:2'],
      },
    ]);
    expect(screen.queryByDisplayValue(/secret/u)).toBeNull();
  });

  it('is imported without it when the field is left empty', async () => {
    await press('Import 3 entries');
    await screen.findByText('3 entries were imported.');
    expect(sent()).toMatchObject([{ secrets: [] }]);
  });

  it('is named at the field and by the refusal when the secret is too long, and nothing is lost', async () => {
    worker.refuse('transfer.import', 'invalid_import', {
      fields: [{ field: 'Team', problem: 'secret_too_long' }],
    });
    typeInto('Client secret of “Team”', 'x'.repeat(4097));
    await vi.waitFor(() =>
      expect(screen.getAllByText(/4,096 characters at most/u)).toHaveLength(1),
    );
    await press('Import 3 entries');
    await vi.waitFor(() =>
      expect(screen.getAllByText(/4,096 characters at most/u)).toHaveLength(2),
    );
    expect(valueOf('Client secret of “Team”')).toHaveLength(4097);
  });

  it('keeps what is typed when something else was changed meanwhile, and loses it with another passphrase', async () => {
    worker.refuse('transfer.import', 'preview_outdated');
    typeInto('Client secret of “Team”', 'typed-secret');
    await press('Import 3 entries');
    await screen.findByText(/changed since the preview/u);
    await screen.findByLabelText('Client secret of “Team”');
    expect(valueOf('Client secret of “Team”')).toBe('typed-secret');
    answerPreview(aRow('client:0', { type: 'atlassian-cloud' }));
    await press('Import 3 entries');
    await press('Import 1 entry');
    await vi.waitFor(() => expect(sent()).toHaveLength(3));
    expect(sent()[2]).toMatchObject({ taken: ['client:0'], secrets: [] });
    answerPreview(...rows);
    await showPreview('another passphrase');
    await screen.findByLabelText('Client secret of “Team”');
    expect(valueOf('Client secret of “Team”')).toBe('');
  });
});
