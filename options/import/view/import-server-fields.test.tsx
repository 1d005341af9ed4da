// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  press,
  pressEnabled,
  showOptions,
  type,
} from '../../../test/support/pages/options-page.tsx';
import { savesImports } from '../../../test/support/pages/postman-worker.ts';
import { cloud, info, oauth1, oauth2 } from '../../../test/support/samples/postman-samples.ts';
import { anOverview, FakeWorker } from '../../../test/support/samples/ui-views.ts';

vi.mock('../../../extension/browser/i18n.ts', () => import('../../../test/support/english.ts'));
afterEach(cleanup);

let worker: FakeWorker;
beforeEach(() => {
  worker = savesImports(new FakeWorker());
});

const request = (name: string, fields: Record<string, unknown>) => ({
  name,
  request: { auth: oauth1({ consumerKey: name.toLowerCase(), ...fields }) },
});
const collection = JSON.stringify({
  info,
  auth: oauth2(cloud),
  item: [
    request('Photos', { consumerSecret: 'canary' }),
    request('Link', { signatureMethod: 'RSA-SHA1' }),
    request('Open', { consumerKey: '{{key}}' }),
    request('Broken', { signatureMethod: 'RSA-SHA1', privateKey: 'canary' }),
  ],
});

async function preview(): Promise<void> {
  await showOptions(worker, anOverview());
  await press('Import');
  await screen.findByRole('heading', { name: 'Import clients' });
  type('Or paste the JSON', collection);
  await pressEnabled('Preview');
  await screen.findByText('1 of 5 chosen');
}
const box = (name: string) => screen.getByRole<HTMLInputElement>('checkbox', { name });
const server = (name: string) => within(screen.getByRole('group', { name: `Server of “${name}”` }));
const fill = (name: string, label: string, value: string) =>
  fireEvent.input(server(name).getByLabelText(label), { target: { value } });
const becomes = (name: string, isDisabled: boolean) =>
  waitFor(() => expect(box(name).disabled).toBe(isDisabled));
const told = (name: string) => box(name).closest('li')?.querySelector('.problem')?.textContent;
const sent = async () => {
  await press('Import');
  await screen.findByText(/^Imported: /u);
  return worker.bodies('client.import');
};

describe('the server of an OAuth 1.0a consumer', () => {
  it('has fields for three URLs, and the entry can be chosen once they are filled in', async () => {
    await preview();
    expect(box('Photos').disabled).toBe(true);
    expect(server('Photos').queryByLabelText('Product')).toBeNull();
    fill('Photos', 'Request token URL', 'https://as.example/request');
    fill('Photos', 'Authorization URL', 'https://as.example/authorize');
    expect(box('Photos').disabled).toBe(true);
    fill('Photos', 'Access token URL', 'http://as.example/access');
    expect(await server('Photos').findByText('The URL must begin with https://.')).toBeDefined();
    expect(box('Photos').disabled).toBe(true);
    fill('Photos', 'Access token URL', 'https://as.example/access');
    await becomes('Photos', false);
    expect(server('Photos').queryByText('The URL must begin with https://.')).toBeNull();
    fireEvent.click(box('Photos'));
    await screen.findByText('2 of 5 chosen');
    fill('Photos', 'API base', 'https://api.example');
    const addresses = {
      requestTokenEndpoint: 'https://as.example/request',
      authorizationEndpoint: 'https://as.example/authorize',
      tokenEndpoint: 'https://as.example/access',
      apiBase: 'https://api.example',
    };
    expect(await sent()).toMatchObject([
      { clients: [{ name: 'Cloud' }, { name: 'Photos', type: 'oauth1', ...addresses }] },
    ]);
  });

  it('that signs with RSA is a product with a base URL, or another provider', async () => {
    await preview();
    const product = server('Link').getByLabelText<HTMLSelectElement>('Product');
    expect(product.value).toBe('jira');
    fireEvent.change(product, { target: { value: 'bamboo' } });
    fill('Link', 'Base URL', 'https://build.example/bamboo');
    await becomes('Link', false);
    fireEvent.change(product, { target: { value: 'other' } });
    await becomes('Link', true);
    expect(server('Link').queryByLabelText('Base URL')).toBeNull();
    expect(server('Link').getByLabelText('Request token URL')).toBeDefined();
    fireEvent.change(product, { target: { value: 'bamboo' } });
    await becomes('Link', false);
    fireEvent.click(box('Link'));
    await screen.findByText('2 of 5 chosen');
    const baseUrl = 'https://build.example/bamboo';
    const link = { name: 'Link', type: 'application-link', product: 'bamboo', baseUrl };
    expect(await sent()).toMatchObject([{ clients: [{ name: 'Cloud' }, link] }]);
  });

  it('that becomes incomplete removes its entry from the choice, until it is complete again', async () => {
    await preview();
    fill('Link', 'Base URL', 'https://jira.example');
    await becomes('Link', false);
    fireEvent.click(box('Link'));
    await screen.findByText('2 of 5 chosen');
    fill('Link', 'Base URL', 'https://');
    await screen.findByText('1 of 5 chosen');
    expect([box('Link').checked, box('Link').disabled]).toEqual([false, true]);
    fill('Link', 'Base URL', 'https://jira.example');
    await screen.findByText('2 of 5 chosen');
  });

  it('has no fields while the entry has other problems, which are shown', async () => {
    await preview();
    expect(told('Open')).toContain('Consumer key: This contains a variable that has no value.');
    expect(told('Broken')).toContain('Private key: This text contains no key.');
    for (const name of ['Open', 'Broken'])
      expect(screen.queryByRole('group', { name: `Server of “${name}”` })).toBeNull();
  });

  it('needs no key: if the file has none, the preview says that a pair is generated', async () => {
    await preview();
    expect(box('Link').closest('li')?.textContent).toContain('Not in the file: a key pair');
    const found = screen.getByRole('group', { name: 'Found in “Atlassian”' });
    expect(found.textContent).not.toContain('canary');
  });

  it('is kept when an environment is added, and cleared by the import', async () => {
    await preview();
    fill('Link', 'Base URL', 'https://jira.example');
    await becomes('Link', false);
    type('Or paste the environment', '{"values":[{"key":"key","value":"open"}]}');
    await pressEnabled('Preview');
    await becomes('Link', false);
    expect(server('Link').getByLabelText<HTMLInputElement>('Base URL').value).toBe(
      'https://jira.example',
    );
    expect(server('Open').getByLabelText('Request token URL')).toBeDefined();
    await sent();
    await press('Import');
    type('Or paste the JSON', collection);
    await pressEnabled('Preview');
    await screen.findByText('1 of 5 chosen');
    expect(box('Link').disabled).toBe(true);
  });
});
