// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { generateKeyPairSync } from 'node:crypto';
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProviderType } from '#core/provider/provider-type.ts';
import {
  choose,
  press,
  savedClient,
  savingWorker,
  sentClients,
  showOptions,
  type,
  valueOf,
} from '../../../test/support/pages/options-page.tsx';
import {
  aLink,
  baseUrl,
  button,
  openClient,
  publicKeyPem,
} from '../../../test/support/pages/signed-client-page.tsx';
import { anOverview, clientId, type FakeWorker } from '../../../test/support/samples/ui-views.ts';

vi.mock('../../../extension/browser/i18n.ts', () => import('../../../test/support/english.ts'));
afterEach(cleanup);

let worker: FakeWorker;
beforeEach(() => {
  worker = savingWorker();
});

/** There are two consumer keys on the page: the field, and the value to copy. */
function typeKey(value: string): void {
  fireEvent.input(screen.getAllByLabelText('Consumer key')[0]!, { target: { value } });
}

/** Begins a client of a type with OAuth 1.0a. */
async function begin(kind: ProviderType) {
  const world = await showOptions(worker, anOverview({ clients: [] }), '#/clients/new');
  choose('Type', kind);
  await screen.findAllByLabelText('Consumer key');
  type('Name', 'Mine');
  typeKey('my-key');
  return world;
}

const consumerInfo = () => within(screen.getByRole('group', { name: 'Consumer info' }));

/** The problem that is shown at a field. */
const problemOf = (label: string): string | null => {
  const told = screen.getByLabelText(label).getAttribute('aria-describedby') ?? '';
  const problem = document.getElementById(told.split(' ').find((id) => id.endsWith('-problem'))!);
  return problem?.hidden === false ? problem.textContent : null;
};

describe('an application link', () => {
  it('has fields for product, base URL and consumer key, and none that do not apply', async () => {
    await begin('application-link');
    expect(valueOf('Product')).toBe('jira');
    expect(screen.getByLabelText('Base URL').getAttribute('aria-required')).toBe('true');
    const absent = ['Client ID', 'Client secret', 'Shared secret', 'Client authentication'];
    for (const label of [...absent, 'Signature method', 'Add scope', 'Request token URL'])
      expect(screen.queryByLabelText(label), label).toBeNull();
    expect(screen.queryByText('Protocol details')).toBeNull();
    expect(screen.queryByText('Diagnostics')).toBeNull();
  });

  it('is saved as typed; its endpoints are derived from the base URL', async () => {
    await begin('application-link');
    choose('Product', 'confluence');
    type('Base URL', 'https://example.com/wiki/');
    const shown = await screen.findByText('Request token URL');
    expect(shown.nextElementSibling?.textContent).toBe(
      'https://example.com/wiki/plugins/servlet/oauth/request-token',
    );
    const sent = await savedClient(worker);
    expect(sent).toEqual({
      name: 'Mine',
      description: '',
      type: 'application-link',
      clientId: 'my-key',
      product: 'confluence',
      baseUrl: 'https://example.com/wiki',
      scopes: [],
      authorizationEndpoint: 'https://example.com/wiki/plugins/servlet/oauth/authorize',
      tokenEndpoint: 'https://example.com/wiki/plugins/servlet/oauth/access-token',
    });
  });

  it('stays on the page after it was created, with its public key to copy', async () => {
    const world = await begin('application-link');
    expect(consumerInfo().getByLabelText<HTMLTextAreaElement>('Public key').placeholder).toBe(
      'Generated when you save.',
    );
    expect(button('Copy Public key').disabled).toBe(true);
    type('Base URL', baseUrl);
    worker.answer('client.create', () => aLink());
    worker.answer('overview.get', () => anOverview({ clients: [aLink()] }));
    await press('Save');
    await screen.findByText('“Our Jira” is saved.');
    expect(world.hash).toBe(`#/clients/${clientId}`);
    expect(valueOf('Public key')).toBe(publicKeyPem);
    const fields = ['Consumer key', 'Consumer name', 'Public key', 'Callback URL of this browser'];
    for (const field of fields) await press(`Copy ${field}`);
    await waitFor(() => expect(screen.getAllByText('Copied')).toHaveLength(fields.length));
    expect(world.copied).toEqual(['threelo', 'Our Jira', publicKeyPem, aLink().redirectUri]);
  });

  it('goes back to the list after a change, and stays if its public key is new', async () => {
    const world = await openClient(worker);
    worker.answer('client.update', () => aLink({ name: 'Renamed' }));
    type('Name', 'Renamed');
    await press('Save');
    await waitFor(() => expect(world.hash).toBe('#/clients'));
    cleanup();
    const other = await openClient(worker);
    worker.answer('client.update', () => aLink({ publicKeyPem: 'another' }));
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pkcs1 = privateKey.export({ type: 'pkcs1', format: 'pem' }) as string;
    type('Private key', `key: ${pkcs1}`);
    await press('Save');
    await waitFor(() => expect(other.hash).toBe(`#/clients/${clientId}`));
    const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'pem' });
    expect(worker.bodies('client.update').at(-1)).toMatchObject({
      client: { privateKeyPem: pkcs8 },
    });
  });

  it('lists the steps for the administrator, and a description only if there is one', async () => {
    await openClient(worker);
    expect(consumerInfo().getAllByRole('listitem').length).toBeGreaterThan(4);
    expect(consumerInfo().queryByLabelText('Description')).toBeNull();
    cleanup();
    await openClient(worker, aLink({ description: 'For the board' }));
    expect(consumerInfo().getByLabelText<HTMLInputElement>('Description').value).toBe(
      'For the board',
    );
  });
});

describe('the keys of a client', () => {
  it('can be pasted; problems are shown at the field', async () => {
    await begin('application-link');
    type('Base URL', baseUrl);
    type('Private key', ' not a key ');
    await press('Save');
    const field = screen.getByLabelText('Private key');
    await waitFor(() => expect(document.activeElement).toBe(field));
    expect(problemOf('Private key')).toMatch(/^This text contains no key/u);
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(field.closest('details')?.open).toBe(true);
    expect(sentClients(worker)).toEqual([]);
    type('Private key', '-----BEGIN');
    await waitFor(() => expect(problemOf('Private key')).toBeNull());
  });

  it('are replaced after a confirmation, and the new public key is shown', async () => {
    await openClient(worker);
    worker.answer('client.new-key-pair', () => aLink({ publicKeyPem: 'another' }));
    await press('Generate a new key pair');
    expect(await screen.findByText(/^The server does not know the new public key/u)).toBeDefined();
    await waitFor(() =>
      expect(document.activeElement?.textContent).toMatch(/^The server does not know/u),
    );
    await press('Keep the keys');
    await press('Generate a new key pair');
    expect(worker.bodies('client.new-key-pair')).toEqual([]);
    const clients = [aLink({ publicKeyPem: 'another' })];
    worker.answer('overview.get', () => anOverview({ clients }));
    await press('Replace the keys');
    await waitFor(() => expect(valueOf('Public key')).toBe('another'));
    expect(worker.bodies('client.new-key-pair')).toEqual([{ id: clientId }]);
    await waitFor(() => expect(document.activeElement).toBe(button('Generate a new key pair')));
  });

  it('are kept when they cannot be replaced, and the fault is shown', async () => {
    await openClient(worker);
    worker.refuse('client.new-key-pair', 'storage_failed');
    await press('Generate a new key pair');
    await press('Replace the keys');
    expect((await screen.findByRole('alert')).textContent).toContain('could not store');
    expect(valueOf('Public key')).toBe(publicKeyPem);
  });
});

describe('a client with a shared secret', () => {
  it('requires three URLs and the secret', async () => {
    await begin('oauth1');
    expect(valueOf('Signature method')).toBe('HMAC-SHA1');
    await press('Save');
    const required = ['Shared secret', 'Request token URL', 'Authorization URL'];
    for (const label of [...required, 'Access token URL'])
      await waitFor(() => expect(problemOf(label), label).toBe('This is required.'));
    expect(sentClients(worker)).toEqual([]);
    expect(consumerInfo().queryByLabelText('Public key')).toBeNull();
  });

  it('is saved with them and with the API base', async () => {
    const world = await begin('oauth1');
    type('Shared secret', 'hidden');
    type('Request token URL', 'https://as.example/request');
    type('Authorization URL', 'https://as.example/authorize');
    type('Access token URL', 'https://as.example/access');
    type('API base', 'https://api.example/');
    expect(await savedClient(worker)).toEqual({
      name: 'Mine',
      description: '',
      type: 'oauth1',
      clientId: 'my-key',
      scopes: [],
      clientSecret: 'hidden',
      requestTokenEndpoint: 'https://as.example/request',
      authorizationEndpoint: 'https://as.example/authorize',
      tokenEndpoint: 'https://as.example/access',
      apiBase: 'https://api.example',
    });
    await waitFor(() => expect(world.hash).toBe('#/clients'));
  });

  it('accepts an RSA key instead of the secret', async () => {
    await begin('oauth1');
    choose('Signature method', 'RSA-SHA1');
    await waitFor(() => expect(screen.queryByLabelText('Shared secret')).toBeNull());
    expect(screen.getByLabelText('Private key')).toBeDefined();
    expect(consumerInfo().getByLabelText('Public key')).toBeDefined();
  });
});
