// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { blankDraft, draftOf } from '#core/client/client-configuration.ts';
import { endpointsAt } from '#core/provider/derived-endpoints.ts';
import { profileOf } from '#core/provider/provider-profile.ts';
import { providerTexts } from '#core/provider/provider-texts.ts';
import type { ClientView } from '#wire/views.ts';
import {
  beginClient,
  choose,
  press,
  savedClient,
  savingWorker,
  sentClients,
  showOptions,
  type,
  valueOf,
} from '../../../test/support/pages/options-page.tsx';
import { anOverview, clientId, type FakeWorker } from '../../../test/support/samples/ui-views.ts';

vi.mock('../../../extension/browser/i18n.ts', () => import('../../../test/support/english.ts'));
afterEach(cleanup);

let worker: FakeWorker;
beforeEach(() => {
  worker = savingWorker();
});
const jira = (part: Partial<ClientView> = {}): ClientView => ({
  ...draftOf({
    ...blankDraft('data-center'),
    ...endpointsAt('data-center', 'https://example.com/jira'),
    baseUrl: 'https://example.com/jira',
    name: 'Our Jira',
    clientId: 'abc',
    scopes: ['WRITE'],
  }),
  id: clientId,
  hasSecret: true,
  redirectUri: 'https://id.chromiumapp.org/x',
  ...part,
});

describe('Type', () => {
  it('fills in the presets of another type and keeps the common fields', async () => {
    await beginClient(worker, 'google');
    expect([valueOf('Name'), valueOf('Client ID')]).toEqual(['Mine', 'abc']);
    expect(valueOf('Token endpoint')).toBe(profileOf('google').tokenEndpoint);
    expect(await savedClient(worker)).toMatchObject({
      name: 'Mine',
      clientId: 'abc',
      clientSecret: 'hidden',
      type: 'google',
      scopes: profileOf('google').defaultScopes,
    });
  });

  it('restores what was typed when the type is chosen again', async () => {
    await beginClient(worker, 'data-center');
    type('Base URL', 'https://example.com/jira');
    choose('Type', 'generic');
    await waitFor(() => expect(screen.queryByLabelText('Base URL')).toBeNull());
    choose('Type', 'data-center');
    await waitFor(() => expect(valueOf('Base URL')).toBe('https://example.com/jira'));
  });
});

describe('a cloud', () => {
  it('for the government has its own console, and accepts other hosts', async () => {
    await beginClient(worker, 'atlassian-gov-cloud');
    expect(
      screen.getByText(/Apps and tokens of one Atlassian cloud do not work in another/u),
    ).toBeDefined();
    const link = screen.getByRole<HTMLAnchorElement>('link', {
      name: 'Open the developer console',
    });
    expect(link.href).toBe(providerTexts['atlassian-gov-cloud'].consoleUrl);
    expect(screen.getByText(/colleagues see “Something went wrong”/u)).toBeDefined();
    expect(screen.getByText('Custom hosts')).toBeDefined();
    type('API base', 'https://api.isolated.example');
    type('Authorization endpoint', 'https://auth.isolated.example/authorize');
    type('Token endpoint', 'https://auth.isolated.example/oauth/token');
    expect(await savedClient(worker)).toMatchObject({ apiBase: 'https://api.isolated.example' });
  });
});

describe('Data Center', () => {
  it('shortens the link of a page, reports that, and shows the derived endpoints', async () => {
    await beginClient(worker, 'data-center');
    const callbackUrl = screen.getByLabelText<HTMLInputElement>('Callback URL of this browser');
    expect(callbackUrl.placeholder).toBe('Shown when “Base URL” is a valid URL');
    type('Base URL', 'https://example.com/jira/browse/ABC-1');
    expect(await screen.findByText(/This was the link of a page/u)).toBeDefined();
    const { authorizationEndpoint, tokenEndpoint } = endpointsAt(
      'data-center',
      'https://example.com/jira',
    );
    expect(screen.getByText(tokenEndpoint)).toBeDefined();
    await waitFor(() =>
      expect(valueOf('Callback URL of this browser')).toContain(authorizationEndpoint),
    );
    expect(await savedClient(worker)).toMatchObject({
      baseUrl: 'https://example.com/jira',
      tokenEndpoint,
    });
  });

  it('offers the scopes of the product as one choice, with the scopes that each implies', async () => {
    await beginClient(worker, 'data-center');
    type('Base URL', 'https://example.com/jira');
    expect(screen.getByText(/An app never gets more permissions than its user has/u)).toBeDefined();
    const admin = screen.getByRole('radio', { name: 'ADMIN' });
    expect(document.getElementById('about-ADMIN')?.textContent).toBe('Includes READ and WRITE');
    fireEvent.click(admin);
    expect(await savedClient(worker)).toMatchObject({ product: 'jira', scopes: ['ADMIN'] });
  });

  it('lists the steps of the chosen product, and offers its scopes', async () => {
    await beginClient(worker, 'data-center');
    expect(screen.getByText(/^Jira administration/u)).toBeDefined();
    choose('Product', 'bitbucket');
    expect(await screen.findByText(/^Bitbucket administration/u)).toBeDefined();
    const chosen = screen.getAllByRole<HTMLInputElement>('radio').filter((one) => one.checked);
    expect(chosen.map((one) => one.getAttribute('aria-labelledby'))).toEqual(['scope-REPO_READ']);
  });

  it('accepts http only when the checkbox is set, and shows the warning', async () => {
    await beginClient(worker, 'data-center');
    type('Base URL', 'http://jira.local/jira');
    expect(await screen.findByText('The URL must begin with https://.')).toBeDefined();
    fireEvent.click(screen.getByLabelText('Allow plain http for this client'));
    expect(await screen.findByText(/Plain http is allowed for this client/u)).toBeDefined();
    expect(await savedClient(worker)).toMatchObject({
      baseUrl: 'http://jira.local/jira',
      isHttpAllowed: true,
    });
  });

  it('needs no secret of a public client', async () => {
    await beginClient(worker, 'data-center');
    type('Base URL', 'https://example.com/jira');
    type('Client secret', '');
    choose('Client authentication', 'none');
    await waitFor(() =>
      expect(screen.getByLabelText('Client secret').getAttribute('aria-required')).toBeNull(),
    );
    const client = await savedClient(worker);
    expect(client).toMatchObject({ clientAuthentication: 'none' });
    expect(client).not.toHaveProperty('clientSecret');
  });

  it('warns of the PKCE method plain', async () => {
    await beginClient(worker, 'data-center');
    expect(valueOf('PKCE method')).toBe('S256');
    choose('PKCE method', 'plain');
    expect(await screen.findByText(/PKCE gives no protection/u)).toBeDefined();
    choose('PKCE method', 'sha256');
    await waitFor(() => expect(screen.queryByText(/PKCE gives no protection/u)).toBeNull());
  });

  it('warns of ended sessions for another base URL, and not of consent for a weaker scope', async () => {
    await showOptions(worker, anOverview({ clients: [jira()] }), `#/clients/${clientId}`);
    fireEvent.click(screen.getByRole('radio', { name: 'READ' }));
    await waitFor(() =>
      expect(screen.getByRole<HTMLInputElement>('radio', { name: 'READ' }).checked).toBe(true),
    );
    expect(screen.queryByText(/work after you sign in again/u)).toBeNull();
    type('Base URL', 'https://example.com/other');
    expect(await screen.findByText('Saving this ends 1 session of this client.')).toBeDefined();
  });
});

describe('the classic scopes', () => {
  it('are found by their names and by what they allow', async () => {
    await beginClient(worker, 'atlassian-cloud');
    const found = async (search: string): Promise<(string | null)[]> => {
      type('Search scopes', search);
      await waitFor(() => expect(valueOf('Search scopes')).toBe(search));
      return within(document.querySelector('.scope-groups') as HTMLElement)
        .queryAllByRole('checkbox')
        .map((one) => one.getAttribute('aria-labelledby'));
    };
    expect(await found('Worklogs create')).toEqual(['scope-write:jira-work']);
    expect(await found('jira-webhook')).toEqual(['scope-manage:jira-webhook']);
    expect(screen.getByText('Register and remove webhooks.')).toBeDefined();
    expect(screen.queryByText('Confluence')).toBeNull();
  });
});

describe('a generic provider', () => {
  it('accepts endpoints, API base and any scopes', async () => {
    await beginClient(worker, 'generic');
    type('Authorization endpoint', 'https://id.example/authorize');
    type('Token endpoint', 'https://id.example/token');
    type('API base', 'https://api.example/v1/');
    type('Issuer', 'https://id.example');
    type('Add scope', 'openid read:me');
    expect(screen.queryByLabelText('Search scopes')).toBeNull();
    await press('Add');
    expect(await screen.findByText('2 scopes')).toBeDefined();
    choose('Client authentication', 'basic');
    expect(await savedClient(worker)).toMatchObject({
      apiBase: 'https://api.example/v1',
      issuer: 'https://id.example',
      scopes: ['openid', 'read:me'],
      clientAuthentication: 'basic',
    });
  });

  it('focuses the first missing endpoint', async () => {
    await beginClient(worker, 'generic');
    await press('Save');
    await waitFor(() =>
      expect(document.activeElement).toBe(screen.getByLabelText('Authorization endpoint')),
    );
    expect(sentClients(worker)).toEqual([]);
  });
});

describe('extra parameters', () => {
  const phase = () =>
    screen.getByRole('group', { name: 'Extra parameters of the sign-in request' });
  const add = async (name: string, value: string): Promise<void> => {
    const before = within(phase()).queryAllByRole('textbox').length;
    fireEvent.click(within(phase()).getByRole('button', { name: 'Add parameter' }));
    const number = before / 2 + 1;
    await within(phase()).findByLabelText(`Name of parameter ${number}`);
    for (const [label, text] of Object.entries({ Name: name, Value: value })) {
      const field = within(phase()).getByLabelText(`${label} of parameter ${number}`);
      fireEvent.input(field, { target: { value: text } });
    }
  };

  it('are rows with a name and a value', async () => {
    await beginClient(worker, 'google');
    expect(phase().textContent).toContain('access_type=offline');
    await add('hd', 'acme.example');
    await add('login_hint', 'ada');
    await press('Remove parameter login_hint');
    expect(await savedClient(worker)).toMatchObject({
      authorizationParameters: { hd: 'acme.example' },
    });
  });

  it('stay visible when the last one is removed', async () => {
    await beginClient(worker, 'google');
    await add('hd', 'acme.example');
    await press('Remove parameter hd');
    await waitFor(() => expect(within(phase()).queryAllByRole('textbox')).toEqual([]));
    expect(phase().closest('details')?.open).toBe(true);
    expect(document.activeElement).toBe(phase());
  });

  it('are refused under a name that Threelo sets itself', async () => {
    await beginClient(worker, 'google');
    await add('state', 'x');
    expect(await screen.findByText(/is set by Threelo itself/u)).toBeDefined();
    await press('Save');
    await waitFor(() => expect(document.activeElement).toBe(phase()));
    expect(sentClients(worker)).toEqual([]);
  });

  it('are not saved when one of them would be lost', async () => {
    await beginClient(worker, 'google');
    await add('hd', 'one');
    await add(' hd ', 'two');
    expect(await screen.findByText(/have the same name/u)).toBeDefined();
    await press('Save');
    await waitFor(() => expect(document.activeElement).toBe(phase()));
    expect(sentClients(worker)).toEqual([]);
  });
});

it('puts the tenant of Microsoft into both endpoints', async () => {
  await beginClient(worker, 'microsoft');
  expect(screen.getByText(/under the platform “Web”/u)).toBeDefined();
  type('Tenant', 'contoso.example');
  const base = 'https://login.microsoftonline.com/contoso.example/oauth2/v2.0';
  await waitFor(() => expect(valueOf('Token endpoint')).toBe(`${base}/token`));
  expect(await savedClient(worker)).toMatchObject({ authorizationEndpoint: `${base}/authorize` });
});

describe('the list', () => {
  it('shows the product, its base URL and the warnings', async () => {
    const plain = jira({ isHttpAllowed: true, hasSecret: false, clientAuthentication: 'none' });
    await showOptions(worker, anOverview({ clients: [plain] }), '');
    const [row] = screen.getAllByRole('listitem');
    expect(row?.textContent).toContain('Jira Data Center · https://example.com/jira · Client ID');
    expect(row?.textContent).toContain('Plain http is allowed for this client');
    expect(row?.textContent).not.toContain('The client secret is missing');
  });
});
