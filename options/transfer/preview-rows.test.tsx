// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, screen } from '@testing-library/preact';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { blankDraft, usesClientSecret } from '#core/client/client-configuration.ts';
import { profileOf } from '#core/provider/provider-profile.ts';
import { providerTypes, type ProviderType } from '#core/provider/provider-type.ts';
import type { TransferRow } from '#core/transfer/transfer-preview.ts';
import {
  choose,
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

/** The preview of a file with these rows. */
async function previewOf(...rows: readonly TransferRow[]): Promise<void> {
  worker.answer('transfer.preview', () => ({ madeAtMs: 0, digest: 'd1', rows }));
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
    { member: 'tokenParameters', theirs: ['a=1', 'b=2'] },
  ];
  const terms = [
    { member: 'access', mine: ['read'], theirs: ['write'] },
    { member: 'sites', theirs: ['https://acme.example · jira · Ada'] },
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
    'a=1 and b=2',
  ]);
  expect(textsOf(page, 'dt')).toEqual([
    'Access',
    'Sites',
    'Paths',
    'Paused',
    'Default sites and accounts',
  ]);
  expect(textsOf(page, 'dd').slice(0, 2)).toEqual(['Here: Read', 'In the file: Read and write']);
  expect(textsOf('2 denied questions', 'dt')).toEqual(['Page']);
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
