// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { exportClients } from '#core/import/client-interchange.ts';
import { wholeText } from '../test/support/pages/whole-text.ts';
import { press, pressEnabled, showOptions, type } from '../test/support/pages/options-page.tsx';
import { optionsStore } from '../test/support/pages/options-store.ts';
import { hiddenIn, withHidden } from '../test/support/pages/hidden-characters.ts';
import { aConnection, aSessionRow } from '../test/support/samples/popup-views.ts';
import { aSiteRow, listSites } from '../test/support/samples/site-rows.ts';
import {
  aCallEntry,
  aClient,
  aGrantWithChoices,
  anActivityView,
  anOverview,
  aSession,
  aSite,
  clientId,
  dashboard,
  FakeWorker,
  sessionId,
} from '../test/support/samples/ui-views.ts';
import { Options } from './options.tsx';

vi.mock('../extension/browser/i18n.ts', () => import('../test/support/english.ts'));
afterEach(cleanup);

const redirectUri = 'https://id.chromiumapp.org/suffix';
let worker: FakeWorker;
beforeEach(() => {
  worker = new FakeWorker().answer('client.redirect-uri', () => ({ redirectUri }));
});

it('has a navigation with exactly the existing sections', async () => {
  await showOptions(worker, anOverview());
  const links = within(screen.getByRole('navigation')).getAllByRole('link');
  expect(links.map(({ textContent }) => textContent)).toEqual([
    'Clients',
    'Sessions',
    'Connected pages',
    'Activity',
    'Console',
    'Settings',
    'About',
  ]);
  expect(screen.getByText(/Not affiliated with Atlassian/u)).toBeDefined();
});

describe('Clients', () => {
  it('leads to the first run when there is no client', async () => {
    const world = await showOptions(worker, anOverview({ clients: [] }));
    await press('Set up Threelo');
    expect(world.hash).toBe('#/welcome');
    world.store.arrive('#/clients');
    await press('Add client');
    expect(world.hash).toBe('#/clients/new');
  });

  it('lists a client with its actions', async () => {
    const world = await showOptions(worker, anOverview());
    const [row] = screen.getAllByRole('listitem');
    expect(row?.textContent).toContain('Atlassian Cloud · Client ID AbCdEf123456 · 7 scopes');
    expect(row?.textContent).toContain('1 session · auth.atlassian.com and api.atlassian.com');
    await press('Sign in');
    expect(worker.bodies('flow.start')).toEqual([{ clientId }]);
    await press('Duplicate');
    expect(world.hash).toBe(`#/clients/new?copy=${clientId}`);
  });

  it('says what to do when the RSA key of a client is lost', async () => {
    await showOptions(worker, anOverview({ clients: [aClient({ isKeyPairLost: true })] }));
    const [row] = screen.getAllByRole('listitem');
    expect(row?.textContent).toContain('choose “Generate a new key pair”');
  });

  it('lists the effects before a client is deleted', async () => {
    worker.answer('client.impact', () => ({ sessions: [aSession()], origins: [dashboard] }));
    await showOptions(worker, anOverview());
    await press('Delete');
    expect(await screen.findByText('Ada Lovelace (ada@acme.example)')).toBeDefined();
    expect(screen.getByText(dashboard)).toBeDefined();
    expect(worker.bodies('client.delete')).toEqual([]);
    await press('Delete');
    await waitFor(() => expect(worker.bodies('client.delete')).toEqual([{ id: clientId }]));
  });

  it('warns of an imported client whose token endpoint is on another host, and names both', async () => {
    const evil = aClient({
      name: 'Both',
      type: 'generic',
      authorizationEndpoint: 'https://login.example/authorize',
      tokenEndpoint: 'https://evil.example/token',
    });
    worker.answer('client.import', () => ({ created: [aClient(), evil] }));
    await showOptions(worker, anOverview());
    await press('Import');
    type('Or paste the JSON', exportClients([{ ...evil, redirectUriSuffix: '' }]));
    await pressEnabled('Preview');
    await pressEnabled('Import');
    const notice = (await screen.findByText(wholeText('Imported: Acme app and Both.'))).closest(
      '[role=status]',
    );
    const warnings = [...notice!.querySelectorAll('.problem')].map(
      ({ textContent }) => textContent,
    );
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /^Both: Warning: .* is on login\.example, but the token endpoint is on evil\.example\./u,
    );
  });

  it('keeps an invalid import in the field and shows the problem', async () => {
    await showOptions(worker, anOverview());
    await press('Import');
    type('Or paste the JSON', '{broken');
    await pressEnabled('Preview');
    expect((await screen.findByRole('alert')).textContent).toContain('Nothing was changed');
    expect(screen.getByLabelText<HTMLTextAreaElement>('Or paste the JSON').value).toBe('{broken');
  });
});

describe('the editor', () => {
  it('needs no more than Name, Client ID and Client secret', async () => {
    worker.answer('client.create', () => aClient());
    const world = await showOptions(worker, anOverview({ clients: [] }), '#/clients/new');
    type('Name', 'Mine');
    type('Client ID', 'abc');
    type('Client secret', 'hidden');
    await press('Save');
    await waitFor(() => expect(world.hash).toBe('#/clients'));
    expect(worker.bodies('client.create')).toMatchObject([
      { client: { name: 'Mine', clientId: 'abc', clientSecret: 'hidden' } },
    ]);
    expect(screen.queryByDisplayValue('hidden')).toBeNull();
    expect(document.body.textContent).not.toContain('hidden');
  });

  it('shows the problems at the fields, and Save focuses the first one', async () => {
    await showOptions(worker, anOverview(), '#/clients/new');
    type('Name', 'ACME APP');
    const name = screen.getByLabelText('Name');
    await waitFor(() => expect(name.getAttribute('aria-invalid')).toBe('true'));
    const told = document.getElementById(name.getAttribute('aria-describedby') ?? '');
    expect(told?.textContent).toBe('Another client has this name already.');
    await press('Save');
    await waitFor(() => expect(document.activeElement).toBe(name));
    expect(screen.getAllByText('This is required.')).toHaveLength(2);
  });

  it('opens the endpoints when one of them has a problem', async () => {
    await showOptions(worker, anOverview(), `#/clients/${clientId}`);
    const endpoint = screen.getByLabelText('Token endpoint');
    fireEvent.input(endpoint, { target: { value: 'http://auth.atlassian.com' } });
    expect(await screen.findByText('The URL must begin with https://.')).toBeDefined();
    expect(endpoint.closest('details')?.open).toBe(true);
  });

  it('never shows the stored secret, and says how to keep it', async () => {
    await showOptions(worker, anOverview(), `#/clients/${clientId}`);
    const secret = screen.getByLabelText<HTMLInputElement>('Client secret');
    expect([secret.type, secret.value]).toEqual(['password', '']);
    expect(secret.placeholder).toBe('Stored. Leave empty to keep.');
  });

  it('copies the callback URL', async () => {
    const world = await showOptions(worker, anOverview(), '#/clients/new');
    const field = screen.getByLabelText<HTMLInputElement>('Callback URL of this browser');
    await waitFor(() => expect(field.value).toBe(redirectUri));
    await press('Copy Callback URL of this browser');
    expect(await screen.findByText('Copied')).toBeDefined();
    expect(world.copied).toEqual([redirectUri]);
  });

  it('warns before an endpoint or client ID is changed', async () => {
    await showOptions(worker, anOverview(), `#/clients/${clientId}`);
    type('Authorization endpoint', 'https://auth.atlassian.com/other');
    expect(await screen.findByText(/changes the callback URL/u)).toBeDefined();
    expect(screen.getByText('Saving this ends 1 session of this client.')).toBeDefined();
  });

  it('accepts chosen and typed scopes, and removes typed ones', async () => {
    await showOptions(worker, anOverview(), '#/clients/new');
    fireEvent.click(screen.getByRole('checkbox', { name: 'write:jira-work' }));
    type('Add scope', 'write:page:confluence');
    await press('Add');
    expect(await screen.findByText('9 scopes')).toBeDefined();
    await press('Remove write:page:confluence');
    expect(await screen.findByText('8 scopes')).toBeDefined();
  });

  it('opens the form of a client without its secret before a sign-in, then saves and signs in', async () => {
    const lacking = aClient({ hasSecret: false, missingField: 'clientSecret' });
    worker.answer('client.update', () => aClient());
    const requested: (readonly string[])[] = [];
    const world = await showOptions(worker, anOverview({ clients: [lacking] }), '', {
      requestHostPatterns: (patterns) => Promise.resolve(requested.push(patterns) > 0),
    });
    await press('Sign in');
    expect(world.hash).toBe(`#/clients/${clientId}?for=sign-in`);
    expect(await screen.findByText(/This client cannot sign in yet/u)).toBeDefined();
    const secret = screen.getByLabelText('Client secret');
    await waitFor(() => expect(document.activeElement).toBe(secret));
    expect(secret.getAttribute('aria-invalid')).toBe('true');
    await press('Save and sign in');
    expect(worker.bodies('flow.start')).toEqual([]);
    expect(requested).toEqual([]);
    type('Client secret', 'hidden');
    await press('Save and sign in');
    expect(requested).toEqual([['https://auth.atlassian.com/*', 'https://api.atlassian.com/*']]);
    await waitFor(() => expect(worker.bodies('flow.start')).toEqual([{ clientId }]));
    expect(worker.bodies('client.update')).toMatchObject([{ client: { clientSecret: 'hidden' } }]);
    expect(worker.bodies('flow.prepare')).toEqual([]);
  });

  it('restores what was typed before a reload, except secrets, until it is saved or cancelled', async () => {
    const hash = `#/clients/${clientId}`;
    worker.answer('client.update', () => aClient());
    const before = await showOptions(worker, anOverview(), hash);
    type('Description', 'Typed');
    type('Client secret', 'hidden');
    expect(JSON.stringify([...before.texts])).not.toContain('hidden');
    cleanup();
    const tabTexts = {
      read: (name: string) => before.texts.get(name),
      write: (name: string, text: string) => void before.texts.set(name, text),
    };
    const world = await showOptions(worker, anOverview(), hash, { tabTexts });
    expect(await screen.findByText(/^What you typed before the reload/u)).toBeDefined();
    expect(screen.getByLabelText<HTMLInputElement>('Description').value).toBe('Typed');
    expect(world.store.hasUnsaved()).toBe(true);
    await press('Save');
    await waitFor(() => expect(world.hash).toBe('#/clients'));
    world.store.arrive(hash);
    expect(await screen.findByLabelText('Description')).toBeDefined();
    expect(screen.queryByText(/^What you typed before the reload/u)).toBeNull();
    type('Description', 'Again');
    await press('Cancel');
    expect(JSON.stringify([...before.texts])).not.toContain('Again');
  });

  it('reports that a client does not exist', async () => {
    worker.answer('overview.get', () => anOverview());
    const { store } = optionsStore(worker);
    store.arrive('#/clients/nobody');
    render(<Options store={store} />);
    await store.reload();
    expect(await screen.findByText('This client no longer exists.')).toBeDefined();
  });
});

describe('the points of the hour', () => {
  const quota = { clientId, calls: 1204, points: 3870, quota: 65_000, limited: 2, held: 1 };
  it('are shown with the client that used them', async () => {
    worker.answer('quota.list', () => [quota]);
    await showOptions(worker, anOverview());
    const text =
      'This hour: 1,204 calls, about 3,870 of 65,000 points, 2 responses 429, and 1 call not sent';
    expect(await screen.findByText(text)).toBeDefined();
    expect(screen.queryByText(/used up/u)).toBeNull();
  });
  it('say when they are used up, and nothing of a client without a quota but its calls', async () => {
    const closed = { ...quota, quota: undefined, limited: 0, held: 0, closedUntilMs: 0 };
    worker.answer('quota.list', () => [closed]);
    await showOptions(worker, anOverview());
    expect(await screen.findByText('This hour: 1,204 calls')).toBeDefined();
    expect(
      screen.getByText(/The points of this hour are used up. .* before Jan 1, 1970/u),
    ).toBeDefined();
  });
  it('are not shown when they cannot be loaded', async () => {
    worker.refuse('quota.list', 'unavailable');
    await showOptions(worker, anOverview());
    expect(screen.queryByText(/This hour/u)).toBeNull();
  });
});

it.each([
  '#/clients',
  `#/clients/${clientId}`,
  '#/sessions',
  `#/sessions/${sessionId}`,
  '#/connected-pages',
  `#/connected-pages/${encodeURIComponent(dashboard)}`,
  '#/activity',
])('shows hidden characters of names by their number, in titles too (%s)', async (hash) => {
  const row = aSessionRow({ lostSites: [aSite('Lost')], lostSiteCount: 1 });
  const grant = { ...aConnection(), ...aGrantWithChoices() };
  const activity = anActivityView({ entries: [aCallEntry()] });
  const details = { row, requestedScopes: [], products: [], pages: [], recentProblems: [] };
  worker
    .answer('session.find', () => withHidden({ total: 1, matching: 1, rows: [row] }))
    .answer('session.details', () => withHidden(details))
    .answer('grant.find', () => withHidden({ total: 1, matching: 1, rows: [grant] }))
    .answer('grant.get', () => withHidden(aGrantWithChoices()))
    .answer('activity.list', () => withHidden(activity))
    .answer('client.impact', () => withHidden({ sessions: [aSession()], origins: [] }));
  listSites(worker, withHidden([aSiteRow('Acme'), aSiteRow('Beta')]));
  const { store } = await showOptions(worker, withHidden(anOverview()), hash);
  await screen.findAllByText(/gnp/u);
  for (const name of ['Rename', 'Delete', 'Sign out', 'Disconnect'])
    for (const button of screen.queryAllByRole('button', { name })) fireEvent.click(button);
  await screen.findAllByText(/gnp/u);
  expect(hiddenIn(document).raw).toEqual([]);
  expect(store.title.value).not.toContain('\u202E');
});
