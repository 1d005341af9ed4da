// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { exportClients } from '#core/import/client-interchange.ts';
import {
  press,
  pressEnabled,
  savingWorker,
  showOptions,
  type,
} from '../../../test/support/pages/options-page.tsx';
import { savesImports } from '../../../test/support/pages/postman-worker.ts';
import { aClient, anOverview, type FakeWorker } from '../../../test/support/samples/ui-views.ts';

vi.mock('../../../extension/browser/i18n.ts', () => import('../../../test/support/english.ts'));
afterEach(cleanup);

let worker: FakeWorker;
beforeEach(() => {
  worker = savesImports(savingWorker());
});

const client = (part: object) => ({ ...aClient(part), redirectUriSuffix: '' });
const addresses = {
  requestTokenEndpoint: 'https://photos.example/request',
  authorizationEndpoint: 'https://photos.example/authorize',
  tokenEndpoint: 'https://photos.example/token',
};
const generic = {
  type: 'generic',
  authorizationEndpoint: 'https://as.example/authorize',
  tokenEndpoint: 'https://as.example/token',
};
const team = [
  client({ name: 'Team' }),
  client({ ...generic, name: 'Public', clientAuthentication: 'none' }),
  client({ ...addresses, name: 'Signs', type: 'oauth1', signatureMethod: 'RSA-SHA1', scopes: [] }),
  client({ ...addresses, name: 'Photos', type: 'oauth1', scopes: [] }),
];

async function preview(json: string): Promise<void> {
  await showOptions(worker, anOverview());
  await press('Import');
  type('Or paste the JSON', json);
  await pressEnabled('Preview');
  await screen.findByRole('heading', { name: 'Clients found' });
}
const secretFields = () => screen.getAllByLabelText<HTMLInputElement>(/(secret|Shared secret) of/u);
const labelsOf = (fields: readonly HTMLInputElement[]) =>
  fields.map(({ labels }) => labels?.[0]?.textContent);

it('asks for the secret of each client that has one, and says what happens without it', async () => {
  await preview(exportClients(team));
  expect(document.activeElement?.textContent).toBe('Clients found');
  const fields = secretFields();
  expect(labelsOf(fields)).toEqual(['Client secret of “Team”', 'Shared secret of “Photos”']);
  expect(fields.map((field) => field.type)).toEqual(['password', 'password']);
  const hint = document.getElementById(`${fields[0]!.id}-hint`);
  expect(hint?.textContent).toContain('nobody can sign in with it until you enter it');
  type('Client secret of “Team”', 'typed-secret');
  await press('Import');
  await waitFor(() => expect(worker.bodies('client.import')).toHaveLength(1));
  const [body] = worker.bodies('client.import') as [{ clients: readonly object[] }];
  expect(body.clients.map((one) => ('clientSecret' in one ? one.clientSecret : undefined))).toEqual(
    ['typed-secret', undefined, undefined, undefined],
  );
  await waitFor(() => expect(screen.queryByDisplayValue('typed-secret')).toBeNull());
});

it('asks for none that is in the file, and for none of a client that is not chosen', async () => {
  const [one] = Object.values(JSON.parse(exportClients(team)) as Record<string, object>);
  await preview(
    JSON.stringify([
      { ...one, clientSecret: 'canary' },
      { ...one, name: 'Other' },
    ]),
  );
  expect(labelsOf(secretFields())).toEqual(['Client secret of “Other”']);
  expect(screen.getByText('In the file; not shown')).toBeDefined();
  fireEvent.click(screen.getByRole('checkbox', { name: 'Other' }));
  await waitFor(() => expect(screen.queryByLabelText(/secret of/u)).toBeNull());
});

it('forgets what was typed when the import is left, and keeps the text', async () => {
  await preview(exportClients(team.slice(0, 1)));
  type('Client secret of “Team”', 'typed-secret');
  await press('Cancel');
  await press('Import');
  await pressEnabled('Preview');
  const field = await screen.findByLabelText<HTMLInputElement>('Client secret of “Team”');
  expect(field.value).toBe('');
});

it('says at the field that a secret is too long, and sends nothing', async () => {
  await preview(exportClients(team.slice(0, 1)));
  type('Client secret of “Team”', 'x'.repeat(4097));
  await screen.findByText(/a secret has 4,096 characters at most/u);
  await press('Import');
  const faults = () =>
    [...document.querySelectorAll('[role=alert] li')].map((li) => li.textContent);
  await waitFor(() =>
    expect(faults()).toEqual([
      expect.stringMatching(/^Client secret of “Team”: This is too long/u),
    ]),
  );
  expect(worker.bodies('client.import')).toEqual([]);
});

it('says by its label and its place in the file what cannot be read', async () => {
  const [one, other] = JSON.parse(exportClients(team)) as object[];
  const unread = { ...one, clientId: 5, threelo: { type: 'nothing' } };
  await showOptions(worker, anOverview());
  await press('Import');
  type('Or paste the JSON', JSON.stringify([other, unread, { ...one, tokenEndpoint: 'x' }, 7]));
  await pressEnabled('Preview');
  const alert = await screen.findByRole('alert');
  expect([...alert.querySelectorAll('li')].map(({ textContent }) => textContent)).toEqual([
    'Client ID of client 2 in the file: This does not have the expected format.',
    'Type of client 2 in the file: This does not have the expected format.',
    expect.stringMatching(/^Token endpoint of client 3 in the file: /u),
    'Client 4 in the file: This does not have the expected format.',
  ]);
});

it('shows where the secret of a client goes, and that plain http can be read', async () => {
  await preview(
    exportClients([
      {
        ...team[0],
        name: 'Old',
        type: 'data-center',
        product: 'jira',
        baseUrl: 'http://jira.example',
        isHttpAllowed: true,
        authorizationEndpoint: 'http://jira.example/rest/oauth2/latest/authorize',
        tokenEndpoint: 'http://jira.example/rest/oauth2/latest/token',
        scopes: ['READ'],
      } as never,
    ]),
  );
  const row = screen.getByRole('checkbox', { name: 'Old' }).closest('li')!;
  expect(row.textContent).toContain('http://jira.example/rest/oauth2/latest/token');
  expect(row.textContent).toContain('anyone on the network path can read its secret');
});
