// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClientView } from '#wire/views.ts';
import {
  beginClient,
  press,
  savedClient,
  savingWorker,
  sentClients,
  showOptions,
  type,
} from '../../../test/support/pages/options-page.tsx';
import {
  aClient,
  anOverview,
  clientId,
  type FakeWorker,
} from '../../../test/support/samples/ui-views.ts';

vi.mock('../../../extension/browser/i18n.ts', () => import('../../../test/support/english.ts'));
afterEach(cleanup);

let worker: FakeWorker;
beforeEach(() => {
  worker = savingWorker();
});

const legend = 'Headers of requests to the API (not secret, for example Notion-Version)';
/** The list of headers. */
const list = () => within(screen.getByRole('group', { name: legend }));
const texts = (): string[] =>
  list()
    .queryAllByRole<HTMLInputElement>('textbox')
    .map(({ value }) => value);

async function addHeader(name: string, value: string): Promise<void> {
  const before = texts().length;
  list().getByRole('button', { name: 'Add parameter' }).click();
  await waitFor(() => expect(texts()).toHaveLength(before + 2));
  const number = String(before / 2 + 1);
  type(`Name of parameter ${number}`, name);
  type(`Value of parameter ${number}`, value);
}

async function beginProvider(): Promise<void> {
  await beginClient(worker, 'generic');
  type('Authorization endpoint', 'https://id.example/authorize');
  type('Token endpoint', 'https://id.example/token');
}

const headed = (requestHeaders: Record<string, string>): ClientView =>
  aClient({
    type: 'generic',
    authorizationEndpoint: 'https://id.example/authorize',
    tokenEndpoint: 'https://id.example/token',
    requestHeaders,
  });

describe("the list of a provider's own request headers", () => {
  it('is saved without empty rows and with trimmed names', async () => {
    await beginProvider();
    await addHeader(' Notion-Version ', '2022-06-28');
    await addHeader('', '');
    await addHeader('Prefer', 'respond-async, wait=10');
    expect(await savedClient(worker)).toMatchObject({
      requestHeaders: { 'Notion-Version': '2022-06-28', Prefer: 'respond-async, wait=10' },
    });
  });

  it.each([
    ['Authorization', 'x', 'has credentials'],
    ['X-Api-Key', 'x', 'has credentials'],
    ['Transfer-Encoding', 'chunked', 'set by Threelo, the page or the browser'],
    ['Keep-Alive', 'x', 'set by Threelo, the page or the browser'],
    ['X Version', '1', 'A header needs a name'],
    ['X-Version', '', 'a value of 1 to 1,024 ASCII characters'],
    ['X-Version', 'größer', 'a value of 1 to 1,024 ASCII characters'],
  ])('shows why %s: %s is not saved, and Save leads there', async (name, value, reason) => {
    await beginProvider();
    await addHeader(name, value);
    const group = screen.getByRole('group', { name: legend });
    await waitFor(() => expect(group.textContent).toContain(reason));
    await press('Save');
    await waitFor(() => expect(document.activeElement).toBe(group));
    expect(sentClients(worker)).toEqual([]);
  });

  it('shows that a name is repeated, in any letter case, and does not save', async () => {
    await beginProvider();
    await addHeader('Prefer', 'a');
    await addHeader('prefer', 'b');
    const group = screen.getByRole('group', { name: legend });
    await waitFor(() => expect(group.textContent).toContain('a name that no other one has'));
    await press('Save');
    await waitFor(() => expect(document.activeElement).toBe(group));
    expect(sentClients(worker)).toEqual([]);
  });

  it('shows the saved headers, and saves what was removed and changed', async () => {
    const client = headed({ 'Notion-Version': '2022-06-28', Prefer: 'a' });
    await showOptions(worker, anOverview({ clients: [client] }), `#/clients/${clientId}`);
    expect(texts()).toEqual(['Notion-Version', '2022-06-28', 'Prefer', 'a']);
    await press('Remove parameter Prefer');
    await waitFor(() => expect(texts()).toHaveLength(2));
    type('Value of parameter 1', '2025-09-03');
    await press('Save');
    await waitFor(() =>
      expect(sentClients(worker, 'client.update')).toMatchObject([
        { requestHeaders: { 'Notion-Version': '2025-09-03' } },
      ]),
    );
  });

  it('sends no list when the last header is removed', async () => {
    const client = headed({ 'Notion-Version': '2022-06-28' });
    await showOptions(worker, anOverview({ clients: [client] }), `#/clients/${clientId}`);
    await press('Remove parameter Notion-Version');
    await waitFor(() => expect(texts()).toEqual([]));
    await press('Save');
    await waitFor(() => expect(sentClients(worker, 'client.update')).toHaveLength(1));
    expect(sentClients(worker, 'client.update')[0]).not.toHaveProperty('requestHeaders');
  });

  it('exists only for types of provider that have it', async () => {
    await beginClient(worker, 'atlassian-cloud');
    expect(screen.queryByRole('group', { name: legend })).toBeNull();
  });
});
