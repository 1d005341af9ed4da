// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { profileOf } from '../extension/core/provider-profile.ts';
import type { ProviderType } from '../extension/core/provider-type.ts';
import type { Overview } from '../extension/wire/views.ts';
import { optionsStore } from '../test/support/options-store.ts';
import { aClient, anOverview, clientId, FakeWorker } from '../test/support/ui-views.ts';
import { Options } from './options.tsx';

vi.mock('../extension/browser/i18n.ts', () => import('../test/support/english.ts'));
afterEach(cleanup);

let worker: FakeWorker;
beforeEach(() => {
  worker = new FakeWorker()
    .answer('client.redirect-uri', ({ authorizationEndpoint }: Record<string, string>) => ({
      redirectUri: `https://id.chromiumapp.org/for?${authorizationEndpoint}`,
    }))
    .answer('client.create', () => aClient());
});

async function show(overview: Overview = anOverview({ clients: [] }), hash = '#/clients/new') {
  worker.answer('overview.get', () => overview);
  const world = optionsStore(worker);
  world.store.arrive(hash);
  render(<Options store={world.store} />);
  await world.store.reload();
  await screen.findByRole('heading', { level: 1 });
  return world;
}
const press = async (name: string) => fireEvent.click(await screen.findByRole('button', { name }));
const type = (label: string, value: string) =>
  fireEvent.input(screen.getByLabelText(label), { target: { value } });
const choose = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
const valueOf = (label: string) => screen.getByLabelText<HTMLInputElement>(label).value;
const created = () =>
  (worker.bodies('client.create') as { client: Record<string, unknown> }[]).map(
    ({ client }) => client,
  );

/** A new client of a kind, named and with credentials. */
async function begin(kind: ProviderType): Promise<void> {
  await show();
  type('Name', 'Mine');
  type('Client ID', 'abc');
  type('Client secret', 'hidden');
  choose('Type', kind);
  await waitFor(() => expect(valueOf('Type')).toBe(kind));
}
async function saved(): Promise<Record<string, unknown> | undefined> {
  await press('Save');
  await waitFor(() => expect(created()).toHaveLength(1));
  return created()[0];
}

describe('the authorization URL of a developer console', () => {
  const label = 'Authorization URL';
  const url = (host: string, rest = '') =>
    `https://auth.${host}/authorize?audience=api.${host}&client_id=from-console&scope=read%3Ame%20read%3Ajira-work${rest}` +
    '&redirect_uri=https%3A%2F%2Fx.example&state=${YOUR_USER_BOUND_VALUE}&response_type=code&prompt=consent';

  it('fills in client ID and scopes, and keeps what renews a session', async () => {
    await begin('atlassian-cloud');
    type(label, url('atlassian.com', '&novelty=1'));
    expect(await screen.findByText(/the client ID and 2 scopes/u)).toBeDefined();
    expect(screen.getByText('Not taken over: novelty.')).toBeDefined();
    expect(valueOf('Client ID')).toBe('from-console');
    expect(await saved()).toMatchObject({
      type: 'atlassian-cloud',
      clientId: 'from-console',
      scopes: ['read:me', 'read:jira-work', 'offline_access'],
    });
  });

  it('chooses the cloud that it belongs to', async () => {
    await begin('atlassian-cloud');
    type(label, url('atlassian-us-gov-mod.com'));
    await waitFor(() => expect(valueOf('Type')).toBe('atlassian-gov-cloud'));
    expect(valueOf(label)).toContain('from-console');
    expect(await saved()).toMatchObject({
      type: 'atlassian-gov-cloud',
      clientId: 'from-console',
      tokenEndpoint: profileOf('atlassian-gov-cloud').tokenEndpoint,
    });
  });

  it('tells what is wrong beside the field and changes nothing', async () => {
    await begin('atlassian-cloud');
    type(label, 'https://developer.atlassian.com/console/myapps/1/authorization');
    expect(await screen.findByText(/address of the console itself/u)).toBeDefined();
    expect(screen.getByLabelText(label).getAttribute('aria-invalid')).toBe('true');
    expect(valueOf('Client ID')).toBe('abc');
    type(label, '');
    await waitFor(() =>
      expect(screen.getByLabelText(label).getAttribute('aria-invalid')).toBeNull(),
    );
  });

  it('is asked for neither of other kinds nor when a client is changed', async () => {
    await begin('generic');
    expect(screen.queryByLabelText(label)).toBeNull();
    cleanup();
    await show(anOverview(), `#/clients/${clientId}`);
    expect(screen.queryByLabelText(label)).toBeNull();
  });
});
